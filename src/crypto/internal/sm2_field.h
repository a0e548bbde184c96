#pragma once

#include <bit>
#include <span>

#include "crypto/internal/limbs.h"
#include "crypto/internal/safegcd.h"

namespace hutong::crypto::internal {

/// p of sm2p256v1 = 2^256 - 2^224 - 2^96 + 2^64 - 1 (GB/T 32918.5 clause 2).
inline constexpr Limbs kFieldPrime = {0xFFFFFFFFFFFFFFFF, 0xFFFFFFFF00000000, 0xFFFFFFFFFFFFFFFF,
                                      0xFFFFFFFEFFFFFFFF};

/// An integer modulo p in Montgomery form (times 2^256), always fully reduced. `Arithmetic` computes with the
/// limbs, in constant time: add, subtract, multiply (which divides by 2^256) and square. They go in line: as
/// calls they would pass their results through memory in pieces that a processor cannot forward.
template <typename Arithmetic>
struct Element {
  Limbs limbs{};

  /// 2^256 modulo p.
  static constexpr Element one() {
    return {{0x0000000000000001, 0x00000000FFFFFFFF, 0x0000000000000000, 0x0000000100000000}};
  }

  [[gnu::always_inline]] friend Element operator+(const Element& a, const Element& b) {
    return {Arithmetic::add(a.limbs, b.limbs)};
  }
  [[gnu::always_inline]] friend Element operator-(const Element& a, const Element& b) {
    return {Arithmetic::subtract(a.limbs, b.limbs)};
  }
  [[gnu::always_inline]] friend Element operator*(const Element& a, const Element& b) {
    return {Arithmetic::multiply(a.limbs, b.limbs)};
  }
  friend bool operator==(const Element&, const Element&) = default;  // for public values only
};

template <typename Arithmetic>
[[gnu::always_inline]] inline Element<Arithmetic> square(const Element<Arithmetic>& a) {
  return {Arithmetic::square(a.limbs)};
}
template <typename Arithmetic>
Element<Arithmetic> twice(const Element<Arithmetic>& a) {
  return a + a;
}
/// a / 2: an odd number is made even by adding p.
template <typename Arithmetic>
Element<Arithmetic> half(const Element<Arithmetic>& a) {
  const Mask odd = mask_from_bit(a.limbs[0] & 1);
  Limbs even;
  const std::uint64_t carry =
      add(even, a.limbs,
          {kFieldPrime[0] & odd, kFieldPrime[1] & odd, kFieldPrime[2] & odd, kFieldPrime[3] & odd});
  return {{even[0] >> 1 | even[1] << 63, even[1] >> 1 | even[2] << 63, even[2] >> 1 | even[3] << 63,
           even[3] >> 1 | carry << 63}};
}
template <typename Arithmetic>
Element<Arithmetic> negate(const Element<Arithmetic>& a) {
  return Element<Arithmetic>{} - a;
}
template <typename Arithmetic>
Element<Arithmetic> select(Mask mask, const Element<Arithmetic>& if_set,
                           const Element<Arithmetic>& if_clear) {
  return {select(mask, if_set.limbs, if_clear.limbs)};
}
template <typename Arithmetic>
Mask mask_if_zero(const Element<Arithmetic>& a) {
  return mask_if_zero(a.limbs);
}

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
inline Limbs montgomery_reduce(const WideLimbs& t) {
  Limbs low = {t[0], t[1], t[2], t[3]};
  montgomery_step(low[0], low[1], low[2], low[3]);
  montgomery_step(low[1], low[2], low[3], low[0]);
  montgomery_step(low[2], low[3], low[0], low[1]);
  montgomery_step(low[3], low[0], low[1], low[2]);
  Limbs sum;
  const Carry carry = add(sum, low, {t[4], t[5], t[6], t[7]});
  return reduce_once(sum, carry, kFieldPrime);
}

/// The arithmetic in C++ alone.
struct PortableArithmetic {
  static Limbs add(const Limbs& a, const Limbs& b) { return add_modulo(a, b, kFieldPrime); }
  static Limbs subtract(const Limbs& a, const Limbs& b) { return subtract_modulo(a, b, kFieldPrime); }
  static Limbs multiply(const Limbs& a, const Limbs& b) { return montgomery_reduce(multiply_wide(a, b)); }
  static Limbs square(const Limbs& a) { return montgomery_reduce(square_wide(a)); }
  /// Row `number` of a table, counted from 1; zeros for 0. Reads every row, whatever the number.
  template <typename Row>
  static Row read_row(std::span<const Row> rows, std::uint64_t number) {
    using Words = std::array<std::uint64_t, sizeof(Row) / sizeof(std::uint64_t)>;
    Words out{};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Mask wanted = mask_if_equal(i + 1, number);
      const Words words = std::bit_cast<Words>(rows[i]);
      for (std::size_t word = 0; word < words.size(); ++word) {
        out[word] |= words[word] & wanted;
      }
    }
    return std::bit_cast<Row>(out);
  }
};
using FieldElement = Element<PortableArithmetic>;

/// `value` must be below p.
template <typename Arithmetic = PortableArithmetic>
Element<Arithmetic> to_field(const Limbs& value) {
  constexpr Limbs kToMontgomery = {0x0000000200000003, 0x00000002FFFFFFFF, 0x0000000100000001,
                                   0x0000000400000002};  // 2^512 modulo p
  return {Arithmetic::multiply(value, kToMontgomery)};
}
template <typename Arithmetic>
Limbs from_field(const Element<Arithmetic>& a) {
  return Arithmetic::multiply(a.limbs, {1, 0, 0, 0});
}

/// 1/a, and 0 for 0, in constant time. The plain inverse of a*2^256 lacks 2^512, which is the cube of 2^256
/// after the multiplication's division.
template <typename Arithmetic>
Element<Arithmetic> invert(const Element<Arithmetic>& a) {
  constexpr Limbs kCube = {0x0000001200000016, 0x0000000EFFFFFFF8, 0x0000000A0000000C,
                           0x0000001B00000009};  // 2^768 modulo p
  return {Arithmetic::multiply(invert_modulo<kFieldPrime>(a.limbs), kCube)};
}

}  // namespace hutong::crypto::internal
