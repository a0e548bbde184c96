#include "crypto/internal/words.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace hutong::crypto::internal {
namespace {

/// Words around which carries change, and random ones.
std::vector<std::uint64_t> words() {
  constexpr std::uint64_t kOnes = ~std::uint64_t{0};
  std::vector<std::uint64_t> words = {0,
                                      1,
                                      2,
                                      0x7FFFFFFF,
                                      0x80000000,
                                      0xFFFFFFFE,
                                      0xFFFFFFFF,
                                      0x100000000,
                                      0x100000001,
                                      0xFFFFFFFF00000000,
                                      0xFFFFFFFEFFFFFFFF,
                                      0x7FFFFFFFFFFFFFFF,
                                      0x8000000000000000,
                                      0xAAAAAAAAAAAAAAAA,
                                      kOnes - 1,
                                      kOnes};
  std::mt19937_64 engine(20260131);
  for (int i = 0; i < 12; ++i) {
    words.push_back(engine());
  }
  return words;
}

#if defined(__SIZEOF_INT128__)
using DoubleWord = WideWords::DoubleWord;

template <typename Words>
class WordArithmetic : public testing::Test {};
using Implementations = testing::Types<WideWords, NarrowWords>;
TYPED_TEST_SUITE(WordArithmetic, Implementations);

TYPED_TEST(WordArithmetic, AddsAndSubtractsWithCarries) {
  for (const std::uint64_t a : words()) {
    for (const std::uint64_t b : words()) {
      for (const Carry in : {Carry{0}, Carry{1}}) {
        const DoubleWord sum = DoubleWord{a} + b + in;
        Carry carry = in;
        EXPECT_EQ(TypeParam::add_carry(a, b, carry), static_cast<std::uint64_t>(sum));
        EXPECT_EQ(carry, static_cast<Carry>(sum >> 64)) << a << " + " << b;
        const DoubleWord difference = DoubleWord{a} - b - in;
        Carry borrow = in;
        EXPECT_EQ(TypeParam::sub_borrow(a, b, borrow), static_cast<std::uint64_t>(difference));
        EXPECT_EQ(borrow, static_cast<Carry>(difference >> 64 & 1)) << a << " - " << b;
      }
    }
  }
}

TYPED_TEST(WordArithmetic, MultipliesAndAddsTwoWords) {
  for (const std::uint64_t a : words()) {
    for (const std::uint64_t b : words()) {
      for (const std::uint64_t c : words()) {
        for (const std::uint64_t d : words()) {
          const DoubleWord product = DoubleWord{a} * b + c + d;
          std::uint64_t high = d;
          ASSERT_EQ(TypeParam::multiply_add(a, b, c, high), static_cast<std::uint64_t>(product))
              << a << " * " << b << " + " << c << " + " << d;
          ASSERT_EQ(high, static_cast<std::uint64_t>(product >> 64))
              << a << " * " << b << " + " << c << " + " << d;
        }
      }
    }
  }
}

TEST(NarrowSigned, AddsProductsAndShiftsLikeTheCompiler) {
  const auto expect_same = [](const NarrowSigned& ours, WideSigned theirs) {
    EXPECT_EQ(static_cast<std::uint64_t>(ours), static_cast<std::uint64_t>(theirs));
    for (const int bits : {1, 60, 63}) {
      EXPECT_EQ(static_cast<std::int64_t>(ours >> bits), static_cast<std::int64_t>(theirs >> bits));
      EXPECT_EQ(static_cast<std::int64_t>(ours >> bits >> 63),
                static_cast<std::int64_t>(theirs >> bits >> 63));
    }
  };
  for (const std::uint64_t first : words()) {
    for (const std::uint64_t second : words()) {
      const auto a = static_cast<std::int64_t>(first) >> 1;  // the sum of two products fits
      const auto b = static_cast<std::int64_t>(second);
      expect_same(NarrowSigned(a) * b, WideSigned{a} * b);
      expect_same(NarrowSigned(a) * b + NarrowSigned(b) * a, WideSigned{a} * b + WideSigned{b} * a);
      NarrowSigned sum = NarrowSigned(b);
      sum += NarrowSigned(a);
      expect_same(sum, WideSigned{a} + b);
    }
  }
}
#endif

}  // namespace
}  // namespace hutong::crypto::internal
