#include "crypto/secret_sharing.h"

#include <gtest/gtest.h>

#include <initializer_list>

#include "tests/support/fixed_octets.h"
#include "tests/support/support.h"

namespace hutong::crypto {
namespace {

SecretShare copy(const SecretShare& share) {
  return {.number = share.number, .value = SecretBytes::copy_of(share.value.expose())};
}
std::vector<SecretShare> pick(const std::vector<SecretShare>& all, std::initializer_list<std::size_t> which) {
  std::vector<SecretShare> out;
  for (const std::size_t index : which) {
    out.push_back(copy(all.at(index)));
  }
  return out;
}
Bytes octets(const SecretBytes& secret) { return to_bytes(secret.expose()); }

TEST(SecretSharing, AnyThresholdOfSharesGivesTheSecretBack) {
  test::FixedOctets random(7);
  for (unsigned shares = 2; shares <= 5; ++shares) {
    for (unsigned threshold = 2; threshold <= shares; ++threshold) {
      const Bytes secret = random.bytes(32);
      const auto all = split_secret(secret, threshold, shares, random).value();
      ASSERT_EQ(all.size(), shares);
      for (unsigned chosen = 1; chosen < 1U << shares; ++chosen) {
        std::vector<SecretShare> some;
        for (unsigned index = 0; index < shares; ++index) {
          if ((chosen >> index & 1U) != 0) {
            some.push_back(copy(all[index]));
          }
        }
        EXPECT_EQ(octets(combine_shares(some).value()) == secret, some.size() >= threshold)
            << threshold << " of " << shares << ", chosen " << chosen;
      }
    }
  }
}

TEST(SecretSharing, KnownAnswersOfAnIndependentImplementation) {
  for (const auto& vector : test::load_vectors("crypto/secret_sharing.vec")) {
    std::vector<SecretShare> shares;
    for (const std::string number : {"1", "2", "3"}) {
      if (vector.has("share" + number)) {
        shares.push_back({.number = static_cast<std::uint8_t>(std::stoi(number)),
                          .value = SecretBytes::copy_of(vector.hex("share" + number))});
      }
    }
    EXPECT_EQ(octets(combine_shares(shares).value()), vector.hex("secret")) << vector.name;
  }
}

TEST(SecretSharing, OneShareLessIsAsGoodAsNone) {
  // Every secret is possible with the share at hand: another second share leads to it.
  test::FixedOctets random(8);
  const auto all = split_secret(Bytes{0x5A}, 2, 2, random).value();
  std::vector<bool> reached(256);
  for (unsigned guess = 0; guess < 256; ++guess) {
    auto some = pick(all, {0, 1});
    some[1].value.writable()[0] = static_cast<std::uint8_t>(guess);
    reached.at(octets(combine_shares(some).value())[0]) = true;
  }
  EXPECT_TRUE(std::ranges::all_of(reached, [](bool hit) { return hit; }));
}

TEST(SecretSharing, ParametersAndSharesThatMakeNoSense) {
  const Bytes secret(32, 1);
  for (const auto& [threshold, shares] : {std::pair{1U, 3U}, {0U, 0U}, {4U, 3U}, {2U, 256U}}) {
    EXPECT_EQ(split_secret(secret, threshold, shares).error().reason, "secret_sharing.parameters");
  }
  EXPECT_EQ(split_secret({}, 2, 3).error().reason, "secret_sharing.parameters");
  const auto all = split_secret(secret, 2, 3).value();
  EXPECT_EQ(combine_shares({}).error().reason, "secret_sharing.shares");
  EXPECT_EQ(combine_shares(pick(all, {1, 1})).error().reason, "secret_sharing.shares");
  auto zero = pick(all, {0, 1});
  zero[0].number = 0;
  EXPECT_EQ(combine_shares(zero).error().reason, "secret_sharing.shares");
  auto shorter = pick(all, {0, 1});
  shorter[1].value = SecretBytes(31);
  EXPECT_EQ(combine_shares(shorter).error().reason, "secret_sharing.shares");
}

}  // namespace
}  // namespace hutong::crypto
