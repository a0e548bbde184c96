#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "crypto/internal/limbs.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {

/// 1/a modulo an odd prime of 256 bits, in constant time: the "divsteps" of Bernstein and Yang (Fast
/// constant-time gcd computation and modular inversion, 2019) from delta = 1/2. For numbers below 2^256,
/// 590 steps suffice (Wuille, safegcd-bounds); here are 600: ten batches of three rounds of twenty.
///
/// A step replaces (f, g) by (g, (g - f)/2) when delta > 0 and g is odd, else by (f, (g + (g mod 2) f)/2).
/// What it does depends on delta and the lowest bits of f and g only, so that a batch of 60 steps is found
/// from one word of each; it is a matrix, which is then applied to the long f and g, and modulo m to d and e,
/// where d*a = f and e*a = g modulo m. In the end g = 0 and f = 1 or -1: d or -d is the inverse.
namespace safegcd {

/// How many steps a batch has, and bits a limb.
inline constexpr int kBatch = 60;
inline constexpr int kBatches = 10;
inline constexpr std::uint64_t kLimbMask = (std::uint64_t{1} << kBatch) - 1;

/// A signed integer: five limbs, least significant first, all but the highest in [0, 2^60).
using SignedLimbs = std::array<std::int64_t, 5>;
using SignedDoubleWord = NativeSigned;

constexpr SignedLimbs spread(const Limbs& a) {
  const auto signed_limb = [](std::uint64_t bits) { return static_cast<std::int64_t>(bits & kLimbMask); };
  return {signed_limb(a[0]), signed_limb(a[0] >> 60 | a[1] << 4), signed_limb(a[1] >> 56 | a[2] << 8),
          signed_limb(a[2] >> 52 | a[3] << 12), signed_limb(a[3] >> 48)};
}
/// Of a number in [0, 2^256).
inline Limbs gather(const SignedLimbs& a) {
  const auto word = [&](std::size_t i) { return static_cast<std::uint64_t>(a[i]); };
  return {word(0) | word(1) << 60, word(1) >> 4 | word(2) << 56, word(2) >> 8 | word(3) << 52,
          word(3) >> 12 | word(4) << 48};
}

/// What a number of steps do, times 2^steps: f becomes u*f + v*g, g becomes q*f + r*g. |u| + |v| and |q| +
/// |r| are at most 2^steps.
struct Matrix {
  std::int64_t u, v, q, r;

  /// First `before`, then this.
  Matrix after(const Matrix& before) const {
    return {u * before.u + v * before.q, u * before.v + v * before.r, q * before.u + r * before.q,
            q * before.v + r * before.r};
  }
};

/// The bits of a signed number, shifted.
inline std::uint64_t shift_right(std::uint64_t bits, int by) {
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(bits) >> by);
}

/// Twenty steps on the low bits of f and g. `zeta` is -(delta + 1/2).
///
/// A word holds f, u and v at once as f + u * 2^40 + v * 2^62, another g, q and r, so that one addition and
/// one shift serve all three: f and g are signed numbers of twenty bits, and u, v, q, r fractions that lose a
/// bit each step, down to multiples of 2^-20. The sum before a shift stays below 2^63, because |v| + |r| = 2
/// would make the matrix singular, which it never is.
inline Matrix twenty_steps(std::int64_t& zeta, std::uint64_t f, std::uint64_t g) {
  constexpr int kSteps = 20;
  const auto low_bits = [](std::uint64_t a) { return shift_right(a << 44, 44); };
  std::uint64_t fuv = low_bits(f) + (std::uint64_t{1} << 40);
  std::uint64_t gqr = low_bits(g) + (std::uint64_t{1} << 62);
  Mask odd = mask_from_bit(gqr & 1);
#pragma GCC unroll 20
  for (int step = 0; step < kSteps; ++step) {
    const Mask positive = hide(static_cast<std::uint64_t>(zeta >> 63));
    const Mask swap = positive & odd;
    const std::uint64_t sum = gqr + (((fuv ^ positive) - positive) & odd);
    fuv ^= (fuv ^ gqr) & swap;
    gqr = shift_right(sum, 1);
    odd = hide(shift_right(sum << 62, 63));
    zeta = (zeta ^ static_cast<std::int64_t>(swap)) - 1;
  }
  const auto middle = [](std::uint64_t word) {
    return static_cast<std::int64_t>(shift_right((word + (std::uint64_t{1} << 19)) << 22, 42));
  };
  const auto high = [](std::uint64_t word) {
    return static_cast<std::int64_t>(shift_right(word + (std::uint64_t{1} << 41), 42));
  };
  return {middle(fuv), high(fuv), middle(gqr), high(gqr)};
}

