#include "crypto/internal/sm2_lanes.h"
#include "crypto/internal/sm2_odd_multiples.h"

namespace hutong::crypto::internal {
namespace {

constexpr std::size_t kWindows = 256 / kSm2LanesBaseBits;
constexpr std::size_t kPoints = std::size_t{1} << (kSm2LanesBaseBits - 1);

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
  for (const auto& point : odd_multiples_of_generator<PortableArithmetic>(kWindows, kPoints)) {
    out.push_back({times_power_of_two(point.x, shift), times_power_of_two(point.y, shift)});
  }
  return out;
}

}  // namespace hutong::crypto::internal
