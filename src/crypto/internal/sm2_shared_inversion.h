#pragma once

#include <array>
#include <span>

#include "crypto/internal/sm2_point.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {

// Points made affine together, with one inversion: the inverse of a product gives the inverse of every factor
// (Montgomery's trick). In constant time. None of the points may be infinite: a factor of zero spoils all.

/// Both points.
template <typename Arithmetic>
void to_coordinates(const ExtendedPoint<Arithmetic>& p, const ExtendedPoint<Arithmetic>& q,
                    Sm2Coordinates& p_out, Sm2Coordinates& q_out) {
  const auto inverse = invert(p.zzz * q.zzz);
  const auto write = [](const ExtendedPoint<Arithmetic>& point, const Element<Arithmetic>& zzz_inverse,
                        Sm2Coordinates& out) {
    const auto z_inverse = point.zz * zzz_inverse;
    out.x = octets_from(from_field(point.x * square(z_inverse)));
    out.y = octets_from(from_field(point.y * zzz_inverse));
  };
  write(p, inverse * q.zzz, p_out);
  write(q, inverse * p.zzz, q_out);
}

/// How many points share an inversion at most: four multiplications stand against the inversion's share.
inline constexpr std::size_t kMostShared = 64;

/// The x coordinates of up to kMostShared points.
template <typename Arithmetic>
void to_x_coordinates(std::span<const ExtendedPoint<Arithmetic>> points, std::span<Sm2ScalarOctets> x) {
  std::array<Element<Arithmetic>, kMostShared> product_before;
  const WipeAtExit wipe_products(product_before);
  auto product = Element<Arithmetic>::one();
  for (std::size_t i = 0; i < points.size(); ++i) {
    product_before[i] = product;
    product = product * points[i].zz;
  }
  auto inverse = invert(product);
  for (std::size_t i = points.size(); i-- > 0;) {
    x[i] = octets_from(from_field(points[i].x * (inverse * product_before[i])));
    inverse = inverse * points[i].zz;
  }
}

}  // namespace hutong::crypto::internal
