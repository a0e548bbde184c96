#pragma once

#include <span>
#include <vector>

#include "crypto/internal/sm2_field.h"
#include "crypto/internal/sm2_kernel.h"

namespace hutong::crypto::internal {

/// A finite point of y^2 = x^3 - 3x + b.
struct AffinePoint {
  FieldElement x;
  FieldElement y;
};

/// Jacobian coordinates: x = X/Z^2, y = Y/Z^3; infinity has Z = 0.
struct JacobianPoint {
  FieldElement x;
  FieldElement y;
  FieldElement z;

  Mask is_infinity() const { return mask_if_zero(z.limbs); }
};

inline constexpr AffinePoint kGenerator = {
    {{0x61328990F418029E, 0x3E7981EDDCA6C050, 0xD6A1ED99AC24C3C3, 0x91167A5EE1C13B05}},
    {{0xC1354E593C2D0DDD, 0xC1F5E5788D3295FA, 0x8D4CFB066E2A48F8, 0x63CD65D481D735BD}}};

inline JacobianPoint to_jacobian(const AffinePoint& p) { return {p.x, p.y, kFieldOne}; }
JacobianPoint select(Mask mask, const JacobianPoint& if_set, const JacobianPoint& if_clear);

/// Constant-time. Infinity stays infinity.
JacobianPoint twice(const JacobianPoint& p);
/// Constant-time. Correct for infinite operands, but not for p = q, where twice() is needed.
JacobianPoint add_different(const JacobianPoint& p, const JacobianPoint& q);
/// The same with a finite q and eleven multiplications in place of sixteen; `q_is_infinity` masks q out.
JacobianPoint add_different(const JacobianPoint& p, const AffinePoint& q, Mask q_is_infinity);
/// Constant-time. Correct for every pair of operands.
JacobianPoint add_complete(const JacobianPoint& p, const JacobianPoint& q);
/// Correct for every pair of operands, fast, in variable time: public points only.
JacobianPoint add_public(const JacobianPoint& p, const JacobianPoint& q);

/// Coordinates below p and on the curve (GB/T 32918.1 6.2.1; the cofactor is 1). Not for secret points.
bool is_on_curve(const Sm2Coordinates& point);
/// `point` must be on the curve.
AffinePoint from_coordinates(const Sm2Coordinates& point);
/// False, and zeros, at infinity.
bool to_coordinates(const JacobianPoint& point, Sm2Coordinates& out);
/// All points made affine with one inversion; none may be infinite.
std::vector<AffinePoint> to_affine(std::span<const JacobianPoint> points);

}  // namespace hutong::crypto::internal
