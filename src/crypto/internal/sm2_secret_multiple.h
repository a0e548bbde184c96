#pragma once

#include <span>

#include "crypto/internal/sm2_multiples.h"
#include "crypto/internal/sm2_odd_digits.h"
#include "crypto/internal/sm2_point.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {

/// k*P of a public point, in constant time as to k, for k below n: 255 doublings and 51 additions.
///
/// The digits are odd, so that no addend is infinite, and the sum 32*m*P, which starts with the highest
/// digit, 1, never is before the last addition. It meets digit*P only where 32*m - digit = n; that is in the
/// last window, for k = n - 6 and k = 6: there the sum is doubled instead. For k = 0 the last addition gives
/// infinity.
template <typename Arithmetic>
JacobianPoint<Arithmetic> secret_multiple(const Limbs& k, const AffinePoint<Arithmetic>& p) {
  constexpr std::size_t kBits = 5;
  using Digits = OddDigits<kBits>;
  using Affine = AffinePoint<Arithmetic>;
  const auto multiples = CommonMultiples<Arithmetic, Digits::kRows>::odd(p);
  Digits digits(k);
  const WipeAtExit wipe_digits(digits);
  auto sum = to_jacobian(multiples.points()[0]);
  const WipeAtExit wipe_sum(sum);
  for (std::size_t window = Digits::kCount - 1; window-- > 0;) {
    sum = twice_times(sum, kBits, multiples.a());
    const auto digit = digits.at(window);
    Affine addend = Arithmetic::read_row(std::span<const Affine>(multiples.points()), digit.row);
    addend.y = select(digit.negative, negate(addend.y), addend.y);
    const auto chord = chord_of(sum, addend);
    const auto next = sum_along(chord, sum.z);
    if (window == 0) {
      const Mask equal = mask_if_zero(chord.h) & mask_if_zero(chord.r);
      sum = select(equal, twice_times(sum, 1, multiples.a()), next);
    } else {
      sum = next;
    }
  }
  sum.y = select(digits.is_negated(), negate(sum.y), sum.y);
  return multiples.bring_back(sum);
}

}  // namespace hutong::crypto::internal
