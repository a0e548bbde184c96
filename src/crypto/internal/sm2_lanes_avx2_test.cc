#include "crypto/internal/sm2_lanes_avx2.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <random>

#include "crypto/internal/cpu.h"
#include "tests/support/sm2_edge_vectors.h"

namespace hutong::crypto::internal {
namespace {

using Lanes = LanesAvx2;
constexpr bool kSignedFactors = true;
/// The highest limb: of operands that are plain, of sums of two, of results.
constexpr std::int64_t kTopMost = std::int64_t{1} << 25;
constexpr std::int64_t kSumTopMost = std::int64_t{1} << 26;
constexpr std::int64_t kResultTopLeast = -(std::int64_t{1} << 27);
constexpr std::int64_t kResultTopMost = std::int64_t{1} << 27;

class Sm2LanesAvx2 : public testing::Test {
 protected:
  void SetUp() override {
    if (!cpu_features().avx2) {
      GTEST_SKIP() << "skipped: this processor has no AVX2, the instructions under test; the scalar kernels "
                      "are tested everywhere";
    }
  }
};

#define HUTONG_SM2_LANES_TARGET [[gnu::target("avx2")]]
#define HUTONG_SM2_LANES_FIXTURE Sm2LanesAvx2

#include "crypto/internal/sm2_lanes_checks.h"

}  // namespace
}  // namespace hutong::crypto::internal
