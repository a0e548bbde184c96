#include "crypto/self_test.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "crypto/internal/self_test_kernels.h"

namespace hutong::crypto {
namespace {

using internal::KernelSet;

std::set<std::string> failed(const SelfTestReport& report) {
  std::set<std::string> names;
  for (const SelfTestFinding& finding : report.findings) {
    if (!finding.passed) {
      names.emplace(finding.algorithm);
    }
  }
  return names;
}

/// The report when one kernel is another than the chosen one.
template <typename Change>
SelfTestReport report_with(Change change) {
  const KernelSet good = internal::chosen_kernels();
  return internal::test_kernels(change(good));
}

void expect_refused(const SelfTestReport& report, const std::string& algorithm) {
  EXPECT_EQ(failed(report), std::set<std::string>{algorithm});
  const Status status = require_passed(report);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::kInternal);
  EXPECT_EQ(status.error().reason, "crypto.self_test");
  EXPECT_NE(status.error().detail.find(algorithm + " (broken)"), std::string::npos) << status.error().detail;
}

TEST(SelfTest, PassesOnThisProcessorAndNamesEveryAlgorithm) {
  const SelfTestReport report = self_test();
  EXPECT_EQ(failed(report), std::set<std::string>{});
  EXPECT_TRUE(require_passed(report));
  std::set<std::string> names;
  for (const SelfTestFinding& finding : report.findings) {
    names.emplace(finding.algorithm);
    EXPECT_FALSE(finding.implementation.empty());
  }
  for (const char* name :
       {"SM3", "HMAC-SM3", "SM4", "GHASH", "SM4-ECB", "SM4-CBC", "SM4-CTR", "SM4-GCM", "SM4-CCM", "SM2",
        "SM2 signature", "SM2 prepared key", "SM2 encryption", "SM2 key exchange", "SM2 new key"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(SelfTest, PassesForEveryKernelOfThisProcessor) {
  for (const auto* kernel : internal::sm3_kernels()) {
    EXPECT_TRUE(report_with([&](KernelSet good) {
                  return KernelSet{good.sm2, *kernel, good.sm3_lanes, good.sm4, good.ghash};
                }).passed())
        << kernel->name;
  }
  for (const auto* kernel : internal::sm4_kernels()) {
    EXPECT_TRUE(report_with([&](KernelSet good) {
                  return KernelSet{good.sm2, good.sm3, good.sm3_lanes, *kernel, good.ghash};
                }).passed())
        << kernel->name;
  }
  for (const auto* kernel : internal::ghash_kernels()) {
    EXPECT_TRUE(report_with([&](KernelSet good) {
                  return KernelSet{good.sm2, good.sm3, good.sm3_lanes, good.sm4, *kernel};
                }).passed())
        << kernel->name;
  }
  for (const auto* kernel : internal::sm2_kernels()) {
    EXPECT_TRUE(report_with([&](KernelSet good) {
                  return KernelSet{*kernel, good.sm3, good.sm3_lanes, good.sm4, good.ghash};
                }).passed())
        << kernel->name;
  }
}

/// One wrong bit in the second of two blocks.
TEST(SelfTest, RefusesABrokenSm3) {
  internal::Sm3Kernel broken = internal::kSm3Portable;
  broken.name = "broken";
  broken.compress = [](internal::Sm3State& state, const std::uint8_t* blocks, std::size_t count) {
    internal::kSm3Portable.compress(state, blocks, count);
    state[7] ^= count == 2 ? 1U : 0U;
  };
  expect_refused(report_with([&](KernelSet good) {
                   return KernelSet{good.sm2, broken, good.sm3_lanes, good.sm4, good.ghash};
                 }),
                 "SM3");
}

/// Lanes that exchange two of their messages.
TEST(SelfTest, RefusesBrokenLanes) {
  if (internal::sm3_lanes() == nullptr) {
    GTEST_SKIP()
        << "skipped: the lanes of SM3 need AVX2, which this processor lacks, so there is nothing to break";
  }
  const auto report = report_with([](KernelSet good) {
    const internal::Sm3LanesFunction exchanging =
        [](internal::Sm3LaneStates& states,
           const std::array<const std::uint8_t*, internal::kSm3Lanes>& blocks, std::size_t count) {
          internal::sm3_lanes()(states, blocks, count);
          for (auto& word : states) {
            std::swap(word[3], word[4]);
          }
        };
    return KernelSet{good.sm2, good.sm3, exchanging, good.sm4, good.ghash};
  });
  EXPECT_EQ(failed(report), std::set<std::string>{"SM3 in lanes"});
  EXPECT_FALSE(require_passed(report));
}

/// Lanes of which one believes everything.
TEST(SelfTest, RefusesBrokenSm2Lanes) {
  const auto lanes = internal::sm2_lanes_kernels();
  if (lanes.empty()) {
    GTEST_SKIP() << "skipped: this processor has no lanes for SM2, so there is nothing to break";
  }
  internal::Sm2LanesKernel broken = *lanes.front();
  broken.name = "broken";
  broken.has_x = [](const internal::Sm2LaneInput* inputs, internal::Sm2LaneVerdict* verdicts) {
    internal::sm2_lanes_kernels().front()->has_x(inputs, verdicts);
    verdicts[1] = internal::Sm2LaneVerdict::kRight;
  };
  expect_refused(report_with([&](KernelSet good) {
                   return KernelSet{good.sm2, good.sm3, good.sm3_lanes, good.sm4, good.ghash, &broken};
                 }),
                 "SM2 in lanes");
}

/// A batch, as nonces are prepared, that mixes up its scalars; a pair of multiples of which one is the other.
TEST(SelfTest, RefusesAnSm2ThatIsBrokenForBatchesAndPairsOnly) {
  internal::Sm2Kernel mixing = internal::kSm2Portable;
  mixing.name = "broken";
  mixing.multiply_base_x = [](std::span<const internal::Sm2ScalarOctets> k,
                              std::span<internal::Sm2ScalarOctets> x) {
    internal::kSm2Portable.multiply_base_x(k, x);
    std::swap(x[0], x[1]);
  };
  internal::Sm2Kernel pairing = internal::kSm2Portable;
  pairing.name = "broken";
  pairing.multiply_both = [](const internal::Sm2ScalarOctets& k, const internal::Sm2Coordinates& p,
                             internal::Sm2Coordinates& base_out, internal::Sm2Coordinates& out) {
    internal::kSm2Portable.multiply_both(k, p, base_out, out);
    out = p;
  };
  for (const internal::Sm2Kernel* broken : {&mixing, &pairing}) {
    expect_refused(report_with([&](KernelSet good) {
                     return KernelSet{*broken, good.sm3, good.sm3_lanes, good.sm4, good.ghash};
                   }),
                   "SM2");
  }
}

/// Right for a block alone and for a chain, wrong in the rest after the groups.
TEST(SelfTest, RefusesAnSm4ThatIsBrokenForManyBlocksOnly) {
  internal::Sm4Kernel broken = internal::kSm4Portable;
  broken.name = "broken";
  broken.encrypt = [](const std::uint8_t* keys, const std::uint8_t* in, std::uint8_t* out,
                      std::size_t blocks) {
    internal::kSm4Portable.encrypt(keys, in, out, blocks);
    if (blocks > 32) {
      out[16 * blocks - 1] ^= 0x80;
    }
  };
  expect_refused(report_with([&](KernelSet good) {
                   return KernelSet{good.sm2, good.sm3, good.sm3_lanes, broken, good.ghash};
                 }),
                 "SM4");
}

TEST(SelfTest, RefusesAChainThatForgetsItsLastBlock) {
  internal::Sm4Kernel broken = internal::kSm4Portable;
  broken.name = "broken";
  broken.encrypt_chain = [](const std::uint8_t* keys, std::uint8_t* chain, const std::uint8_t* in,
                            std::uint8_t* out, std::size_t blocks) {
    std::array<std::uint8_t, 16> local;
    std::copy_n(chain, 16, local.begin());
    internal::kSm4Portable.encrypt_chain(keys, local.data(), in, out, blocks);
  };
  expect_refused(report_with([&](KernelSet good) {
                   return KernelSet{good.sm2, good.sm3, good.sm3_lanes, broken, good.ghash};
                 }),
                 "SM4");
}

TEST(SelfTest, RefusesABrokenGhash) {
  internal::GhashKernel broken = internal::kGhashPortable;
  broken.name = "broken";
  broken.absorb = [](const Sm4Block& h, Sm4Block& y, const std::uint8_t* data, std::size_t blocks) {
    internal::kGhashPortable.absorb(h, y, data, blocks);
    y[0] ^= blocks >= 8 ? 1 : 0;
  };
  expect_refused(report_with([&](KernelSet good) {
                   return KernelSet{good.sm2, good.sm3, good.sm3_lanes, good.sm4, broken};
                 }),
                 "GHASH");
}

/// The multiple of G negated, and a verification that accepts everything.
TEST(SelfTest, RefusesABrokenSm2) {
  internal::Sm2Kernel negating = internal::kSm2Portable;
  negating.name = "broken";
  negating.multiply_base = [](const internal::Sm2ScalarOctets& k, internal::Sm2Coordinates& out) {
    const bool finite = internal::kSm2Portable.multiply_base(k, out);
    out.y[31] ^= 1;
    return finite;
  };
  internal::Sm2Kernel trusting = internal::kSm2Portable;
  trusting.name = "broken";
  trusting.has_x = [](const internal::Sm2ScalarOctets&, const internal::Sm2ScalarOctets&,
                      const internal::Sm2Coordinates&, const internal::Sm2ScalarOctets&) { return true; };
  for (const internal::Sm2Kernel* broken : {&negating, &trusting}) {
    expect_refused(report_with([&](KernelSet good) {
                     return KernelSet{*broken, good.sm3, good.sm3_lanes, good.sm4, good.ghash};
                   }),
                   "SM2");
  }
}

}  // namespace
}  // namespace hutong::crypto
