#include "crypto/internal/sm2_lanes.h"
#include "crypto/internal/sm2_point.h"

namespace hutong::crypto::internal {
namespace {

using Affine = AffinePoint<PortableArithmetic>;
using Jacobian = JacobianPoint<PortableArithmetic>;

constexpr std::size_t kWindows = 256 / kSm2LanesBaseBits;
constexpr std::size_t kPoints = std::size_t{1} << (kSm2LanesBaseBits - 1);

std::vector<Jacobian> odd_multiples() {
  std::vector<Jacobian> out;
  out.reserve(kWindows * kPoints);
  Jacobian base = to_jacobian(generator<PortableArithmetic>());
  for (std::size_t window = 0; window < kWindows; ++window) {
    const Jacobian step = twice(base);
    out.push_back(base);
    for (std::size_t i = 1; i < kPoints; ++i) {
      out.push_back(add_public(out.back(), step));
    }
    for (std::size_t i = 0; i < kSm2LanesBaseBits; ++i) {
      base = twice(base);
    }
  }
  return out;
}

Limbs times_power_of_two(FieldElement value, int shift) {
  for (; shift > 0; --shift) {
    value = twice(value);
  }
  return value.limbs;
}

}  // namespace

std::vector<Sm2LanesBasePoint> make_sm2_lanes_base_table(int shift) {
  std::vector<Sm2LanesBasePoint> out;
  out.reserve(kWindows * kPoints);
  for (const Affine& point : to_affine<PortableArithmetic>(odd_multiples())) {
    out.push_back({times_power_of_two(point.x, shift), times_power_of_two(point.y, shift)});
  }
  return out;
}

}  // namespace hutong::crypto::internal
