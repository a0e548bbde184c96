#include "crypto/internal/sm2_odd_digits.h"

#include <gtest/gtest.h>

#include <vector>

#include "crypto/random.h"

namespace hutong::crypto::internal {
namespace {

std::vector<Limbs> edge_scalars() {
  std::vector<Limbs> scalars = {{}, {~std::uint64_t{0}}, {0, 0, 0, 0xFFFFFFFEFFFFFFFF}};
  for (std::uint64_t i = 1; i <= 70; ++i) {
    scalars.push_back({i});
    scalars.push_back((Scalar{} - Scalar{{i}}).limbs);
  }
  for (std::size_t bit = 0; bit < 255; ++bit) {
    Limbs power{};
    power[bit / 64] = std::uint64_t{1} << bit % 64;
    scalars.push_back(power);
    Limbs below;
    subtract(below, power, {1});
    scalars.push_back(below);
  }
  for (int i = 0; i < 200; ++i) {
    std::array<std::uint8_t, 32> octets;
    system_random().fill(octets);
    scalars.push_back(Scalar::reduce(octets).limbs);
  }
  return scalars;
}

/// The digits, from the highest down, add up to k or -k modulo n, as they say.
template <std::size_t kBits>
void expect_digits_to_add_up() {
  using Digits = OddDigits<kBits>;
  for (const Limbs& k : edge_scalars()) {
    const Digits digits(k);
    Scalar sum;
    for (std::size_t window = Digits::kCount; window-- > 0;) {
      sum = sum * Scalar{{std::uint64_t{1} << kBits}};
      const auto digit = digits.at(window);
      ASSERT_GE(digit.row, 1U);
      ASSERT_LE(digit.row, Digits::kRows);
      const Scalar magnitude{{2 * digit.row - 1}};
      sum = digit.negative != 0 ? sum - magnitude : sum + magnitude;
    }
    EXPECT_EQ(digits.is_negated() != 0, k[0] % 2 == 0);
    EXPECT_EQ(sum.limbs, (digits.is_negated() != 0 ? Scalar{} - Scalar{k} : Scalar{k}).limbs);
  }
}

TEST(OddDigits, OfFiveBitsAddUp) { expect_digits_to_add_up<5>(); }
TEST(OddDigits, OfSixBitsAddUp) { expect_digits_to_add_up<6>(); }

/// secret_multiple() starts with the point itself.
TEST(OddDigits, OfFiveBitsBeginWithOne) {
  for (const Limbs& k : edge_scalars()) {
    const OddDigits<5> digits(k);
    const auto highest = digits.at(OddDigits<5>::kCount - 1);
    EXPECT_TRUE(highest.row == 1 && highest.negative == 0);
  }
}

}  // namespace
}  // namespace hutong::crypto::internal
