#pragma once

#include "crypto/internal/limbs.h"

namespace hutong::crypto::internal {

/// p of sm2p256v1 = 2^256 - 2^224 - 2^96 + 2^64 - 1 (GB/T 32918.5 clause 2).
inline constexpr Limbs kFieldPrime = {0xFFFFFFFFFFFFFFFF, 0xFFFFFFFF00000000, 0xFFFFFFFFFFFFFFFF,
                                      0xFFFFFFFEFFFFFFFF};

/// An integer modulo p in Montgomery form (times 2^256), always fully reduced. Constant-time throughout.
struct FieldElement {
  Limbs limbs{};

  friend FieldElement operator+(const FieldElement& a, const FieldElement& b) {
    return {add_modulo(a.limbs, b.limbs, kFieldPrime)};
  }
  friend FieldElement operator-(const FieldElement& a, const FieldElement& b) {
    return {subtract_modulo(a.limbs, b.limbs, kFieldPrime)};
  }
  friend FieldElement operator*(const FieldElement& a, const FieldElement& b);
  friend bool operator==(const FieldElement&, const FieldElement&) = default;  // for public values only
};

/// t / 2^256 modulo p. As p = -1 modulo 2^64, the multiple of p that clears the lowest word m is m itself,
/// and m * p needs shifts only: m * 2^256 - m * 2^224 - m * 2^96 + m * 2^64 - m.
inline FieldElement montgomery_reduce(WideLimbs t) {
  std::uint64_t top = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint64_t m = t[i];
    const std::uint64_t low = m << 32;
    const std::uint64_t high = m >> 32;
    std::uint64_t borrow = 0;
    const std::uint64_t v0 = sub_borrow(m, low, borrow);
    const std::uint64_t v1 = sub_borrow(0, high, borrow);
    const std::uint64_t v2 = sub_borrow(0, low, borrow);
    const std::uint64_t v3 = m - high - borrow;
    std::uint64_t carry = 0;
    t[i + 1] = add_carry(t[i + 1], v0, carry);
    t[i + 2] = add_carry(t[i + 2], v1, carry);
    t[i + 3] = add_carry(t[i + 3], v2, carry);
    const DoubleWord sum = DoubleWord{t[i + 4]} + v3 + carry + top;
    t[i + 4] = static_cast<std::uint64_t>(sum);
    top = static_cast<std::uint64_t>(sum >> 64);
  }
  return {reduce_once({t[4], t[5], t[6], t[7]}, top, kFieldPrime)};
}

inline FieldElement operator*(const FieldElement& a, const FieldElement& b) {
  return montgomery_reduce(multiply_wide(a.limbs, b.limbs));
}
inline FieldElement square(const FieldElement& a) { return a * a; }
inline FieldElement twice(const FieldElement& a) { return a + a; }
inline FieldElement negate(const FieldElement& a) { return FieldElement{} - a; }
inline FieldElement select(Mask mask, const FieldElement& if_set, const FieldElement& if_clear) {
  return {select(mask, if_set.limbs, if_clear.limbs)};
}

/// 2^256 and 2^512 modulo p.
inline constexpr FieldElement kFieldOne = {
    {0x0000000000000001, 0x00000000FFFFFFFF, 0x0000000000000000, 0x0000000100000000}};
inline constexpr FieldElement kFieldToMontgomery = {
    {0x0000000200000003, 0x00000002FFFFFFFF, 0x0000000100000001, 0x0000000400000002}};

/// `value` must be below p.
inline FieldElement to_field(const Limbs& value) { return FieldElement{value} * kFieldToMontgomery; }
inline Limbs from_field(const FieldElement& a) {
  return montgomery_reduce({a.limbs[0], a.limbs[1], a.limbs[2], a.limbs[3], 0, 0, 0, 0}).limbs;
}

/// 1/a, and 0 for 0.
FieldElement invert(const FieldElement& a);

}  // namespace hutong::crypto::internal