/// A batch, from the lowest limbs of f and g.
inline Matrix batch(std::int64_t& zeta, std::int64_t f_limb, std::int64_t g_limb) {
  auto f = static_cast<std::uint64_t>(f_limb);
  auto g = static_cast<std::uint64_t>(g_limb);
  const auto advance = [&](const Matrix& m) {
    const auto word = [](std::int64_t a) { return static_cast<std::uint64_t>(a); };
    const std::uint64_t next_f = (word(m.u) * f + word(m.v) * g) >> 20;
    g = (word(m.q) * f + word(m.r) * g) >> 20;
    f = next_f;
  };
  const Matrix first = twenty_steps(zeta, f, g);
  advance(first);
  const Matrix second = twenty_steps(zeta, f, g);
  advance(second);
  const Matrix third = twenty_steps(zeta, f, g);
  return third.after(second.after(first));
}

/// u*a + v*b + k*m in limb i. The compiler leaves out what is multiplied by a constant zero.
[[gnu::always_inline]] inline SignedDoubleWord column(std::size_t i, std::int64_t u, const SignedLimbs& a,
                                                      std::int64_t v, const SignedLimbs& b, std::int64_t k,
                                                      const SignedLimbs& m) {
  return SignedDoubleWord{u} * a[i] + SignedDoubleWord{v} * b[i] + SignedDoubleWord{k} * m[i];
}
/// (u*a + v*b + k*m) / 2^60, where k makes the division exact.
[[gnu::always_inline]] inline SignedLimbs combine(std::int64_t u, const SignedLimbs& a, std::int64_t v,
                                                  const SignedLimbs& b, std::int64_t k,
                                                  const SignedLimbs& m) {
  SignedLimbs out;
  SignedDoubleWord sum = column(0, u, a, v, b, k, m) >> kBatch;
#pragma GCC unroll 4
  for (std::size_t i = 1; i < out.size(); ++i) {
    sum += column(i, u, a, v, b, k, m);
    out[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) & kLimbMask);
    sum >>= kBatch;
  }
  out[4] = static_cast<std::int64_t>(sum);
  return out;
}

/// All ones when negative.
inline std::int64_t sign_mask(const SignedLimbs& a) {
  return static_cast<std::int64_t>(hide(static_cast<std::uint64_t>(a[4] >> 63)));
}

/// -1/m modulo 2^60, by Newton: each round doubles the bits that are right, of which an odd m itself has
/// three.
constexpr std::uint64_t minus_inverse(std::uint64_t m) {
  std::uint64_t inverse = m;
  for (int round = 0; round < 5; ++round) {
    inverse *= 2 - m * inverse;
  }
  return (0 - inverse) & kLimbMask;
}

/// u*d + v*e over 2^60 modulo m: d, e and the result lie in (-2m, m), as m is added for each negative one.
template <const Limbs& kModulus>
[[gnu::always_inline]] inline SignedLimbs combine_modulo(std::int64_t u, const SignedLimbs& d, std::int64_t v,
                                                         const SignedLimbs& e) {
  constexpr SignedLimbs kM = spread(kModulus);
  constexpr std::uint64_t kMinusInverse = minus_inverse(kModulus[0]);
  const std::int64_t lift = (u & sign_mask(d)) + (v & sign_mask(e));
  const auto word = [](std::int64_t a) { return static_cast<std::uint64_t>(a); };
  const std::uint64_t low = word(u) * word(d[0]) + word(v) * word(e[0]);
  const std::uint64_t exact = (low * kMinusInverse - word(lift)) & kLimbMask;  // lift + exact clears low
  return combine(u, d, v, e, lift + static_cast<std::int64_t>(exact) - (std::int64_t{1} << kBatch), kM);
}

/// a, negated and lifted by m where the masks say so, carries settled.
inline SignedLimbs adjust(const SignedLimbs& a, std::int64_t negative, std::int64_t lift,
                          const SignedLimbs& m) {
  SignedLimbs out;
  std::int64_t carry = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::int64_t sum = (((a[i] + (m[i] & lift)) ^ negative) - negative) + carry;
    out[i] =
        i + 1 < out.size() ? static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) & kLimbMask) : sum;
    carry = sum >> kBatch;
  }
  return out;
}

}  // namespace safegcd

/// 1/a modulo the prime, for a below it, in plain form; 0 for 0. Constant-time.
template <const Limbs& kModulus>
Limbs invert_modulo(const Limbs& a) {
  using namespace safegcd;
  constexpr SignedLimbs kM = spread(kModulus);
  struct State {
    SignedLimbs f, g, d, e;
    std::int64_t zeta;
  } state{kM, spread(a), {}, {1}, -1};
  const WipeAtExit wipe_state(state);
  auto& [f, g, d, e, zeta] = state;
  for (int i = 0; i < kBatches; ++i) {
    const Matrix m = batch(zeta, f[0], g[0]);
    const SignedLimbs next_f = combine(m.u, f, m.v, g, 0, kM);
    g = combine(m.q, f, m.r, g, 0, kM);
    f = next_f;
    const SignedLimbs next_d = combine_modulo<kModulus>(m.u, d, m.v, e);
    e = combine_modulo<kModulus>(m.q, d, m.r, e);
    d = next_d;
  }
  d = adjust(d, sign_mask(f), sign_mask(d), kM);  // in (-m, m) now
  return gather(adjust(d, 0, sign_mask(d), kM));
}

}  // namespace hutong::crypto::internal
