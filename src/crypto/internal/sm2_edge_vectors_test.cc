#include "tests/support/sm2_edge_vectors.h"

#include "crypto/internal/sm2_field.h"
#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_scalar.h"

namespace hutong::crypto::internal {
namespace {

using test::Json;

TEST(Sm2EdgeVectors, OfThePortableField) {
  test::check_edge_vectors("p", to_field<PortableArithmetic>, from_field<PortableArithmetic>);
}

/// Scalars as elements of a ring with squares.
struct RingScalar : Scalar {};
RingScalar operator+(const RingScalar& a, const RingScalar& b) { return {Scalar(a) + Scalar(b)}; }
RingScalar operator-(const RingScalar& a, const RingScalar& b) { return {Scalar(a) - Scalar(b)}; }
RingScalar operator*(const RingScalar& a, const RingScalar& b) { return {Scalar(a) * Scalar(b)}; }
RingScalar square(const RingScalar& a) { return a * a; }
RingScalar invert(const RingScalar& a) { return {internal::invert(Scalar(a))}; }

TEST(Sm2EdgeVectors, OfTheScalars) {
  test::check_edge_vectors(
      "n", [](const Limbs& limbs) { return RingScalar{{limbs}}; },
      [](const RingScalar& scalar) { return scalar.limbs; });
}

class Sm2EdgeVectors : public testing::TestWithParam<const Sm2Kernel*> {};

Sm2Coordinates point_in(const Json& point) {
  return {test::octets_in(point.at("x")), test::octets_in(point.at("y"))};
}

TEST_P(Sm2EdgeVectors, OfPoints) {
  constexpr Sm2ScalarOctets kZero{};
  Sm2ScalarOctets one{};
  one.back() = 1;
  Sm2Coordinates generator;
  ASSERT_TRUE(GetParam()->multiply_base(one, generator));
  test::for_each_edge_vector("multiply point", "", [&](const Json& vector) {
    const Sm2ScalarOctets k = test::octets_in(vector.at("k"));
    const Sm2Coordinates point = point_in(vector.at("point"));
    const bool is_finite = vector.at("result") != "infinity";
    const auto expect = [&](bool finite, const Sm2Coordinates& out) {
      ASSERT_EQ(finite, is_finite);
      if (is_finite) {
        const Sm2Coordinates expected = point_in(vector.at("result"));
        EXPECT_EQ(to_hex(out.x), to_hex(expected.x));
        EXPECT_EQ(to_hex(out.y), to_hex(expected.y));
      }
    };
    Sm2Coordinates out;
    expect(GetParam()->multiply(k, point, out), out);
    if (point.x == generator.x && point.y == generator.y) {
      expect(GetParam()->multiply_base(k, out), out);
    }
    if (is_finite) {
      const Scalar x = Scalar::reduce(test::octets_in(vector.at("result").at("x")));
      EXPECT_TRUE(GetParam()->has_x(kZero, k, point, x.octets()));
      EXPECT_FALSE(GetParam()->has_x(kZero, k, point, (x + kScalarOne).octets()));
    }
  });
}

INSTANTIATE_TEST_SUITE_P(OnThisProcessor, Sm2EdgeVectors,
                         testing::ValuesIn(sm2_kernels().begin(), sm2_kernels().end()),
                         [](const auto& kernel) { return std::string(kernel.param->name); });

}  // namespace
}  // namespace hutong::crypto::internal
