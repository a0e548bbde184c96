#include <immintrin.h>

#include <array>
#include <cstring>

#include "crypto/internal/sm4_kernel.h"

namespace hutong::crypto::internal {
namespace {

#define HUTONG_SM4_TARGET [[gnu::target("avx2,vaes,aes")]]

using Word = __m256i;

struct Vector {
  HUTONG_SM4_TARGET static Word load(const std::uint8_t* from) {
    return _mm256_loadu_si256(reinterpret_cast<const Word*>(from));
  }
  HUTONG_SM4_TARGET static void store(std::uint8_t* to, Word value) {
    _mm256_storeu_si256(reinterpret_cast<Word*>(to), value);
  }
  HUTONG_SM4_TARGET static Word repeat(const std::array<std::uint8_t, 16>& octets) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(octets.data())));
  }
  HUTONG_SM4_TARGET static Word repeat_octet(char octet) { return _mm256_set1_epi8(octet); }
  HUTONG_SM4_TARGET static Word repeat_word(std::uint32_t word) {
    return _mm256_set1_epi32(static_cast<int>(word));
  }
  HUTONG_SM4_TARGET static Word shuffle(Word octets, Word order) {
    return _mm256_shuffle_epi8(octets, order);
  }
  template <int kBits>
  HUTONG_SM4_TARGET static Word shift_left(Word words) {
    return _mm256_slli_epi32(words, kBits);
  }
  template <int kBits>
  HUTONG_SM4_TARGET static Word shift_right(Word words) {
    return _mm256_srli_epi32(words, kBits);
  }
  HUTONG_SM4_TARGET static Word aes_last_round(Word x) {
    return _mm256_aesenclast_epi128(x, _mm256_setzero_si256());
  }
  HUTONG_SM4_TARGET static Word unpack_low_32(Word a, Word b) { return _mm256_unpacklo_epi32(a, b); }
  HUTONG_SM4_TARGET static Word unpack_high_32(Word a, Word b) { return _mm256_unpackhi_epi32(a, b); }
  HUTONG_SM4_TARGET static Word unpack_low_64(Word a, Word b) { return _mm256_unpacklo_epi64(a, b); }
  HUTONG_SM4_TARGET static Word unpack_high_64(Word a, Word b) { return _mm256_unpackhi_epi64(a, b); }
};

#include "crypto/internal/sm4_aes_groups.h"

#undef HUTONG_SM4_TARGET

/// What does not fill a group of eight blocks is faster on narrow vectors.
void encrypt(const std::uint8_t* round_keys, const std::uint8_t* in, std::uint8_t* out, std::size_t blocks) {
  const std::size_t done = encrypt_whole_groups(round_keys, in, out, blocks);
  kSm4AesNi.encrypt(round_keys, in + 16 * done, out + 16 * done, blocks - done);
}

void expand_key(const std::uint8_t* key, std::uint8_t* round_keys) { kSm4AesNi.expand_key(key, round_keys); }

}  // namespace

const Sm4Kernel kSm4Vaes = {"vaes", expand_key, encrypt};

}  // namespace hutong::crypto::internal
