#include "crypto/internal/sm2_field_adx.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "crypto/internal/cpu.h"
#include "tests/support/sm2_edge_vectors.h"

namespace hutong::crypto::internal {
namespace {

/// Values below p around which carries, borrows and the final subtraction change.
std::vector<Limbs> edge_values() {
  std::vector<Limbs> values;
  constexpr std::uint64_t kOnes = ~std::uint64_t{0};
  const std::vector<std::uint64_t> words = {0,         1,    0xFFFFFFFF, 0x100000000, 0xFFFFFFFF00000000,
                                            kOnes - 1, kOnes};
  for (const std::uint64_t w0 : words) {
    for (const std::uint64_t w1 : words) {
      for (const std::uint64_t w2 : words) {
        for (const std::uint64_t w3 :
             {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0xFFFFFFFE00000000},
              std::uint64_t{0xFFFFFFFEFFFFFFFE}, std::uint64_t{0xFFFFFFFEFFFFFFFF}}) {
          const Limbs value = {w0, w1, w2, w3};
          if (mask_if_less(value, kFieldPrime) != 0) {
            values.push_back(value);
          }
        }
      }
    }
  }
  for (std::uint64_t i = 1; i < 5; ++i) {
    Limbs below;
    internal::subtract(below, kFieldPrime, {i, 0, 0, 0});
    values.push_back(below);
  }
  return values;
}

/// A fixed seed: a failure shows again.
class Values {
 public:
  Limbs any() { return reduce_once({engine_(), engine_(), engine_(), engine_()}, 0, kFieldPrime); }

 private:
  std::mt19937_64 engine_{20260131};
};

std::string hex_of(const Limbs& limbs) { return to_hex(octets_from(limbs)); }

void expect_same(const Limbs& a, const Limbs& b) {
  EXPECT_EQ(AdxArithmetic::multiply(a, b), PortableArithmetic::multiply(a, b))
      << hex_of(a) << " " << hex_of(b);
  EXPECT_EQ(AdxArithmetic::add(a, b), PortableArithmetic::add(a, b)) << hex_of(a) << " " << hex_of(b);
  EXPECT_EQ(AdxArithmetic::subtract(a, b), PortableArithmetic::subtract(a, b))
      << hex_of(a) << " " << hex_of(b);
  EXPECT_EQ(AdxArithmetic::square(a), PortableArithmetic::square(a)) << hex_of(a);
}

class Sm2AdxArithmetic : public testing::Test {
 protected:
  void SetUp() override {
    if (!cpu_features().bmi2_adx || !cpu_features().avx2) {
      GTEST_SKIP() << "skipped: no BMI2, ADX and AVX2";
    }
  }
};

TEST_F(Sm2AdxArithmetic, ComputesLikeThePortableOneOnRandomValues) {
  Values values;
  for (int i = 0; i < 100'000; ++i) {
    expect_same(values.any(), values.any());
  }
}

TEST_F(Sm2AdxArithmetic, ComputesLikeThePortableOneOnEdgeValues) {
  const std::vector<Limbs> edges = edge_values();
  Values values;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    expect_same(edges[i], edges[i]);
    expect_same(edges[i], values.any());
    for (std::size_t step = 1; step < 100; ++step) {
      expect_same(edges[i], edges[(i + step * 17) % edges.size()]);
    }
  }
}

/// A product that is just about p before the last subtraction: a * (b / a) for small results b.
TEST_F(Sm2AdxArithmetic, ComputesLikeThePortableOneWhereProductsAreSmallOrNearP) {
  Values values;
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    const FieldElement a{values.any()};
    const FieldElement quotient = to_field(Limbs{i, 0, 0, 0}) * invert(a);
    expect_same(a.limbs, quotient.limbs);
    expect_same(a.limbs, negate(quotient).limbs);
  }
}

TEST_F(Sm2AdxArithmetic, ResultMayBeAnOperand) {
  Values values;
  Limbs a = values.any();
  const Limbs b = a;
  a = AdxArithmetic::multiply(a, a);
  EXPECT_EQ(a, PortableArithmetic::square(b));
  a = AdxArithmetic::add(a, a);
  EXPECT_EQ(a, PortableArithmetic::add(PortableArithmetic::square(b), PortableArithmetic::square(b)));
}

TEST_F(Sm2AdxArithmetic, ComputesTheEdgeVectors) {
  test::check_edge_vectors("p", to_field<AdxArithmetic>, from_field<AdxArithmetic>);
}

TEST_F(Sm2AdxArithmetic, ReadsTheWantedRow) {
  Values values;
  std::vector<std::array<Limbs, 3>> rows(16);
  for (auto& row : rows) {
    row = {values.any(), values.any(), values.any()};
  }
  const std::span<const std::array<Limbs, 3>> table(rows);
  for (std::uint64_t number = 0; number <= 16; ++number) {
    const auto expected = number == 0 ? std::array<Limbs, 3>{} : rows[number - 1];
    EXPECT_EQ(AdxArithmetic::read_row(table, number), expected);
    EXPECT_EQ(PortableArithmetic::read_row(table, number), expected);
  }
}

}  // namespace
}  // namespace hutong::crypto::internal
