#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "crypto/internal/endian.h"
#include "crypto/internal/words.h"

namespace hutong::crypto::internal {

/// 256-bit unsigned integers as four 64-bit words, least significant first. Everything here runs in constant
/// time: no branch and no index depends on a value.
using Limbs = std::array<std::uint64_t, 4>;
using WideLimbs = std::array<std::uint64_t, 8>;

/// All ones or all zeros; the compiler must not see which, or it might branch.
using Mask = std::uint64_t;
inline Mask hide(Mask mask) {
  __asm__("" : "+r"(mask));
  return mask;
}
/// All ones when the bit is 1.
inline Mask mask_from_bit(std::uint64_t bit) { return hide(0 - bit); }
inline Mask mask_if_zero(std::uint64_t word) { return mask_from_bit(1 ^ ((word | (0 - word)) >> 63)); }
inline Mask mask_if_equal(std::uint64_t a, std::uint64_t b) { return mask_if_zero(a ^ b); }

/// As words.h says.
inline std::uint64_t add_carry(std::uint64_t a, std::uint64_t b, Carry& carry) {
  return NativeWords::add_carry(a, b, carry);
}
inline std::uint64_t sub_borrow(std::uint64_t a, std::uint64_t b, Carry& borrow) {
  return NativeWords::sub_borrow(a, b, borrow);
}
inline std::uint64_t multiply_add(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t& d) {
  return NativeWords::multiply_add(a, b, c, d);
}

// The four words are spelled out from here on: g++ does not unroll such loops at -O2.

inline Carry add(Limbs& out, const Limbs& a, const Limbs& b) {
  Carry carry = 0;
  out[0] = add_carry(a[0], b[0], carry);
  out[1] = add_carry(a[1], b[1], carry);
  out[2] = add_carry(a[2], b[2], carry);
  out[3] = add_carry(a[3], b[3], carry);
  return carry;
}
inline Carry subtract(Limbs& out, const Limbs& a, const Limbs& b) {
  Carry borrow = 0;
  out[0] = sub_borrow(a[0], b[0], borrow);
  out[1] = sub_borrow(a[1], b[1], borrow);
  out[2] = sub_borrow(a[2], b[2], borrow);
  out[3] = sub_borrow(a[3], b[3], borrow);
  return borrow;
}
inline Limbs select(Mask mask, const Limbs& if_set, const Limbs& if_clear) {
  return {(if_set[0] & mask) | (if_clear[0] & ~mask), (if_set[1] & mask) | (if_clear[1] & ~mask),
          (if_set[2] & mask) | (if_clear[2] & ~mask), (if_set[3] & mask) | (if_clear[3] & ~mask)};
}
inline Mask mask_if_zero(const Limbs& a) { return mask_if_zero(a[0] | a[1] | a[2] | a[3]); }
inline Mask mask_if_less(const Limbs& a, const Limbs& b) {
  Limbs ignored;
  return mask_from_bit(subtract(ignored, a, b));
}

/// value + carry * 2^256, known to be below twice the modulus, reduced.
inline Limbs reduce_once(const Limbs& value, Carry carry, const Limbs& modulus) {
  Limbs reduced;
  Carry borrow = subtract(reduced, value, modulus);
  static_cast<void>(sub_borrow(carry, 0, borrow));
  return select(mask_from_bit(borrow), value, reduced);
}
inline Limbs add_modulo(const Limbs& a, const Limbs& b, const Limbs& modulus) {
  Limbs sum;
  const Carry carry = add(sum, a, b);
  return reduce_once(sum, carry, modulus);
}
inline Limbs subtract_modulo(const Limbs& a, const Limbs& b, const Limbs& modulus) {
  Limbs difference;
  const Mask below = mask_from_bit(subtract(difference, a, b));
  const Limbs correction = {modulus[0] & below, modulus[1] & below, modulus[2] & below, modulus[3] & below};
  static_cast<void>(add(difference, difference, correction));
  return difference;
}

inline Limbs limbs_from(const std::array<std::uint8_t, 32>& big_endian) {
  return {load_be64(big_endian.data() + 24), load_be64(big_endian.data() + 16),
          load_be64(big_endian.data() + 8), load_be64(big_endian.data())};
}
inline std::array<std::uint8_t, 32> octets_from(const Limbs& limbs) {
  std::array<std::uint8_t, 32> out;
  for (std::size_t i = 0; i < 4; ++i) {
    store_be64(out.data() + 24 - 8 * i, limbs[i]);
  }
  return out;
}

/// Adds a * word to the five words from t[at] on; the fifth is new.
inline void multiply_add_row(WideLimbs& t, std::size_t at, const Limbs& a, std::uint64_t word) {
  std::uint64_t high = 0;
  t[at] = multiply_add(a[0], word, t[at], high);
  t[at + 1] = multiply_add(a[1], word, t[at + 1], high);
  t[at + 2] = multiply_add(a[2], word, t[at + 2], high);
  t[at + 3] = multiply_add(a[3], word, t[at + 3], high);
  t[at + 4] = high;
}
inline WideLimbs multiply_wide(const Limbs& a, const Limbs& b) {
  WideLimbs t{};
  multiply_add_row(t, 0, a, b[0]);
  multiply_add_row(t, 1, a, b[1]);
  multiply_add_row(t, 2, a, b[2]);
  multiply_add_row(t, 3, a, b[3]);
  return t;
}
/// a * a: each product of two different words once, doubled, and the squares of the words added.
inline WideLimbs square_wide(const Limbs& a) {
  WideLimbs t{};
  std::uint64_t high = 0;
  t[1] = multiply_add(a[0], a[1], 0, high);
  t[2] = multiply_add(a[0], a[2], 0, high);
  t[3] = multiply_add(a[0], a[3], 0, high);
  t[4] = high;
  high = 0;
  t[3] = multiply_add(a[1], a[2], t[3], high);
  t[4] = multiply_add(a[1], a[3], t[4], high);
  t[5] = high;
  high = 0;
  t[5] = multiply_add(a[2], a[3], t[5], high);
  t[6] = high;
  t[7] = t[6] >> 63;
  t[6] = t[6] << 1 | t[5] >> 63;
  t[5] = t[5] << 1 | t[4] >> 63;
  t[4] = t[4] << 1 | t[3] >> 63;
  t[3] = t[3] << 1 | t[2] >> 63;
  t[2] = t[2] << 1 | t[1] >> 63;
  t[1] = t[1] << 1;
  Carry carry = 0;
  std::uint64_t square_high = 0;
  t[0] = multiply_add(a[0], a[0], 0, square_high);
  t[1] = add_carry(t[1], square_high, carry);
  square_high = 0;
  t[2] = add_carry(t[2], multiply_add(a[1], a[1], 0, square_high), carry);
  t[3] = add_carry(t[3], square_high, carry);
  square_high = 0;
  t[4] = add_carry(t[4], multiply_add(a[2], a[2], 0, square_high), carry);
  t[5] = add_carry(t[5], square_high, carry);
  square_high = 0;
  t[6] = add_carry(t[6], multiply_add(a[3], a[3], 0, square_high), carry);
  t[7] = add_carry(t[7], square_high, carry);
  return t;
}

}  // namespace hutong::crypto::internal
