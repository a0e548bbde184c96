#include "crypto/internal/safegcd.h"

#include <gtest/gtest.h>
#include <openssl/bn.h>

#include <random>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "crypto/internal/sm2_field.h"
#include "crypto/internal/sm2_scalar.h"
#include "tests/support/openssl_curve.h"

namespace hutong::crypto::internal {
namespace {

using test::peer::BigNumber;

/// The largest primes below 2^256 and below 2^255 show that nothing depends on the shape of p or n.
constexpr Limbs kLargestPrime = {0xFFFFFFFFFFFFFF43, ~std::uint64_t{0}, ~std::uint64_t{0}, ~std::uint64_t{0}};
constexpr Limbs kPrime25519 = {0xFFFFFFFFFFFFFFED, ~std::uint64_t{0}, ~std::uint64_t{0}, 0x7FFFFFFFFFFFFFFF};

BigNumber number_of(const Limbs& limbs) { return test::peer::number_from(octets_from(limbs)); }
std::string text(const Limbs& limbs) { return to_hex(octets_from(limbs)); }

/// 1/a by OpenSSL.
std::string expected_inverse(const Limbs& a, const Limbs& modulus) {
  static BN_CTX* const context = BN_CTX_new();
  const BigNumber inverse(BN_mod_inverse(nullptr, number_of(a).get(), number_of(modulus).get(), context));
  std::array<std::uint8_t, 32> out{};
  BN_bn2binpad(inverse.get(), out.data(), static_cast<int>(out.size()));
  return to_hex(out);
}

/// Powers of two, numbers around them, around zero and around the modulus, and where limbs of 60 and words of
/// 64 bits are full; below the modulus and not zero.
std::vector<Limbs> interesting_values(const Limbs& modulus) {
  std::vector<Limbs> values;
  const auto add_if_fit = [&](const Limbs& value) {
    if (mask_if_less(value, modulus) != 0 && mask_if_zero(value) == 0) {
      values.push_back(value);
    }
  };
  for (std::size_t bit = 0; bit < 256; ++bit) {
    Limbs power{};
    power[bit / 64] = std::uint64_t{1} << bit % 64;
    Limbs other;
    add_if_fit(power);
    subtract(other, power, {1, 0, 0, 0});
    add_if_fit(other);
    add(other, power, {1, 0, 0, 0});
    add_if_fit(other);
    subtract(other, modulus, power);
    add_if_fit(other);
    subtract(other, {}, power);
    add_if_fit(other);
  }
  for (std::uint64_t i = 1; i < 40; ++i) {
    Limbs below;
    subtract(below, modulus, {i, 0, 0, 0});
    add_if_fit(below);
    add_if_fit({i, 0, 0, 0});
  }
  std::mt19937_64 random(20260131);  // a fixed seed: a failure shows again
  for (int i = 0; i < 2'000; ++i) {
    add_if_fit({random(), random(), random(), random()});
    add_if_fit({random(), 0, 0, random() >> (i % 64)});
  }
  return values;
}

template <const Limbs& kModulus>
void expect_inverses_like_openssl() {
  for (const Limbs& a : interesting_values(kModulus)) {
    ASSERT_EQ(text(invert_modulo<kModulus>(a)), expected_inverse(a, kModulus)) << text(a);
  }
  EXPECT_EQ(invert_modulo<kModulus>({}), Limbs{});
}

TEST(Safegcd, InvertsModuloTheFieldPrime) { expect_inverses_like_openssl<kFieldPrime>(); }
TEST(Safegcd, InvertsModuloTheGroupOrder) { expect_inverses_like_openssl<kGroupOrder>(); }
TEST(Safegcd, InvertsModuloTheLargestPrime) { expect_inverses_like_openssl<kLargestPrime>(); }
TEST(Safegcd, InvertsModuloAShorterPrime) { expect_inverses_like_openssl<kPrime25519>(); }

TEST(Safegcd, IsItsOwnInverse) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const Limbs a = reduce_once({random(), random(), random(), random()}, 0, kGroupOrder);
    ASSERT_EQ(invert_modulo<kGroupOrder>(invert_modulo<kGroupOrder>(a)), a) << text(a);
  }
}

/// The words that twenty steps pack hold three numbers each; unpacked they must do to f and g what single
/// steps do, whatever the low bits are.
TEST(Safegcd, TwentyStepsAreTwentySingleSteps) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 100'000; ++i) {
    const std::int64_t low_f = static_cast<std::int64_t>(random() >> 44) | 1;
    const std::int64_t low_g =
        i % 5 == 0 ? -(i / 5 % 2) & 0xFFFFF : static_cast<std::int64_t>(random() >> 44);
    const std::int64_t start = static_cast<std::int64_t>(random() % 64) - 32;
    std::int64_t zeta = start;
    const safegcd::Matrix m =
        safegcd::twenty_steps(zeta, static_cast<std::uint64_t>(low_f), static_cast<std::uint64_t>(low_g));
    std::int64_t f = low_f;
    std::int64_t g = low_g;
    std::int64_t delta_by_two = -2 * start - 1;
    for (int step = 0; step < 20; ++step) {
      if ((g & 1) == 0) {
        g = g / 2;
        delta_by_two += 2;
      } else if (delta_by_two > 0) {
        const std::int64_t old_f = f;
        f = g;
        g = (g - old_f) / 2;
        delta_by_two = 2 - delta_by_two;
      } else {
        g = (g + f) / 2;
        delta_by_two += 2;
      }
    }
    ASSERT_EQ(m.u * low_f + m.v * low_g, f << 20);
    ASSERT_EQ(m.q * low_f + m.r * low_g, g << 20);
    ASSERT_EQ(-2 * zeta - 1, delta_by_two);
  }
}

}  // namespace
}  // namespace hutong::crypto::internal
