#pragma once

#include <array>
#include <cstddef>

#include "crypto/internal/sm2_point.h"

namespace hutong::crypto::internal {

/// Multiples of a point over one common denominator: x = X/z^2, y = Y/z^3 with the same z for all. Seen from
/// the curve y^2 = x^3 + a*z^4*x + b*z^6, to which (x, y) -> (x*z^2, y*z^3) is an isomorphism, they are
/// affine points, cheap to add; only the sum in the end is brought back, by multiplying its Z with z.
/// Doublings on that curve need twice_times(), as its a is not -3.
///
/// Made without inversion: two points with one Z are added by five multiplications and two squarings, which
/// bring one of them to the Z of the sum as well (Meloni, "co-Z"). For points of order n; constant-time.
template <typename Arithmetic, std::size_t kCount>
class CommonMultiples {
 public:
  using Affine = AffinePoint<Arithmetic>;
  using Jacobian = JacobianPoint<Arithmetic>;

  /// P, 3P, 5P, ...
  static CommonMultiples odd(const Affine& p) {
    auto [twice_p, same_p] = twice_with(p);
    CommonMultiples out;
    out.points_[0] = same_p;
    out.fill(twice_p, 0, twice(p.y));
    return out;
  }
  /// P, 2P, 3P, ...
  static CommonMultiples consecutive(const Affine& p) {
    auto [twice_p, same_p] = twice_with(p);
    CommonMultiples out;
    out.points_[0] = same_p;
    out.points_[1] = twice_p;
    out.fill(same_p, 1, twice(p.y));
    return out;
  }

  const std::array<Affine, kCount>& points() const { return points_; }
  /// The coefficient of the curve on which the points are affine.
  const Element<Arithmetic>& a() const { return a_; }
  /// A point of that curve, on ours.
  Jacobian bring_back(const Jacobian& point) const { return {point.x, point.y, point.z * z_}; }

 private:
  struct SameZ {
    Affine twice_p;
    Affine p;
  };
  /// 2P and P, both over Z = 2y.
  static SameZ twice_with(const Affine& p) {
    const auto doubled = twice(to_jacobian(p));
    const auto z2 = square(doubled.z);
    return {{doubled.x, doubled.y}, {p.x * z2, p.y * z2 * doubled.z}};
  }

  /// From points_[first] on, each is the one before and `step`. Then all are brought to the last one's Z,
  /// as are those before the first.
  void fill(Affine step, std::size_t first, const Element<Arithmetic>& first_z) {
    std::array<Element<Arithmetic>, kCount> ratios;  // Z of a point over Z of the one before
    for (std::size_t i = first + 1; i < kCount; ++i) {
      const Affine& before = points_[i - 1];
      const auto dx = before.x - step.x;
      const auto dy = before.y - step.y;
      const auto dx2 = square(dx);
      const auto dy2 = square(dy);
      const auto u1 = step.x * dx2;
      const auto u2 = before.x * dx2;
      const auto s1 = step.y * (u2 - u1);
      const auto x = dy2 - u1 - u2;
      points_[i] = {x, dy * (u1 - x) - s1};
      step = {u1, s1};
      ratios[i] = dx;
    }
    auto scale = ratios[kCount - 1];
    for (std::size_t i = kCount - 1; i-- > 0;) {
      const auto scale_2 = square(scale);
      const auto scale_3 = scale_2 * scale;
      points_[i] = {points_[i].x * scale_2, points_[i].y * scale_3};
      if (i > first) {
        scale = scale * ratios[i];
      }
    }
    z_ = first_z * scale;
    const auto z4 = square(square(z_));
    a_ = negate(twice(z4) + z4);
  }

  std::array<Affine, kCount> points_;
  Element<Arithmetic> z_;
  Element<Arithmetic> a_;
};

}  // namespace hutong::crypto::internal
