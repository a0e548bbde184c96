#include "crypto/internal/sm2_lanes.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

#include "crypto/internal/sm2_lanes_digits.h"

namespace hutong::crypto::internal {
namespace {

TEST(Sm2LaneDigits, AddUpToTheScalar) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 200; ++round) {
    Limbs scalar = reduce_once({random(), random(), random(), random()}, 0, kGroupOrder);
    if (round < 4) {
      scalar = {static_cast<std::uint64_t>(round + 1), 0, 0, 0};
    } else if (round < 8) {
      subtract(scalar, kGroupOrder, {static_cast<std::uint64_t>(round - 3), 0, 0, 0});
    }
    const auto digits = std::make_unique<LaneDigits<5, 1>>();
    digits->set(0, scalar);
    Scalar sum{};
    for (std::size_t i = digits->kCount; i-- > 0;) {
      const Scalar digit = {{2U * digits->index[i][0] + 1U, 0, 0, 0}};
      sum = sum * Scalar{{32, 0, 0, 0}};
      sum = digits->negative[i][0] != 0 ? sum - digit : sum + digit;
    }
    EXPECT_EQ(sum.limbs, scalar);
  }
}

/// t = n - 6 (and 6, which is read as its negative) adds -3P to -3P in the last window.
TEST(Sm2LanesKernels, LeaveCollisionsUndecided) {
  for (const Sm2LanesKernel* kernel : sm2_lanes_kernels()) {
    Sm2LaneInput input{};
    const Scalar s = {{123456789, 0, 0, 0}};
    sm2_kernel().multiply_base(Scalar{{77, 0, 0, 0}}.octets(), input.key);
    input.claim.s = s.octets();
    std::vector<Sm2LaneInput> inputs(kernel->lanes, input);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const Scalar six = {{6, 0, 0, 0}};
      inputs[i].claim.t = (i % 3 == 0 ? six : i % 3 == 1 ? Scalar{} - six : six + six).octets();
    }
    std::vector<Sm2LaneVerdict> verdicts(kernel->lanes);
    kernel->has_x(inputs.data(), verdicts.data());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      EXPECT_EQ(verdicts[i], i % 3 == 2 ? Sm2LaneVerdict::kWrong : Sm2LaneVerdict::kUndecided) << i;
    }
  }
}

}  // namespace
}  // namespace hutong::crypto::internal
