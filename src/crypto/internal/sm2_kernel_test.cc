#include "crypto/internal/sm2_kernel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/encoding.h"
#include "crypto/internal/sm2_field.h"
#include "crypto/internal/sm2_octets.h"
#include "crypto/internal/sm2_point.h"
#include "crypto/internal/sm2_scalar.h"
#include "crypto/random.h"
#include "tests/support/openssl_curve.h"
#include "tests/support/support.h"

namespace hutong::crypto::internal {
namespace {

using PeerCurve = test::peer::Curve;
using test::peer::BigNumber;
using test::peer::BigNumberContext;
using test::peer::number_from;
using test::peer::octets_of;

Sm2ScalarOctets small(std::uint64_t value) { return octets_from(Limbs{value, 0, 0, 0}); }
Sm2ScalarOctets minus(std::uint64_t value) { return (Scalar{} - Scalar{{value, 0, 0, 0}}).octets(); }
Sm2ScalarOctets random_scalar() {
  Sm2ScalarOctets out;
  system_random().fill(out);
  return Scalar::reduce(out).octets();
}

/// Scalars where windows overflow, carry or cancel, besides random ones.
std::vector<Sm2ScalarOctets> interesting_scalars() {
  std::vector<Sm2ScalarOctets> scalars;
  for (std::uint64_t i = 0; i <= 70; ++i) {
    scalars.push_back(small(i));
    if (i != 0) {
      scalars.push_back(minus(i));
    }
  }
  for (std::size_t bit = 0; bit < 256; ++bit) {
    Limbs power{};
    power[bit / 64] = std::uint64_t{1} << bit % 64;
    scalars.push_back(Scalar::reduce(octets_from(power)).octets());
  }
  for (const std::string_view text : {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                      "5555555555555555555555555555555555555555555555555555555555555555",
                                      "8421084210842108421084210842108421084210842108421084210842108421",
                                      "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
                                      "FFFFFFFE00000000000000000000000000000000000000000000000000000000",
                                      // the two for which a batch adds equal points in the last round
                                      "FFFFFFFEFFFFFFFE00000000000000008DFC2094DE39FAD4AC440BF6C62ABEDD",
                                      "0000000000000001FFFFFFFFFFFFFFFEE407BED6438C0A56A777E81273AA8246",
                                      "00000001000000000000000000000000000000008DFC2094DE39FAD4AC440BF6"}) {
    scalars.push_back(scalar_octets(test::hex(text)));
  }
  for (int i = 0; i < 50; ++i) {
    scalars.push_back(random_scalar());
  }
  return scalars;
}

bool same(const Sm2Coordinates& a, const Sm2Coordinates& b) { return a.x == b.x && a.y == b.y; }

class Sm2Kernels : public testing::TestWithParam<const Sm2Kernel*> {
 protected:
  const Sm2Kernel& kernel_ = *GetParam();
  PeerCurve peer_;
  Sm2Coordinates generator_;
  void SetUp() override { ASSERT_TRUE(kernel_.multiply_base(small(1), generator_)); }
};

TEST_P(Sm2Kernels, MultiplyTheGeneratorLikeOpenssl) {
  for (const Sm2ScalarOctets& k : interesting_scalars()) {
    const auto expected = peer_.combine(k, small(0), generator_);
    Sm2Coordinates out;
    ASSERT_EQ(kernel_.multiply_base(k, out), expected.has_value()) << to_hex(k);
    EXPECT_TRUE(!expected || same(out, *expected)) << to_hex(k);
  }
}

TEST_P(Sm2Kernels, MultiplyPointsLikeOpenssl) {
  Sm2Coordinates other;
  ASSERT_TRUE(kernel_.multiply_base(random_scalar(), other));
  for (const Sm2Coordinates& point : {generator_, other}) {
    for (const Sm2ScalarOctets& k : interesting_scalars()) {
      const auto expected = peer_.combine(small(0), k, point);
      Sm2Coordinates out;
      ASSERT_EQ(kernel_.multiply(k, point, out), expected.has_value()) << to_hex(k);
      EXPECT_TRUE(!expected || same(out, *expected)) << to_hex(k);
    }
  }
}

TEST_P(Sm2Kernels, ShareInversionsWithoutOtherResults) {
  Sm2Coordinates point;
  ASSERT_TRUE(kernel_.multiply_base(random_scalar(), point));
  const auto prepared = kernel_.prepare(point);
  std::vector<Sm2ScalarOctets> scalars = interesting_scalars();
  std::erase(scalars, small(0));
  std::vector<Sm2ScalarOctets> x(scalars.size());
  kernel_.multiply_base_x(scalars, x);
  for (std::size_t i = 0; i < scalars.size(); ++i) {
    Sm2Coordinates base_product;
    Sm2Coordinates product;
    ASSERT_TRUE(kernel_.multiply_base(scalars[i], base_product));
    ASSERT_TRUE(kernel_.multiply(scalars[i], point, product));
    EXPECT_EQ(x[i], base_product.x) << to_hex(scalars[i]);
    Sm2Coordinates base_out;
    Sm2Coordinates out;
    kernel_.multiply_both(scalars[i], point, base_out, out);
    EXPECT_TRUE(same(base_out, base_product) && same(out, product)) << to_hex(scalars[i]);
    prepared->multiply_both(scalars[i], base_out, out);
    EXPECT_TRUE(same(base_out, base_product) && same(out, product)) << to_hex(scalars[i]);
  }
}

TEST_P(Sm2Kernels, AddLikeOpensslAlsoEqualAndOppositePoints) {
  Sm2Coordinates point;
  ASSERT_TRUE(kernel_.multiply_base(random_scalar(), point));
  for (const Sm2ScalarOctets& k : interesting_scalars()) {
    const auto expected = peer_.combine(small(1), k, point);
    Sm2Coordinates out;
    ASSERT_EQ(kernel_.multiply_add_public(k, point, generator_, out), expected.has_value());
    EXPECT_TRUE(!expected || same(out, *expected)) << to_hex(k);
  }
  Sm2Coordinates twice;
  Sm2Coordinates out;
  ASSERT_TRUE(kernel_.multiply_base(small(2), twice));
  ASSERT_TRUE(kernel_.multiply_add_public(small(1), generator_, generator_, out));
  EXPECT_TRUE(same(out, twice));
  EXPECT_FALSE(kernel_.multiply_add_public(minus(1), generator_, generator_, out));
}

TEST_P(Sm2Kernels, RecogniseTheXOfASum) {
  Sm2Coordinates point;
  ASSERT_TRUE(kernel_.multiply_base(random_scalar(), point));
  const auto prepared = kernel_.prepare(point);
  const auto scalars = interesting_scalars();
  for (std::size_t i = 0; i < scalars.size(); ++i) {
    const Sm2ScalarOctets& s = scalars[i];
    const Sm2ScalarOctets& t = scalars[(i * 7 + 3) % scalars.size()];
    const auto sum = peer_.combine(s, t, point);
    if (!sum) {
      continue;
    }
    const Scalar x = Scalar::reduce(sum->x);
    EXPECT_TRUE(kernel_.has_x(s, t, point, x.octets())) << to_hex(s) << " " << to_hex(t);
    EXPECT_FALSE(kernel_.has_x(s, t, point, (x + kScalarOne).octets()));
    EXPECT_TRUE(prepared->has_x(s, t, x.octets())) << to_hex(s) << " " << to_hex(t);
    EXPECT_FALSE(prepared->has_x(s, t, (x + kScalarOne).octets()));
  }
  EXPECT_FALSE(kernel_.prepare(generator_)->has_x(small(5), minus(5), small(0)));
  EXPECT_FALSE(kernel_.has_x(small(5), minus(5), generator_, small(0)));  // infinity has no x
  EXPECT_TRUE(kernel_.has_x(small(5), small(5), generator_, [&] {
    Sm2Coordinates ten;
    kernel_.multiply_base(small(10), ten);
    return Scalar::reduce(ten.x).octets();
  }()));
}

/// Points whose x is in [n, p) are known, but not their logarithms: the sum is such a point itself.
TEST_P(Sm2Kernels, RecogniseAnXThatIsNotBelowTheOrder) {
  Limbs x = kGroupOrder;
  Sm2Coordinates point;
  do {
    add(x, x, {1, 0, 0, 0});
    point = peer_.lift(octets_from(x));
  } while (!is_on_curve(point));
  Limbs reduced;
  subtract(reduced, x, kGroupOrder);
  EXPECT_TRUE(kernel_.has_x(small(0), small(1), point, octets_from(reduced)));
  EXPECT_TRUE(kernel_.prepare(point)->has_x(small(0), small(1), octets_from(reduced)));
  EXPECT_FALSE(kernel_.has_x(small(0), small(1), generator_, octets_from(reduced)));
}

INSTANTIATE_TEST_SUITE_P(OnThisProcessor, Sm2Kernels,
                         testing::ValuesIn(sm2_kernels().begin(), sm2_kernels().end()),
                         [](const auto& kernel) { return std::string(kernel.param->name); });

/// Arithmetic of one modulus against OpenSSL's, on edge values and random ones.
template <typename Operation, typename Expected>
void check_arithmetic(const Limbs& modulus, Operation operation, Expected expected) {
  std::vector<Limbs> values = {{0, 0, 0, 0}, {1, 0, 0, 0}, {2, 0, 0, 0}, {0, 0, 0, 1}};
  for (const std::uint64_t i : {1U, 2U, 3U}) {
    Limbs below;
    subtract(below, modulus, {i, 0, 0, 0});
    values.push_back(below);
  }
  for (int i = 0; i < 40; ++i) {
    Sm2ScalarOctets octets;
    system_random().fill(octets);
    values.push_back(reduce_once(limbs_from(octets), 0, modulus));
  }
  const BigNumber m = number_from(octets_from(modulus));
  const BigNumberContext context(BN_CTX_new());
  for (const Limbs& a : values) {
    for (const Limbs& b : values) {
      const BigNumber result(BN_new());
      expected(result.get(), number_from(octets_from(a)).get(), number_from(octets_from(b)).get(), m.get(),
               context.get());
      EXPECT_EQ(to_hex(octets_from(operation(a, b))), to_hex(octets_of(result.get())));
    }
  }
}

TEST(Sm2Field, ComputesLikeOpenssl) {
  check_arithmetic(
      kFieldPrime, [](const Limbs& a, const Limbs& b) { return from_field(to_field(a) * to_field(b)); },
      BN_mod_mul);
  check_arithmetic(
      kFieldPrime, [](const Limbs& a, const Limbs&) { return from_field(square(to_field(a))); },
      [](BIGNUM* r, const BIGNUM* a, const BIGNUM*, const BIGNUM* m, BN_CTX* c) { BN_mod_sqr(r, a, m, c); });
  check_arithmetic(
      kFieldPrime, [](const Limbs& a, const Limbs& b) { return from_field(to_field(a) + to_field(b)); },
      BN_mod_add);
  check_arithmetic(
      kFieldPrime, [](const Limbs& a, const Limbs& b) { return from_field(to_field(a) - to_field(b)); },
      BN_mod_sub);
}

TEST(Sm2Scalar, ComputesLikeOpenssl) {
  check_arithmetic(
      kGroupOrder, [](const Limbs& a, const Limbs& b) { return (Scalar{a} * Scalar{b}).limbs; }, BN_mod_mul);
  check_arithmetic(
      kGroupOrder, [](const Limbs& a, const Limbs& b) { return (Scalar{a} + Scalar{b}).limbs; }, BN_mod_add);
  check_arithmetic(
      kGroupOrder, [](const Limbs& a, const Limbs& b) { return (Scalar{a} - Scalar{b}).limbs; }, BN_mod_sub);
}

TEST(Sm2Arithmetic, InversesMultiplyToOne) {
  for (int i = 0; i < 20; ++i) {
    const Limbs value = limbs_from(random_scalar());
    const FieldElement element = to_field(value);
    EXPECT_EQ(element * invert(element), FieldElement::one());
    const Scalar scalar{value};
    EXPECT_EQ((scalar * invert(scalar)).limbs, kScalarOne.limbs);
  }
  EXPECT_EQ(invert(FieldElement{}), FieldElement{});
  EXPECT_EQ(invert(Scalar{}).limbs, Limbs{});
}

}  // namespace
}  // namespace hutong::crypto::internal
