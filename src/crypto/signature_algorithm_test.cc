#include <gtest/gtest.h>

#include "crypto/signature.h"
#include "tests/support/support.h"

namespace hutong::crypto {
namespace {

class Identifiers : public testing::TestWithParam<test::Vector> {};

TEST_P(Identifiers, AreReadOrRefused) {
  const auto algorithm = SignatureAlgorithm::from_der(GetParam().hex("der"));
  if (GetParam().has("reason")) {
    ASSERT_FALSE(algorithm) << algorithm->name();
    EXPECT_EQ(algorithm.error().reason, GetParam().text("reason")) << algorithm.error().detail;
    EXPECT_EQ(algorithm.error().code,
              algorithm.error().reason == "signature.algorithm" ? Errc::kMalformed : Errc::kPolicy);
    return;
  }
  ASSERT_TRUE(algorithm) << algorithm.error().detail;
  EXPECT_EQ(algorithm->name(), GetParam().text("name"));
  EXPECT_EQ(algorithm->to_der(),
            GetParam().text("written") == "same" ? GetParam().hex("der") : GetParam().hex("written"));
  EXPECT_EQ(SignatureAlgorithm::from_der(algorithm->to_der()).value(), *algorithm);
}

TEST_P(Identifiers, AreRefusedWhenCutOrContinued) {
  Bytes der = GetParam().hex("der");
  for (std::size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(SignatureAlgorithm::from_der(ByteView(der).first(size))) << size;
  }
  der.push_back(0);
  EXPECT_FALSE(SignatureAlgorithm::from_der(der));
}

INSTANTIATE_TEST_SUITE_P(Signature, Identifiers,
                         testing::ValuesIn(test::load_vectors("crypto/signature_algorithm.vec")),
                         [](const auto& vector) { return vector.param.name; });

TEST(SignatureAlgorithm, OfPssKeepsItsNumbers) {
  // SHA-256, MGF1 with SHA-1, a salt of 7 octets.
  const auto algorithm = SignatureAlgorithm::from_der(
      test::hex("302306092A864886F70D01010A3016A00F300D06096086480165030402010500"
                "A203020107"));
  ASSERT_TRUE(algorithm) << algorithm.error().detail;
  EXPECT_EQ(algorithm->digest, DigestAlgorithm::kSha256);
  EXPECT_EQ(algorithm->pss_mgf_digest, DigestAlgorithm::kSha1);
  EXPECT_EQ(algorithm->pss_salt_size, 7U);
}

TEST(SignatureAlgorithm, FitsItsKeyOnly) {
  const SignatureAlgorithm rsa{SignatureScheme::kRsaPkcs1, DigestAlgorithm::kSha256};
  const SignatureAlgorithm pss{SignatureScheme::kRsaPss, DigestAlgorithm::kSha256, 32,
                               DigestAlgorithm::kSha256};
  const SignatureAlgorithm ecdsa{SignatureScheme::kEcdsa, DigestAlgorithm::kSha256};
  const auto fitting = [](const SignatureAlgorithm& algorithm) {
    return std::vector<bool>{algorithm.fits(KeyType::kSm2), algorithm.fits(KeyType::kRsa),
                             algorithm.fits(KeyType::kEc)};
  };
  EXPECT_EQ(fitting(kSm2WithSm3), (std::vector<bool>{true, false, false}));
  EXPECT_EQ(fitting(rsa), (std::vector<bool>{false, true, false}));
  EXPECT_EQ(fitting(pss), (std::vector<bool>{false, true, false}));
  EXPECT_EQ(fitting(ecdsa), (std::vector<bool>{false, false, true}));
}

TEST(SignatureAlgorithm, ThatNobodyNamedCannotBeWritten) {
  const SignatureAlgorithm nonsense{SignatureScheme::kEcdsa, DigestAlgorithm::kSm3};
  EXPECT_THROW(nonsense.to_der(), std::invalid_argument);
}

}  // namespace
}  // namespace hutong::crypto
