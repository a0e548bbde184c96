#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "crypto/internal/endian.h"

namespace hutong::crypto::internal {

/// 256-bit unsigned integers as four 64-bit words, least significant first. Everything here runs in constant
/// time: no branch and no index depends on a value.
using Limbs = std::array<std::uint64_t, 4>;
using WideLimbs = std::array<std::uint64_t, 8>;
__extension__ typedef unsigned __int128 DoubleWord;

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

inline std::uint64_t add_carry(std::uint64_t a, std::uint64_t b, std::uint64_t& carry) {
  const DoubleWord sum = DoubleWord{a} + b + carry;
  carry = static_cast<std::uint64_t>(sum >> 64);
  return static_cast<std::uint64_t>(sum);
}
inline std::uint64_t sub_borrow(std::uint64_t a, std::uint64_t b, std::uint64_t& borrow) {
  const DoubleWord difference = DoubleWord{a} - b - borrow;
  borrow = static_cast<std::uint64_t>(difference >> 64) & 1;
  return static_cast<std::uint64_t>(difference);
}
/// a * b + c + d; cannot overflow two words. Returns the low word, leaves the high one in `d`.
inline std::uint64_t multiply_add(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t& d) {
  const DoubleWord product = DoubleWord{a} * b + c + d;
  d = static_cast<std::uint64_t>(product >> 64);
  return static_cast<std::uint64_t>(product);
}

inline std::uint64_t add(Limbs& out, const Limbs& a, const Limbs& b) {
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    out[i] = add_carry(a[i], b[i], carry);
  }
  return carry;
}
inline std::uint64_t subtract(Limbs& out, const Limbs& a, const Limbs& b) {
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    out[i] = sub_borrow(a[i], b[i], borrow);
  }
  return borrow;
}
inline Limbs select(Mask mask, const Limbs& if_set, const Limbs& if_clear) {
  Limbs out;
  for (std::size_t i = 0; i < 4; ++i) {
    out[i] = (if_set[i] & mask) | (if_clear[i] & ~mask);
  }
  return out;
}
inline Mask mask_if_zero(const Limbs& a) { return mask_if_zero(a[0] | a[1] | a[2] | a[3]); }
inline Mask mask_if_less(const Limbs& a, const Limbs& b) {
  Limbs ignored;
  return mask_from_bit(subtract(ignored, a, b));
}

/// value + carry * 2^256, known to be below twice the modulus, reduced.
inline Limbs reduce_once(const Limbs& value, std::uint64_t carry, const Limbs& modulus) {
  Limbs reduced;
  const std::uint64_t borrow = subtract(reduced, value, modulus);
  return select(mask_from_bit(borrow & (carry ^ 1)), value, reduced);
}
inline Limbs add_modulo(const Limbs& a, const Limbs& b, const Limbs& modulus) {
  Limbs sum;
  const std::uint64_t carry = add(sum, a, b);
  return reduce_once(sum, carry, modulus);
}
inline Limbs subtract_modulo(const Limbs& a, const Limbs& b, const Limbs& modulus) {
  Limbs difference;
  const Mask below = mask_from_bit(subtract(difference, a, b));
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    difference[i] = add_carry(difference[i], modulus[i] & below, carry);
  }
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

inline WideLimbs multiply_wide(const Limbs& a, const Limbs& b) {
  WideLimbs out{};
  for (std::size_t i = 0; i < 4; ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      out[i + j] = multiply_add(a[j], b[i], out[i + j], carry);
    }
    out[i + 4] = carry;
  }
  return out;
}

}  // namespace hutong::crypto::internal
