#include "crypto/pbkdf2.h"

#include <gtest/gtest.h>

#include "crypto/internal/openssl.h"
#include "tests/support/support.h"

namespace hutong::crypto {
namespace {

Bytes derived(DigestAlgorithm prf, std::string_view password, std::string_view salt, std::uint64_t rounds,
              std::size_t size) {
  const auto key = pbkdf2(prf, as_bytes(password), as_bytes(salt), rounds, size);
  EXPECT_TRUE(key) << key.error().reason;
  return to_bytes(key->expose());
}

std::string_view reason(std::uint64_t rounds, std::size_t size, std::size_t salt_size = 8) {
  const auto key = pbkdf2(DigestAlgorithm::kSm3, as_bytes("password"), Bytes(salt_size), rounds, size);
  return key ? "" : key.error().reason;
}

class Pbkdf2Vectors : public testing::TestWithParam<test::Vector> {};

TEST_P(Pbkdf2Vectors, AreMet) {
  const test::Vector& vector = GetParam();
  const auto prf = vector.text("prf") == "SM3" ? DigestAlgorithm::kSm3 : DigestAlgorithm::kSha1;
  const Bytes key = vector.hex("key");
  EXPECT_EQ(derived(prf, vector.text("password"), vector.text("salt"), std::stoull(vector.text("rounds")),
                    key.size()),
            key);
}

INSTANTIATE_TEST_SUITE_P(Pbkdf2, Pbkdf2Vectors, testing::ValuesIn(test::load_vectors("crypto/pbkdf2.vec")),
                         [](const auto& vector) { return vector.param.name; });

TEST(Pbkdf2, EqualsThatOfOpenSsl) {
  constexpr DigestAlgorithm kAll[] = {DigestAlgorithm::kSm3,    DigestAlgorithm::kSha1,
                                      DigestAlgorithm::kSha224, DigestAlgorithm::kSha256,
                                      DigestAlgorithm::kSha384, DigestAlgorithm::kSha512};
  const std::string long_password(200, 'p');
  for (const DigestAlgorithm prf : kAll) {
    for (const std::size_t size : {1U, 16U, 32U, 33U, 100U, 1024U}) {
      for (const std::string_view password : {std::string_view(""), std::string_view(long_password)}) {
        Bytes expected(size);
        ASSERT_EQ(
            PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), as_bytes("salt").data(), 4,
                              3, ossl::message_digest(prf), static_cast<int>(size), expected.data()),
            1);
        EXPECT_EQ(derived(prf, password, "salt", 3, size), expected) << digest_name(prf) << " " << size;
      }
    }
  }
}

TEST(Pbkdf2, RefusesWhatMakesNoSense) {
  EXPECT_EQ(reason(0, 16), "pbkdf2.parameters");
  EXPECT_EQ(reason(1, 0), "pbkdf2.parameters");
  EXPECT_EQ(reason(1, 16), "");
}

TEST(Pbkdf2, BoundsItsWork) {
  EXPECT_EQ(reason(10'000'001, 16), "pbkdf2.rounds");
  EXPECT_EQ(reason(~std::uint64_t{0}, 16), "pbkdf2.rounds");
  EXPECT_EQ(reason(1, 1025), "pbkdf2.size");
  EXPECT_EQ(reason(1, 16, kPbkdf2MostInput + 1), "pbkdf2.size");
}

}  // namespace
}  // namespace hutong::crypto
