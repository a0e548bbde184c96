#include <immintrin.h>

#include <array>
#include <cstring>

#include "crypto/internal/sm4_kernel.h"
#include "crypto/internal/sm4_key_schedule.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {
namespace {

#define HUTONG_SM4_TARGET [[gnu::target("aes,ssse3")]]

using Word = __m128i;

struct Vector {
  HUTONG_SM4_TARGET static Word load(const std::uint8_t* from) {
    return _mm_loadu_si128(reinterpret_cast<const Word*>(from));
  }
  HUTONG_SM4_TARGET static void store(std::uint8_t* to, Word value) {
    _mm_storeu_si128(reinterpret_cast<Word*>(to), value);
  }
  HUTONG_SM4_TARGET static Word repeat(const std::array<std::uint8_t, 16>& octets) {
    return load(octets.data());
  }
  HUTONG_SM4_TARGET static Word repeat_octet(char octet) { return _mm_set1_epi8(octet); }
  HUTONG_SM4_TARGET static Word repeat_word(std::uint32_t word) {
    return _mm_set1_epi32(static_cast<int>(word));
  }
  HUTONG_SM4_TARGET static Word shuffle(Word octets, Word order) { return _mm_shuffle_epi8(octets, order); }
  template <int kBits>
  HUTONG_SM4_TARGET static Word shift_left(Word words) {
    return _mm_slli_epi32(words, kBits);
  }
  template <int kBits>
  HUTONG_SM4_TARGET static Word shift_right(Word words) {
    return _mm_srli_epi32(words, kBits);
  }
  HUTONG_SM4_TARGET static Word aes_last_round(Word x) {
    return _mm_aesenclast_si128(x, _mm_setzero_si128());
  }
  HUTONG_SM4_TARGET static Word unpack_low_32(Word a, Word b) { return _mm_unpacklo_epi32(a, b); }
  HUTONG_SM4_TARGET static Word unpack_high_32(Word a, Word b) { return _mm_unpackhi_epi32(a, b); }
  HUTONG_SM4_TARGET static Word unpack_low_64(Word a, Word b) { return _mm_unpacklo_epi64(a, b); }
  HUTONG_SM4_TARGET static Word unpack_high_64(Word a, Word b) { return _mm_unpackhi_epi64(a, b); }
};

#include "crypto/internal/sm4_aes_groups.h"

void encrypt(const std::uint8_t* round_keys, const std::uint8_t* in, std::uint8_t* out, std::size_t blocks) {
  const std::size_t done = encrypt_whole_groups(round_keys, in, out, blocks);
  if (const std::size_t left = blocks - done; left != 0) {
    std::array<std::uint8_t, 16 * kGroupBlocks> rest{};
    const WipeAtExit wipe_rest(rest);
    std::memcpy(rest.data(), in + 16 * done, 16 * left);
    encrypt_groups<1>(round_keys, rest.data(), rest.data());
    std::memcpy(out + 16 * done, rest.data(), 16 * left);
  }
}

HUTONG_SM4_TARGET std::uint32_t substitute_word(std::uint32_t word) {
  const Word shifted = substitute_shifted(_mm_cvtsi32_si128(static_cast<int>(word)));
  return static_cast<std::uint32_t>(
      _mm_cvtsi128_si32(Vector::shuffle(shifted, Vector::repeat(kUndoShiftRows))));
}

#undef HUTONG_SM4_TARGET

void expand_key(const std::uint8_t* key, std::uint8_t* round_keys) {
  expand_sm4_key(key, round_keys, substitute_word);
}

}  // namespace

const Sm4Kernel kSm4AesNi = {"aesni", expand_key, encrypt};

}  // namespace hutong::crypto::internal
