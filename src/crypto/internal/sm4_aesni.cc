#include <immintrin.h>

#include <array>
#include <cstring>

#include "crypto/internal/sm4_field.h"
#include "crypto/internal/sm4_kernel.h"
#include "crypto/internal/sm4_key_schedule.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {
namespace {

#define HUTONG_SM4_TARGET [[gnu::target("aes,ssse3")]]

#include "crypto/internal/sm4_vector_128.h"

HUTONG_SM4_TARGET inline Word aes_last_round(Word x, Word key) { return _mm_aesenclast_si128(x, key); }
constexpr std::size_t kGroupsAtOnce = 4;

#include "crypto/internal/sm4_aes_sbox.h"
#include "crypto/internal/sm4_chain.h"

/// The S-box of SM4 itself, for the key schedule.
HUTONG_SM4_TARGET std::uint32_t substitute_word(std::uint32_t word) {
  const Word entered = apply(kSm4Enter, _mm_cvtsi32_si128(static_cast<int>(word)));
  const Word left = apply(kSm4Leave, aes_last_round(entered, _mm_setzero_si128()));
  return static_cast<std::uint32_t>(_mm_cvtsi128_si32(in_order(left, kStraight)));
}

/// The round keys enter the field with the constant of the S-box.
HUTONG_SM4_TARGET void enter_field(std::uint8_t* round_keys) {
  for (std::size_t i = 0; i < kSm4RoundKeysSize; i += sizeof(Word)) {
    Vector::store(round_keys + i, apply(kSm4Enter, Vector::load(round_keys + i)));
  }
}

#undef HUTONG_SM4_TARGET

void expand_key(const std::uint8_t* key, std::uint8_t* round_keys) {
  expand_sm4_key(key, round_keys, substitute_word);
  enter_field(round_keys);
}

}  // namespace

const Sm4Kernel kSm4AesNi = {"aesni", expand_key, encrypt, encrypt_chain};

}  // namespace hutong::crypto::internal
