#pragma once

#include <span>
#include <vector>

#include "crypto/internal/declassify.h"
#include "crypto/internal/sm2_field.h"
#include "crypto/internal/sm2_kernel.h"

namespace hutong::crypto::internal {

/// A finite point of y^2 = x^3 - 3x + b.
template <typename Arithmetic>
struct AffinePoint {
  Element<Arithmetic> x;
  Element<Arithmetic> y;
};

/// Jacobian coordinates: x = X/Z^2, y = Y/Z^3; infinity has Z = 0.
template <typename Arithmetic>
struct JacobianPoint {
  Element<Arithmetic> x;
  Element<Arithmetic> y;
  Element<Arithmetic> z;

  Mask is_infinity() const { return mask_if_zero(z); }
};

/// x = X/ZZ, y = Y/ZZZ with ZZ = Z^2, ZZZ = Z^3: adding an affine point costs a squaring less than in
/// Jacobian coordinates. Infinity has ZZ = ZZZ = 0.
template <typename Arithmetic>
struct ExtendedPoint {
  Element<Arithmetic> x;
  Element<Arithmetic> y;
  Element<Arithmetic> zz;
  Element<Arithmetic> zzz;

  Mask is_infinity() const { return mask_if_zero(zz); }
};

template <typename Arithmetic>
constexpr AffinePoint<Arithmetic> generator() {
  return {{{0x61328990F418029E, 0x3E7981EDDCA6C050, 0xD6A1ED99AC24C3C3, 0x91167A5EE1C13B05}},
          {{0xC1354E593C2D0DDD, 0xC1F5E5788D3295FA, 0x8D4CFB066E2A48F8, 0x63CD65D481D735BD}}};
}

template <typename Arithmetic>
JacobianPoint<Arithmetic> to_jacobian(const AffinePoint<Arithmetic>& p) {
  return {p.x, p.y, Element<Arithmetic>::one()};
}
template <typename Arithmetic>
ExtendedPoint<Arithmetic> to_extended(const AffinePoint<Arithmetic>& p) {
  return {p.x, p.y, Element<Arithmetic>::one(), Element<Arithmetic>::one()};
}
template <typename Arithmetic>
ExtendedPoint<Arithmetic> to_extended(const JacobianPoint<Arithmetic>& p) {
  const auto zz = square(p.z);
  return {p.x, p.y, zz, zz * p.z};
}

template <typename Arithmetic>
JacobianPoint<Arithmetic> select(Mask mask, const JacobianPoint<Arithmetic>& if_set,
                                 const JacobianPoint<Arithmetic>& if_clear) {
  return {select(mask, if_set.x, if_clear.x), select(mask, if_set.y, if_clear.y),
          select(mask, if_set.z, if_clear.z)};
}
template <typename Arithmetic>
ExtendedPoint<Arithmetic> select(Mask mask, const ExtendedPoint<Arithmetic>& if_set,
                                 const ExtendedPoint<Arithmetic>& if_clear) {
  return {select(mask, if_set.x, if_clear.x), select(mask, if_set.y, if_clear.y),
          select(mask, if_set.zz, if_clear.zz), select(mask, if_set.zzz, if_clear.zzz)};
}

// The formulas below keep operations that do not wait for each other next to each other: a multiplication
// fills half of what a processor looks ahead.

/// The tangent for a = -3, four multiplications and four squarings, but few additions; constant-time.
/// Infinity stays infinity.
template <typename Arithmetic>
JacobianPoint<Arithmetic> twice(const JacobianPoint<Arithmetic>& p) {
  const auto two_y = twice(p.y);
  const auto delta = square(p.z);
  const auto four_gamma = square(two_y);
  const auto z = two_y * p.z;
  const auto chord = (p.x - delta) * (p.x + delta);
  const auto four_beta = p.x * four_gamma;
  const auto alpha = twice(chord) + chord;
  const auto eight_gamma_squared = half(square(four_gamma));
  const auto x = square(alpha) - four_beta - four_beta;
  return {x, alpha * (four_beta - x) - eight_gamma_squared, z};
}

/// 2^times * p on y^2 = x^3 + a*x + b, whatever a is; constant-time, infinity stays infinity. Carries a*Z^4
/// along (the "modified Jacobian coordinates" of Cohen, Miyaji and Ono): no multiplication then waits for Z,
/// which leaves twice as much to do side by side as in twice().
template <typename Arithmetic>
JacobianPoint<Arithmetic> twice_times(JacobianPoint<Arithmetic> p, std::size_t times,
                                      const Element<Arithmetic>& a) {
  auto a_z4 = a * square(square(p.z));
  for (; times > 0; --times) {
    const auto two_y = twice(p.y);
    const auto xx = square(p.x);
    const auto four_gamma = square(two_y);
    const auto alpha = twice(xx) + xx + a_z4;
    const auto four_beta = p.x * four_gamma;
    const auto alpha_squared = square(alpha);
    const auto sixteen_gamma_squared = square(four_gamma);
    p.x = alpha_squared - four_beta - four_beta;
    p.z = two_y * p.z;
    p.y = alpha * (four_beta - p.x) - half(sixteen_gamma_squared);
    if (times > 1) {
      a_z4 = sixteen_gamma_squared * a_z4;
    }
  }
  return p;
}

/// What a sum of two points shares between all coordinates: P1 has u1, s1, P2 has u2, s2 over the common
/// denominator.
template <typename Arithmetic>
struct Chord {
  Element<Arithmetic> u1;
  Element<Arithmetic> s1;
  Element<Arithmetic> h;  ///< u2 - u1
  Element<Arithmetic> r;  ///< s2 - s1

