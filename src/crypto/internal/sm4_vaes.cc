#include <immintrin.h>

#include <array>
#include <cstring>

#include "crypto/internal/sm4_field.h"
#include "crypto/internal/sm4_kernel.h"

namespace hutong::crypto::internal {
namespace {

#define HUTONG_SM4_TARGET [[gnu::target("avx2,vaes,aes")]]

#include "crypto/internal/sm4_vector_256.h"

HUTONG_SM4_TARGET inline Word aes_last_round(Word x, Word key) { return _mm256_aesenclast_epi128(x, key); }
constexpr std::size_t kGroupsAtOnce = 4;

#include "crypto/internal/sm4_aes_sbox.h"
#include "crypto/internal/sm4_groups.h"

#undef HUTONG_SM4_TARGET

/// What does not fill a group of eight blocks is faster on narrow vectors.
void encrypt(const std::uint8_t* round_keys, const std::uint8_t* in, std::uint8_t* out, std::size_t blocks) {
  const std::size_t done = encrypt_whole_groups(round_keys, in, out, blocks);
  kSm4AesNi.encrypt(round_keys, in + 16 * done, out + 16 * done, blocks - done);
}

void expand_key(const std::uint8_t* key, std::uint8_t* round_keys) { kSm4AesNi.expand_key(key, round_keys); }

void encrypt_chain(const std::uint8_t* round_keys, std::uint8_t* chain, const std::uint8_t* in,
                   std::uint8_t* out, std::size_t blocks) {
  kSm4AesNi.encrypt_chain(round_keys, chain, in, out, blocks);
}

}  // namespace

const Sm4Kernel kSm4Vaes = {"vaes", expand_key, encrypt, encrypt_chain};

}  // namespace hutong::crypto::internal
