#include "crypto/internal/sm2_scalar.h"

#include "crypto/internal/declassify.h"
#include "crypto/internal/safegcd.h"

namespace hutong::crypto::internal {
namespace {

/// -1/n modulo 2^64, 2^512 modulo n.
constexpr std::uint64_t kMinusInverse = 0x327F9E8872350975;
constexpr Limbs kToMontgomery = {0x901192AF7C114F20, 0x3464504ADE6FA2FA, 0x620FC84C3AFFE0D4,
                                 0x1EB5E412A22B3D3B};

/// One step of Montgomery's reduction: adds the multiple m * n that clears t[at]; `top` is the carry that
/// belongs to t[at + 4] before and to t[at + 5] after. The upper half of n is 2^128 - 2^96 - 1, so that two
/// products do where four words stand: with hi lo = m * 2^32, m times that half is m * 2^128 - (hi lo) * 2^64
/// - m.
inline void montgomery_step(WideLimbs& t, std::size_t at, Carry& top) {
  const std::uint64_t m = t[at] * kMinusInverse;
  std::uint64_t high = 0;
  t[at] = multiply_add(kGroupOrder[0], m, t[at], high);
  t[at + 1] = multiply_add(kGroupOrder[1], m, t[at + 1], high);
  Carry borrow = 0;
  const std::uint64_t v0 = sub_borrow(high, m, borrow);
  const std::uint64_t v1 = sub_borrow(0, m << 32, borrow);
  const std::uint64_t v2 = sub_borrow(m, m >> 32, borrow) + top;  // at most 2^64 - 2^32: no carry
  Carry carry = 0;
  t[at + 2] = add_carry(t[at + 2], v0, carry);
  t[at + 3] = add_carry(t[at + 3], v1, carry);
  t[at + 4] = add_carry(t[at + 4], v2, carry);
  top = carry;
}

/// t / 2^256 modulo n.
inline Limbs montgomery_reduce(WideLimbs t) {
  Carry top = 0;
  montgomery_step(t, 0, top);
  montgomery_step(t, 1, top);
  montgomery_step(t, 2, top);
  montgomery_step(t, 3, top);
  return reduce_once({t[4], t[5], t[6], t[7]}, top, kGroupOrder);
}
Limbs montgomery_multiply(const Limbs& a, const Limbs& b) { return montgomery_reduce(multiply_wide(a, b)); }

}  // namespace

Scalar operator*(const Scalar& a, const Scalar& b) {
  return {montgomery_multiply(montgomery_multiply(a.limbs, kToMontgomery), b.limbs)};
}

Scalar invert(const Scalar& a) { return {invert_modulo<kGroupOrder>(a.limbs)}; }

bool is_in_order_range(const std::array<std::uint8_t, 32>& big_endian) {
  const Limbs value = limbs_from(big_endian);
  return declassify(mask_if_less(value, kGroupOrder) & ~mask_if_zero(value)) != 0;
}

}  // namespace hutong::crypto::internal