  bool joins_equal_points() const { return h == Element<Arithmetic>{} && r == Element<Arithmetic>{}; }
};

template <typename Arithmetic>
Chord<Arithmetic> chord_of(const JacobianPoint<Arithmetic>& p, const JacobianPoint<Arithmetic>& q) {
  const auto pz2 = square(p.z);
  const auto qz2 = square(q.z);
  const auto u1 = p.x * qz2;
  const auto s1 = p.y * qz2 * q.z;
  return {u1, s1, q.x * pz2 - u1, q.y * pz2 * p.z - s1};
}
template <typename Arithmetic>
Chord<Arithmetic> chord_of(const JacobianPoint<Arithmetic>& p, const AffinePoint<Arithmetic>& q) {
  const auto pz2 = square(p.z);
  const auto pz3 = pz2 * p.z;
  return {p.x, p.y, q.x * pz2 - p.x, q.y * pz3 - p.y};
}
/// `z` is the product of the denominators.
template <typename Arithmetic>
JacobianPoint<Arithmetic> sum_along(const Chord<Arithmetic>& chord, const Element<Arithmetic>& z) {
  const auto h2 = square(chord.h);
  const auto sum_z = z * chord.h;
  const auto v = chord.u1 * h2;
  const auto r2 = square(chord.r);
  const auto h3 = h2 * chord.h;
  const auto x = r2 - h3 - twice(v);
  const auto drop = chord.s1 * h3;
  const auto rise = chord.r * (v - x);
  return {x, rise - drop, sum_z};
}

template <typename Arithmetic>
Chord<Arithmetic> chord_of(const ExtendedPoint<Arithmetic>& p, const AffinePoint<Arithmetic>& q) {
  return {p.x, p.y, q.x * p.zz - p.x, q.y * p.zzz - p.y};
}
template <typename Arithmetic>
ExtendedPoint<Arithmetic> sum_along(const Chord<Arithmetic>& chord, const Element<Arithmetic>& zz,
                                    const Element<Arithmetic>& zzz) {
  const auto h2 = square(chord.h);
  const auto r2 = square(chord.r);
  const auto h3 = h2 * chord.h;
  const auto v = chord.u1 * h2;
  const auto sum_zz = zz * h2;
  const auto x = r2 - h3 - twice(v);
  const auto drop = chord.s1 * h3;
  const auto rise = chord.r * (v - x);
  return {x, rise - drop, sum_zz, zzz * h3};
}

/// Constant-time, eight multiplications and two squarings. Correct for an infinite p, but not for p = q;
/// `q_is_infinity` masks q out.
template <typename Arithmetic>
ExtendedPoint<Arithmetic> add_different(const ExtendedPoint<Arithmetic>& p, const AffinePoint<Arithmetic>& q,
                                        Mask q_is_infinity) {
  const auto sum = sum_along(chord_of(p, q), p.zz, p.zzz);
  return select(q_is_infinity, p, select(p.is_infinity(), to_extended(q), sum));
}

/// Correct for every pair of operands, fast, in variable time: public points only.
template <typename Arithmetic>
JacobianPoint<Arithmetic> add_public(const JacobianPoint<Arithmetic>& p, const JacobianPoint<Arithmetic>& q) {
  if (p.is_infinity() != 0) {
    return q;
  }
  if (q.is_infinity() != 0) {
    return p;
  }
  const auto chord = chord_of(p, q);
  return chord.joins_equal_points() ? twice(p) : sum_along(chord, p.z * q.z);
}
/// The same with an affine q, on the curve with the coefficient a.
template <typename Arithmetic>
JacobianPoint<Arithmetic> add_public(const JacobianPoint<Arithmetic>& p, const AffinePoint<Arithmetic>& q,
                                     const Element<Arithmetic>& a) {
  if (p.is_infinity() != 0) {
    return to_jacobian(q);
  }
  const auto chord = chord_of(p, q);
  return chord.joins_equal_points() ? twice_times(p, 1, a) : sum_along(chord, p.z);
}
template <typename Arithmetic>
ExtendedPoint<Arithmetic> add_public(const ExtendedPoint<Arithmetic>& p, const AffinePoint<Arithmetic>& q) {
  if (p.is_infinity() != 0) {
    return to_extended(q);
  }
  const auto chord = chord_of(p, q);
  return chord.joins_equal_points() ? to_extended(twice(to_jacobian(q))) : sum_along(chord, p.zz, p.zzz);
}

/// `point` must be on the curve.
template <typename Arithmetic>
AffinePoint<Arithmetic> from_coordinates(const Sm2Coordinates& point) {
  return {to_field<Arithmetic>(limbs_from(point.x)), to_field<Arithmetic>(limbs_from(point.y))};
}
/// False, and zeros, at infinity.
template <typename Arithmetic>
bool to_coordinates(const ExtendedPoint<Arithmetic>& point, Sm2Coordinates& out) {
  const auto zzz_inverse = invert(point.zzz);
  const auto z_inverse = point.zz * zzz_inverse;
  out.x = octets_from(from_field(point.x * square(z_inverse)));
  out.y = octets_from(from_field(point.y * zzz_inverse));
  return declassify(point.is_infinity()) == 0;  // a secret scalar is never 0 or n
}

/// Every element replaced by its inverse, with one inversion (Montgomery's trick: the inverse of a product
/// gives the inverse of every factor); none may be zero.
template <typename Arithmetic>
void invert_all(std::span<Element<Arithmetic>> elements) {
  std::vector<Element<Arithmetic>> product_before(elements.size());
  auto product = Element<Arithmetic>::one();
  for (std::size_t i = 0; i < elements.size(); ++i) {
    product_before[i] = product;
    product = product * elements[i];
  }
  auto inverse = invert(product);
  for (std::size_t i = elements.size(); i-- > 0;) {
    const auto element = elements[i];
    elements[i] = inverse * product_before[i];
    inverse = inverse * element;
  }
}

/// All points made affine with one inversion; none may be infinite.
template <typename Arithmetic>
std::vector<AffinePoint<Arithmetic>> to_affine(std::span<const JacobianPoint<Arithmetic>> points) {
  std::vector<Element<Arithmetic>> z_inverse;
  z_inverse.reserve(points.size());
  for (const auto& point : points) {
    z_inverse.push_back(point.z);
  }
  invert_all<Arithmetic>(z_inverse);
  std::vector<AffinePoint<Arithmetic>> out;
  out.reserve(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto z_inverse_2 = square(z_inverse[i]);
    out.push_back({points[i].x * z_inverse_2, points[i].y * z_inverse_2 * z_inverse[i]});
  }
  return out;
}

/// Coordinates below p and on the curve (GB/T 32918.1 6.2.1; the cofactor is 1). Not for secret points.
bool is_on_curve(const Sm2Coordinates& point);

}  // namespace hutong::crypto::internal
