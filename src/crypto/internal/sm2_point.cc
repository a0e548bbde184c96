#include "crypto/internal/sm2_point.h"

namespace hutong::crypto::internal {

bool is_on_curve(const Sm2Coordinates& point) {
  constexpr FieldElement kCurveB = {
      {0x90D230632BC0DD42, 0x71CF379AE9B537AB, 0x527981505EA51C3C, 0x240FE188BA20E2C8}};
  const Limbs x_limbs = limbs_from(point.x);
  const Limbs y_limbs = limbs_from(point.y);
  if ((mask_if_less(x_limbs, kFieldPrime) & mask_if_less(y_limbs, kFieldPrime)) == 0) {
    return false;
  }
  const FieldElement x = to_field(x_limbs);
  const FieldElement three_x = twice(x) + x;
  return square(to_field(y_limbs)) == square(x) * x - three_x + kCurveB;
}

}  // namespace hutong::crypto::internal
