#pragma once

#include <span>
#include <vector>

#include "crypto/internal/sm2_multiples.h"
#include "crypto/internal/sm2_point.h"
#include "crypto/internal/sm2_window.h"

namespace hutong::crypto::internal {

/// digit * 2^(kBits * window) * P for every window and every digit from 1 to 2^(kBits-1), affine: multiples
/// of P need one addition a window and no doubling. 43 * 32 points = 86 KiB for six bits, 37 * 64 points =
/// 148 KiB for seven, 33 * 128 = 264 KiB for eight.
template <typename Arithmetic, std::size_t kBits>
class FixedPointTable {
 public:
  using Shape = Windows<kBits>;
  using Affine = AffinePoint<Arithmetic>;

  explicit FixedPointTable(const Affine& point) {
    using Chain = MultipleChain<Arithmetic, Shape::kPoints>;
    std::vector<Chain> windows;
    windows.reserve(Shape::kCount);
    std::vector<Element<Arithmetic>> z;
    auto window_base = to_jacobian(point);
    for (std::size_t window = 0; window < Shape::kCount; ++window) {
      windows.push_back(Chain::consecutive(window_base));
      z.push_back(windows.back().z());
      window_base = twice(windows.back().last());
    }
    invert_all<Arithmetic>(z);
    points_.reserve(Shape::kCount * Shape::kPoints);
    for (std::size_t window = 0; window < Shape::kCount; ++window) {
      const auto multiples = windows[window].over_one_z(z[window]);
      points_.insert(points_.end(), multiples.begin(), multiples.end());
    }
  }

  /// k*P in constant time, for P of order n and k in [0, n-1]. Windows run from the lowest up: the sum so far
  /// is always smaller than the next window's addend, so that no addition ever meets two equal points, and
  /// add_different() suffices.
  ExtendedPoint<Arithmetic> multiply(const Limbs& k) const {
    ExtendedPoint<Arithmetic> sum;
    for (std::size_t window = 0; window < Shape::kCount; ++window) {
      const Digit digit = window_digit<kBits>(k, window);
      const std::span<const Affine> rows(points_.data() + window * Shape::kPoints, Shape::kPoints);
      Affine addend = Arithmetic::read_row(rows, digit.magnitude);
      addend.y = select(digit.negative, negate(addend.y), addend.y);
      sum = add_different(sum, addend, mask_if_zero(digit.magnitude));
    }
    return sum;
  }

  /// sum + k*P of public values, in variable time.
  ExtendedPoint<Arithmetic> multiply_add_public(const Limbs& k, ExtendedPoint<Arithmetic> sum) const {
    for (std::size_t window = 0; window < Shape::kCount; ++window) {
      const Digit digit = window_digit<kBits>(k, window);
      if (digit.magnitude != 0) {
        Affine addend = points_[window * Shape::kPoints + digit.magnitude - 1];
        if (digit.negative != 0) {
          addend.y = negate(addend.y);
        }
        sum = add_public(sum, addend);
      }
    }
    return sum;
  }

 private:
  std::vector<Affine> points_;
};

}  // namespace hutong::crypto::internal
