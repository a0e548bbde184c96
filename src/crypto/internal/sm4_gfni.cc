#include <immintrin.h>

#include <array>
#include <bit>
#include <cstring>

#include "crypto/internal/sm4_field.h"
#include "crypto/internal/sm4_kernel.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {
namespace {

/// Row i of an 8x8 matrix over GF(2) as GF2P8AFFINEQB takes it (octet 7 - i), and what is added.
struct Affine {
  std::uint64_t matrix;
  std::uint8_t constant;
};
template <typename Function>
constexpr Affine make_affine(Function function) {
  Affine out{0, function(0)};
  for (unsigned column = 0; column < 8; ++column) {
    const auto image =
        static_cast<std::uint8_t>(function(static_cast<std::uint8_t>(1U << column)) ^ out.constant);
    for (unsigned row = 0; row < 8; ++row) {
      out.matrix |= std::uint64_t{static_cast<unsigned>(image) >> row & 1U} << (8 * (7 - row) + column);
    }
  }
  return out;
}
/// What follows the inversion in the S-box of AES, and then the sum that kSm4P and kSm4Q want.
constexpr std::uint8_t after_inversion(std::uint8_t x) {
  return static_cast<std::uint8_t>(x ^ std::rotl(x, 1) ^ std::rotl(x, 2) ^ std::rotl(x, 3) ^ std::rotl(x, 4) ^
                                   0x63 ^ kSm4LeaveZero);
}
constexpr Affine kToField = make_affine(kSm4ToField);
constexpr Affine kFromField = make_affine(kSm4FromField);
constexpr Affine kP = make_affine([](std::uint8_t x) { return kSm4P(after_inversion(x)); });
constexpr Affine kQ = make_affine([](std::uint8_t x) { return kSm4Q(after_inversion(x)); });

#define HUTONG_SM4_TARGET [[gnu::target("avx2,gfni")]]

#include "crypto/internal/sm4_vector_256.h"

HUTONG_SM4_TARGET inline Word repeat(std::uint64_t matrix) {
  return _mm256_set1_epi64x(static_cast<long long>(matrix));
}
HUTONG_SM4_TARGET inline Word to_field(Word x) {
  return _mm256_gf2p8affine_epi64_epi8(x, repeat(kToField.matrix), kToField.constant);
}
HUTONG_SM4_TARGET inline Word from_field(Word x) {
  return _mm256_gf2p8affine_epi64_epi8(x, repeat(kFromField.matrix), kFromField.constant);
}

/// P and Q of sm4_field.h.
struct Images {
  Word p;
  Word q;
};
HUTONG_SM4_TARGET inline Images substitute(Word x) {
  return {_mm256_gf2p8affineinv_epi64_epi8(x, repeat(kP.matrix), kP.constant),
          _mm256_gf2p8affineinv_epi64_epi8(x, repeat(kQ.matrix), kQ.constant)};
}
HUTONG_SM4_TARGET inline Images substitute_spread(Word x) { return substitute(x); }

constexpr Pattern kStraight = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
constexpr std::size_t kGroupsAtOnce = 4;

#include "crypto/internal/sm4_chain.h"

#undef HUTONG_SM4_TARGET

void expand_key(const std::uint8_t* key, std::uint8_t* round_keys) { kSm4AesNi.expand_key(key, round_keys); }

}  // namespace

const Sm4Kernel kSm4Gfni = {"gfni", expand_key, encrypt, encrypt_chain};

}  // namespace hutong::crypto::internal
