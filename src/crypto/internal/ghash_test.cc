#include "crypto/internal/ghash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/encoding.h"
#include "tests/support/support.h"

namespace hutong::crypto::internal {
namespace {

Sm4Block block_of(std::string_view hex) {
  Sm4Block block;
  std::ranges::copy(test::hex(hex), block.begin());
  return block;
}

class GhashKernels : public testing::TestWithParam<const GhashKernel*> {};

/// Test case 2 of the GCM proposal (McGrew, Viega), appendix B.
TEST_P(GhashKernels, MatchTheVectorOfTheProposal) {
  const Bytes data = test::hex(
      "0388DACE60B6A392F328C2B971B2FE78"
      "00000000000000000000000000000080");
  Sm4Block y{};
  GetParam()->absorb(block_of("66E94BD4EF8A2C3B884CFA59CA342B2E"), y, data.data(), 2);
  EXPECT_EQ(y, block_of("F38CBB1AD69223DCC3457AE5B6B0F885"));
}

TEST_P(GhashKernels, EqualThePortableOneOnEveryNumberOfBlocks) {
  std::mt19937_64 random(20260131);
  const auto fill = [&random](std::span<std::uint8_t> octets) {
    std::ranges::generate(octets, [&random] { return static_cast<std::uint8_t>(random()); });
  };
  for (std::size_t blocks = 0; blocks <= 70; ++blocks) {
    for (int i = 0; i < 20; ++i) {
      Sm4Block h;
      Sm4Block y;
      Bytes data(16 * blocks);
      fill(h);
      fill(y);
      fill(data);
      Sm4Block expected = y;
      kGhashPortable.absorb(h, expected, data.data(), blocks);
      GetParam()->absorb(h, y, data.data(), blocks);
      ASSERT_EQ(y, expected) << to_hex(h) << " " << blocks;
    }
  }
}

/// Single bits: every place of the hash key against every place of the block.
TEST_P(GhashKernels, EqualThePortableOneOnSingleBits) {
  for (std::size_t i = 0; i < 128; ++i) {
    for (std::size_t j = 0; j < 128; ++j) {
      Sm4Block h{};
      Sm4Block data{};
      h[i / 8] = static_cast<std::uint8_t>(1U << i % 8);
      data[j / 8] = static_cast<std::uint8_t>(1U << j % 8);
      Sm4Block y{};
      Sm4Block expected{};
      GetParam()->absorb(h, y, data.data(), 1);
      kGhashPortable.absorb(h, expected, data.data(), 1);
      ASSERT_EQ(y, expected) << i << " " << j;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(OnThisProcessor, GhashKernels,
                         testing::ValuesIn(ghash_kernels().begin(), ghash_kernels().end()),
                         [](const auto& kernel) { return std::string(kernel.param->name); });

}  // namespace
}  // namespace hutong::crypto::internal
