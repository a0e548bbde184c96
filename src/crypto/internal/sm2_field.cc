#include "crypto/internal/sm2_field.h"

namespace hutong::crypto::internal {
namespace {

FieldElement square_times(FieldElement a, int times) {
  for (; times > 0; --times) {
    a = square(a);
  }
  return a;
}

}  // namespace

/// Fermat: a^(p-2), where p-2 = FFFFFFFE FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF 00000000 FFFFFFFF FFFFFFFD.
/// `ones_k` is a^(2^k - 1).
FieldElement invert(const FieldElement& a) {
  const FieldElement ones_2 = square(a) * a;
  const FieldElement ones_3 = square(ones_2) * a;
  const FieldElement ones_6 = square_times(ones_3, 3) * ones_3;
  const FieldElement ones_12 = square_times(ones_6, 6) * ones_6;
  const FieldElement ones_15 = square_times(ones_12, 3) * ones_3;
  const FieldElement ones_30 = square_times(ones_15, 15) * ones_15;
  const FieldElement ones_31 = square(ones_30) * a;
  const FieldElement ones_32 = square(ones_31) * a;
  FieldElement power = square(ones_31);
  for (int word = 0; word < 4; ++word) {
    power = square_times(power, 32) * ones_32;
  }
  power = square_times(power, 64) * ones_32;
  power = square_times(power, 30) * ones_30;
  return square_times(power, 2) * a;
}

}  // namespace hutong::crypto::internal
