#include "crypto/internal/sm2_point.h"

namespace hutong::crypto::internal {
namespace {

constexpr FieldElement kCurveB = {
    {0x90D230632BC0DD42, 0x71CF379AE9B537AB, 0x527981505EA51C3C, 0x240FE188BA20E2C8}};

/// The part of addition that mixed and full addition share: P1 has u1, s1, P2 has u2, s2 (both over the
/// common denominator), z is the product of the denominators.
struct Chord {
  FieldElement h;  ///< u2 - u1
  FieldElement r;  ///< s2 - s1
};

JacobianPoint chord_sum(const Chord& chord, const FieldElement& u1, const FieldElement& s1,
                        const FieldElement& z) {
  const FieldElement h2 = square(chord.h);
  const FieldElement h3 = h2 * chord.h;
  const FieldElement v = u1 * h2;
  const FieldElement x = square(chord.r) - h3 - twice(v);
  return {x, chord.r * (v - x) - s1 * h3, z * chord.h};
}

struct CommonDenominator {
  FieldElement u1, s1, z;
  Chord chord;
};

CommonDenominator common_denominator(const JacobianPoint& p, const JacobianPoint& q) {
  const FieldElement pz2 = square(p.z);
  const FieldElement qz2 = square(q.z);
  const FieldElement u1 = p.x * qz2;
  const FieldElement s1 = p.y * qz2 * q.z;
  return {u1, s1, p.z * q.z, {q.x * pz2 - u1, q.y * pz2 * p.z - s1}};
}

JacobianPoint sum_of_different(const JacobianPoint& p, const JacobianPoint& q, const CommonDenominator& c) {
  const JacobianPoint sum = chord_sum(c.chord, c.u1, c.s1, c.z);
  return select(p.is_infinity(), q, select(q.is_infinity(), p, sum));
}

}  // namespace

JacobianPoint select(Mask mask, const JacobianPoint& if_set, const JacobianPoint& if_clear) {
  return {select(mask, if_set.x, if_clear.x), select(mask, if_set.y, if_clear.y),
          select(mask, if_set.z, if_clear.z)};
}

/// The tangent for a = -3, three multiplications and five squarings.
JacobianPoint twice(const JacobianPoint& p) {
  const FieldElement delta = square(p.z);
  const FieldElement gamma = square(p.y);
  const FieldElement beta = p.x * gamma;
  const FieldElement chord = (p.x - delta) * (p.x + delta);
  const FieldElement alpha = twice(chord) + chord;
  const FieldElement four_beta = twice(twice(beta));
  const FieldElement x = square(alpha) - twice(four_beta);
  const FieldElement z = square(p.y + p.z) - gamma - delta;
  const FieldElement eight_gamma_squared = twice(square(twice(gamma)));
  return {x, alpha * (four_beta - x) - eight_gamma_squared, z};
}

JacobianPoint add_different(const JacobianPoint& p, const JacobianPoint& q) {
  return sum_of_different(p, q, common_denominator(p, q));
}

JacobianPoint add_different(const JacobianPoint& p, const AffinePoint& q, Mask q_is_infinity) {
  const FieldElement pz2 = square(p.z);
  const Chord chord = {q.x * pz2 - p.x, q.y * pz2 * p.z - p.y};
  const JacobianPoint sum = chord_sum(chord, p.x, p.y, p.z);
  return select(q_is_infinity, p, select(p.is_infinity(), to_jacobian(q), sum));
}

JacobianPoint add_complete(const JacobianPoint& p, const JacobianPoint& q) {
  const CommonDenominator c = common_denominator(p, q);
  const Mask finite = ~p.is_infinity() & ~q.is_infinity();
  const Mask equal = finite & mask_if_zero(c.chord.h.limbs) & mask_if_zero(c.chord.r.limbs);
  return select(equal, twice(p), sum_of_different(p, q, c));
}

JacobianPoint add_public(const JacobianPoint& p, const JacobianPoint& q) {
  if (p.is_infinity() != 0) {
    return q;
  }
  if (q.is_infinity() != 0) {
    return p;
  }
  const CommonDenominator c = common_denominator(p, q);
  if (c.chord.h == FieldElement{} && c.chord.r == FieldElement{}) {
    return twice(p);
  }
  return chord_sum(c.chord, c.u1, c.s1, c.z);
}

bool is_on_curve(const Sm2Coordinates& point) {
  const Limbs x_limbs = limbs_from(point.x);
  const Limbs y_limbs = limbs_from(point.y);
  if ((mask_if_less(x_limbs, kFieldPrime) & mask_if_less(y_limbs, kFieldPrime)) == 0) {
    return false;
  }
  const FieldElement x = to_field(x_limbs);
  const FieldElement three_x = twice(x) + x;
  return square(to_field(y_limbs)) == square(x) * x - three_x + kCurveB;
}

AffinePoint from_coordinates(const Sm2Coordinates& point) {
  return {to_field(limbs_from(point.x)), to_field(limbs_from(point.y))};
}

bool to_coordinates(const JacobianPoint& point, Sm2Coordinates& out) {
  const FieldElement z_inverse = invert(point.z);
  const FieldElement z_inverse_2 = square(z_inverse);
  out.x = octets_from(from_field(point.x * z_inverse_2));
  out.y = octets_from(from_field(point.y * z_inverse_2 * z_inverse));
  return point.is_infinity() == 0;
}

/// Montgomery's trick: the inverse of a product gives the inverse of every factor.
std::vector<AffinePoint> to_affine(std::span<const JacobianPoint> points) {
  std::vector<FieldElement> product_before(points.size());
  FieldElement product = kFieldOne;
  for (std::size_t i = 0; i < points.size(); ++i) {
    product_before[i] = product;
    product = product * points[i].z;
  }
  FieldElement inverse = invert(product);
  std::vector<AffinePoint> out(points.size());
  for (std::size_t i = points.size(); i-- > 0;) {
    const FieldElement z_inverse = inverse * product_before[i];
    const FieldElement z_inverse_2 = square(z_inverse);
    out[i] = {points[i].x * z_inverse_2, points[i].y * z_inverse_2 * z_inverse};
    inverse = inverse * points[i].z;
  }
  return out;
}

}  // namespace hutong::crypto::internal
