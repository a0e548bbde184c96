#include "crypto/internal/sm2_scalar.h"

#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {
namespace {

/// -1/n modulo 2^64, 2^256 modulo n, 2^512 modulo n.
constexpr std::uint64_t kMinusInverse = 0x327F9E8872350975;
constexpr Limbs kMontgomeryOne = {0xAC440BF6C62ABEDD, 0x8DFC2094DE39FAD4, 0x0000000000000000,
                                  0x0000000100000000};
constexpr Limbs kToMontgomery = {0x901192AF7C114F20, 0x3464504ADE6FA2FA, 0x620FC84C3AFFE0D4,
                                 0x1EB5E412A22B3D3B};
constexpr Limbs kOrderMinusTwo = {kGroupOrder[0] - 2, kGroupOrder[1], kGroupOrder[2], kGroupOrder[3]};

/// a * b / 2^256 modulo n.
Limbs montgomery_multiply(const Limbs& a, const Limbs& b) {
  WideLimbs t = multiply_wide(a, b);
  Carry top = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint64_t upper = t[i + 4];
    multiply_add_row(t, i, kGroupOrder, t[i] * kMinusInverse);
    t[i + 4] = add_carry(t[i + 4], upper, top);
  }
  return reduce_once({t[4], t[5], t[6], t[7]}, top, kGroupOrder);
}

}  // namespace

Scalar operator*(const Scalar& a, const Scalar& b) {
  return {montgomery_multiply(montgomery_multiply(a.limbs, kToMontgomery), b.limbs)};
}

/// Fermat: a^(n-2) by windows of four bits of the public exponent.
Scalar invert(const Scalar& a) {
  std::array<Limbs, 16> powers;
  const WipeAtExit wipe_powers(powers);
  powers[0] = kMontgomeryOne;
  powers[1] = montgomery_multiply(a.limbs, kToMontgomery);
  for (std::size_t i = 2; i < powers.size(); ++i) {
    powers[i] = montgomery_multiply(powers[i - 1], powers[1]);
  }
  Limbs result = kMontgomeryOne;
  for (std::size_t window = 64; window-- > 0;) {
    for (int i = 0; i < 4; ++i) {
      result = montgomery_multiply(result, result);
    }
    result = montgomery_multiply(result, powers[kOrderMinusTwo[window / 16] >> (window % 16 * 4) & 15]);
  }
  return {montgomery_multiply(result, {1, 0, 0, 0})};
}

bool is_in_order_range(const std::array<std::uint8_t, 32>& big_endian) {
  const Limbs value = limbs_from(big_endian);
  return (mask_if_less(value, kGroupOrder) & ~mask_if_zero(value)) != 0;
}

}  // namespace hutong::crypto::internal
