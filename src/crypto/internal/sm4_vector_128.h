// `Word` and `Vector` of 128 bits for sm4_groups.h. The including file has defined HUTONG_SM4_TARGET and
// stands within its unnamed namespace.

using Word = __m128i;

struct Vector {
  HUTONG_SM4_TARGET static Word load(const std::uint8_t* from) {
    return _mm_loadu_si128(reinterpret_cast<const Word*>(from));
  }
  HUTONG_SM4_TARGET static void store(std::uint8_t* to, Word value) {
    _mm_storeu_si128(reinterpret_cast<Word*>(to), value);
  }
  HUTONG_SM4_TARGET static void store_block(std::uint8_t* to, Word value) { store(to, value); }
  HUTONG_SM4_TARGET static Word repeat_block(const std::uint8_t* from) { return load(from); }
  HUTONG_SM4_TARGET static Word repeat_octet(char octet) { return _mm_set1_epi8(octet); }
  HUTONG_SM4_TARGET static Word repeat_word(std::uint32_t word) {
    return _mm_set1_epi32(static_cast<int>(word));
  }
  HUTONG_SM4_TARGET static Word shuffle(Word octets, Word order) { return _mm_shuffle_epi8(octets, order); }
  template <int kOrder>
  HUTONG_SM4_TARGET static Word shuffle_words(Word words) {
    return _mm_shuffle_epi32(words, kOrder);
  }
  template <int kBits>
  HUTONG_SM4_TARGET static Word shift_left(Word words) {
    return _mm_slli_epi32(words, kBits);
  }
  template <int kBits>
  HUTONG_SM4_TARGET static Word shift_right(Word words) {
    return _mm_srli_epi32(words, kBits);
  }
  HUTONG_SM4_TARGET static Word unpack_low_32(Word a, Word b) { return _mm_unpacklo_epi32(a, b); }
  HUTONG_SM4_TARGET static Word unpack_high_32(Word a, Word b) { return _mm_unpackhi_epi32(a, b); }
  HUTONG_SM4_TARGET static Word unpack_low_64(Word a, Word b) { return _mm_unpacklo_epi64(a, b); }
  HUTONG_SM4_TARGET static Word unpack_high_64(Word a, Word b) { return _mm_unpackhi_epi64(a, b); }
};
