#pragma once

#include <array>
#include <cstddef>

#include "crypto/internal/sm2_point.h"

namespace hutong::crypto::internal {

/// Multiples of a point without inversion: two points with one Z are added by four multiplications and two
/// squarings, which bring one of them to the Z of the sum as well (Meloni, "co-Z"); the Z themselves are only
/// known as the ratio of each to the one before. For points of order n; constant-time.
template <typename Arithmetic, std::size_t kCount>
class MultipleChain {
 public:
  using Affine = AffinePoint<Arithmetic>;
  using Jacobian = JacobianPoint<Arithmetic>;
  using Points = std::array<Affine, kCount>;

  /// P, 3P, 5P, ...
  static MultipleChain odd(const Jacobian& p) {
    const SameZ start(p);
    MultipleChain out;
    out.points_[0] = start.p;
    out.extend(start.twice_p, 0, start.z);
    return out;
  }
  /// P, 2P, 3P, ...
  static MultipleChain consecutive(const Jacobian& p) {
    const SameZ start(p);
    MultipleChain out;
    out.points_[0] = start.p;
    out.points_[1] = start.twice_p;
    out.extend(start.p, 1, start.z);
    return out;
  }

  /// The Z of the last one.
  const Element<Arithmetic>& z() const { return z_; }
  Jacobian last() const { return {points_.back().x, points_.back().y, z_}; }
  /// All of them over the Z of the last one divided by `scale`: affine when that is 1/z().
  Points over_one_z(Element<Arithmetic> scale) const {
    Points out;
    for (std::size_t i = kCount; i-- > 0;) {
      const auto scale_2 = square(scale);
      const auto scale_3 = scale_2 * scale;
      out[i] = {points_[i].x * scale_2, points_[i].y * scale_3};
      if (i > first_) {
        scale = scale * ratios_[i];
      }
    }
    return out;
  }

 private:
  /// P and 2P over one Z. P counts as affine on the curve with the coefficient a*Z^4.
  struct SameZ {
    explicit SameZ(const Jacobian& point) {
      const auto doubled = twice(point);
      const auto ratio = twice(point.y);
      const auto ratio_2 = square(ratio);
      p = {point.x * ratio_2, point.y * ratio_2 * ratio};
      twice_p = {doubled.x, doubled.y};
      z = doubled.z;
    }
    Affine p;
    Affine twice_p;
    Element<Arithmetic> z;
  };

  /// From points_[first] on, each is the one before and `step`, which has the Z of points_[first].
  void extend(Affine step, std::size_t first, const Element<Arithmetic>& first_z) {
    first_ = first;
    z_ = first_z;
    for (std::size_t i = first + 1; i < kCount; ++i) {
      const Affine& before = points_[i - 1];
      const auto dx = before.x - step.x;
      const auto dy = before.y - step.y;
      const auto dx2 = square(dx);
      const auto dy2 = square(dy);
      const auto u1 = step.x * dx2;
      const auto u2 = before.x * dx2;
      z_ = z_ * dx;
      const auto s1 = step.y * (u2 - u1);
      const auto x = dy2 - u1 - u2;
      points_[i] = {x, dy * (u1 - x) - s1};
      step = {u1, s1};
      ratios_[i] = dx;
    }
  }

  Points points_;
  std::array<Element<Arithmetic>, kCount> ratios_;  ///< Z of a point over Z of the one before
  Element<Arithmetic> z_;
  std::size_t first_ = 0;  ///< that with the first Z; those before it have the same
};

/// Multiples of a point over one common denominator: x = X/z^2, y = Y/z^3 with the same z for all. Seen from
/// the curve y^2 = x^3 + a*z^4*x + b*z^6, to which (x, y) -> (x*z^2, y*z^3) is an isomorphism, they are
/// affine points, cheap to add; only the sum in the end is brought back, by multiplying its Z with z.
/// Doublings on that curve need twice_times(), as its a is not -3.
template <typename Arithmetic, std::size_t kCount>
class CommonMultiples {
 public:
  using Chain = MultipleChain<Arithmetic, kCount>;
  using Jacobian = JacobianPoint<Arithmetic>;

  /// P, 3P, 5P, ...
  static CommonMultiples odd(const AffinePoint<Arithmetic>& p) {
    return CommonMultiples(Chain::odd(to_jacobian(p)));
  }

  const typename Chain::Points& points() const { return points_; }
  /// The coefficient of the curve on which the points are affine.
  const Element<Arithmetic>& a() const { return a_; }
  /// A point of that curve, on ours.
  Jacobian bring_back(const Jacobian& point) const { return {point.x, point.y, point.z * z_}; }

 private:
  explicit CommonMultiples(const Chain& chain)
      : points_(chain.over_one_z(Element<Arithmetic>::one())), z_(chain.z()) {
    const auto z4 = square(square(z_));
    a_ = negate(twice(z4) + z4);
  }

  typename Chain::Points points_;
  Element<Arithmetic> z_;
  Element<Arithmetic> a_;
};

}  // namespace hutong::crypto::internal
