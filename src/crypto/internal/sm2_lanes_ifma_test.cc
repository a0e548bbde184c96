#include "crypto/internal/sm2_lanes_ifma.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <random>

#include "crypto/internal/cpu.h"
#include "tests/support/sm2_edge_vectors.h"

namespace hutong::crypto::internal {
namespace {

using Lanes = LanesIfma;
constexpr bool kSignedFactors = false;
/// The highest limb: of operands that are plain, of sums of two, of results.
constexpr std::int64_t kTopMost = (std::int64_t{1} << 49) + (std::int64_t{1} << 22) - 1;
constexpr std::int64_t kSumTopMost = 2 * kTopMost;
constexpr std::int64_t kResultTopLeast = 0;
constexpr std::int64_t kResultTopMost = (std::int64_t{1} << 49) + (std::int64_t{1} << 22);

class Sm2LanesIfma : public testing::Test {
 protected:
  void SetUp() override {
    if (!cpu_features().avx512_ifma) {
      GTEST_SKIP() << "skipped: this processor has no AVX-512 IFMA, the instructions under test; AVX2 lanes "
                      "have their own test";
    }
  }
};

#define HUTONG_SM2_LANES_TARGET [[gnu::target("avx2,avx512f,avx512ifma")]]
#define HUTONG_SM2_LANES_FIXTURE Sm2LanesIfma

#include "crypto/internal/sm2_lanes_checks.h"

}  // namespace
}  // namespace hutong::crypto::internal
