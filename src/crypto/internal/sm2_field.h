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

/// One step of the reduction: adds to the words a0 (lowest) to a3 the multiple of p that clears a0, and
/// leaves the new highest word in a0. As p = -1 modulo 2^64 that multiple is m = a0 itself, and m * p needs
/// shifts only: m * 2^256 - m * 2^224 - m * 2^96 + m * 2^64 - m.
inline void montgomery_step(std::uint64_t& a0, std::uint64_t& a1, std::uint64_t& a2, std::uint64_t& a3) {
  const std::uint64_t m = a0;
  const std::uint64_t low = m << 32;
  const std::uint64_t high = m >> 32;
  Carry borrow = 0;
  const std::uint64_t v0 = sub_borrow(m, low, borrow);
  const std::uint64_t v1 = sub_borrow(0, high, borrow);
  const std::uint64_t v2 = sub_borrow(0, low, borrow);
  const std::uint64_t v3 = sub_borrow(m, high, borrow);
  Carry carry = 0;
  a1 = add_carry(a1, v0, carry);
  a2 = add_carry(a2, v1, carry);
  a3 = add_carry(a3, v2, carry);
  a0 = add_carry(v3, 0, carry);
}

/// t / 2^256 modulo p: the low half is reduced, which leaves at most p, and the high half is added.
inline FieldElement montgomery_reduce(const WideLimbs& t) {
  Limbs low = {t[0], t[1], t[2], t[3]};
  montgomery_step(low[0], low[1], low[2], low[3]);
  montgomery_step(low[1], low[2], low[3], low[0]);
  montgomery_step(low[2], low[3], low[0], low[1]);
  montgomery_step(low[3], low[0], low[1], low[2]);
  Limbs sum;
  const Carry carry = add(sum, low, {t[4], t[5], t[6], t[7]});
  return {reduce_once(sum, carry, kFieldPrime)};
}

inline FieldElement operator*(const FieldElement& a, const FieldElement& b) {
  return montgomery_reduce(multiply_wide(a.limbs, b.limbs));
}
inline FieldElement square(const FieldElement& a) { return montgomery_reduce(square_wide(a.limbs)); }
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
