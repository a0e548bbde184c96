#include "crypto/internal/sm2_multiples.h"

#include <gtest/gtest.h>

#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_octets.h"

namespace hutong::crypto::internal {
namespace {

using Arithmetic = PortableArithmetic;
using Jacobian = JacobianPoint<Arithmetic>;
using Affine = AffinePoint<Arithmetic>;

constexpr FieldElement kMinusThree = {
    {0xFFFFFFFFFFFFFFFC, 0xFFFFFFFC00000003, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFBFFFFFFFF}};

/// k*G by the kernel's table.
Affine times_generator(std::uint64_t k) {
  Sm2Coordinates out;
  EXPECT_TRUE(kSm2Portable.multiply_base(octets_from(Limbs{k, 0, 0, 0}), out));
  return from_coordinates<Arithmetic>(out);
}
Affine affine(const Jacobian& point) { return to_affine<Arithmetic>(std::span(&point, 1)).front(); }

void expect_same(const Jacobian& point, const Affine& expected) {
  const Affine actual = affine(point);
  EXPECT_EQ(actual.x, expected.x);
  EXPECT_EQ(actual.y, expected.y);
}

TEST(Sm2Multiples, OddOnesAreOdd) {
  for (const std::uint64_t k : {1U, 2U, 3U, 1'000'003U}) {
    const auto multiples = CommonMultiples<Arithmetic, 8>::odd(times_generator(k));
    for (std::uint64_t i = 0; i < 8; ++i) {
      expect_same(multiples.bring_back(to_jacobian(multiples.points()[i])), times_generator((2 * i + 1) * k));
    }
  }
}

/// With a start whose Z is not one, as in the second and later windows of a table.
TEST(Sm2Multiples, ConsecutiveOnesFollowEachOther) {
  for (const std::uint64_t k : {1U, 2U, 3U, 1'000'003U}) {
    const Jacobian start = twice(twice(to_jacobian(times_generator(k))));
    const auto chain = MultipleChain<Arithmetic, 16>::consecutive(start);
    expect_same(chain.last(), times_generator(64 * k));
    const auto points = chain.over_one_z(invert(chain.z()));
    for (std::uint64_t i = 0; i < 16; ++i) {
      expect_same(to_jacobian(points[i]), times_generator(4 * (i + 1) * k));
    }
  }
}

/// On their curve they are added and doubled like affine points, whatever way leads to a sum.
TEST(Sm2Multiples, AddUpOnTheirCurve) {
  const auto multiples = CommonMultiples<Arithmetic, 8>::odd(times_generator(5));
  const auto& points = multiples.points();
  const Jacobian three = to_jacobian(points[1]);
  expect_same(multiples.bring_back(twice_times(three, 4, multiples.a())), times_generator(48 * 5));
  expect_same(multiples.bring_back(add_public(three, points[1], multiples.a())), times_generator(6 * 5));
  expect_same(multiples.bring_back(add_public(three, points[7], multiples.a())), times_generator(18 * 5));
  const Affine opposite = {points[1].x, negate(points[1].y)};
  EXPECT_NE(add_public(three, opposite, multiples.a()).is_infinity(), 0U);
  EXPECT_NE(twice_times(Jacobian{}, 5, multiples.a()).is_infinity(), 0U);
}

TEST(Sm2Multiples, RepeatedDoublingsAreDoublings) {
  FieldElement three = twice(FieldElement::one()) + FieldElement::one();
  EXPECT_EQ(negate(three), kMinusThree);
  Jacobian point =
      add_public(to_jacobian(times_generator(7)), twice(to_jacobian(times_generator(11))));  // 29
  expect_same(twice_times(point, 0, kMinusThree), times_generator(29));
  for (std::size_t times = 1; times < 8; ++times) {
    expect_same(twice_times(point, times, kMinusThree), times_generator(std::uint64_t{29} << times));
  }
}

}  // namespace
}  // namespace hutong::crypto::internal
