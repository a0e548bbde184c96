// `Word` and `Vector` of 256 bits for sm4_groups.h. The including file has defined HUTONG_SM4_TARGET and
// stands within its unnamed namespace.

using Word = __m256i;

struct Vector {
  HUTONG_SM4_TARGET static Word load(const std::uint8_t* from) {
    return _mm256_loadu_si256(reinterpret_cast<const Word*>(from));
  }
  HUTONG_SM4_TARGET static void store(std::uint8_t* to, Word value) {
    _mm256_storeu_si256(reinterpret_cast<Word*>(to), value);
  }
  HUTONG_SM4_TARGET static void store_block(std::uint8_t* to, Word value) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_castsi256_si128(value));
  }
  HUTONG_SM4_TARGET static Word repeat_block(const std::uint8_t* from) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
  }
  HUTONG_SM4_TARGET static Word repeat_octet(char octet) { return _mm256_set1_epi8(octet); }
  HUTONG_SM4_TARGET static Word repeat_word(std::uint32_t word) {
    return _mm256_set1_epi32(static_cast<int>(word));
  }
  HUTONG_SM4_TARGET static Word shuffle(Word octets, Word order) {
    return _mm256_shuffle_epi8(octets, order);
  }
  template <int kOrder>
  HUTONG_SM4_TARGET static Word shuffle_words(Word words) {
    return _mm256_shuffle_epi32(words, kOrder);
  }
  template <int kBits>
  HUTONG_SM4_TARGET static Word shift_left(Word words) {
    return _mm256_slli_epi32(words, kBits);
  }
  template <int kBits>
  HUTONG_SM4_TARGET static Word shift_right(Word words) {
    return _mm256_srli_epi32(words, kBits);
  }
  HUTONG_SM4_TARGET static Word unpack_low_32(Word a, Word b) { return _mm256_unpacklo_epi32(a, b); }
  HUTONG_SM4_TARGET static Word unpack_high_32(Word a, Word b) { return _mm256_unpackhi_epi32(a, b); }
  HUTONG_SM4_TARGET static Word unpack_low_64(Word a, Word b) { return _mm256_unpacklo_epi64(a, b); }
  HUTONG_SM4_TARGET static Word unpack_high_64(Word a, Word b) { return _mm256_unpackhi_epi64(a, b); }
};
