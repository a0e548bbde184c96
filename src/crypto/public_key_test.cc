#include "crypto/public_key.h"

#include <gtest/gtest.h>

#include <thread>

#include "crypto/internal/openssl_peer.h"
#include "tests/support/support.h"

namespace hutong::crypto {
namespace {

std::string type_name(KeyType type) {
  switch (type) {
    case KeyType::kSm2:
      return "sm2";
    case KeyType::kRsa:
      return "rsa";
    case KeyType::kEc:
      return "ec";
  }
  return "";
}

std::string form_name(SpkiForm form) {
  switch (form) {
    case SpkiForm::kStandard:
      return "standard";
    case SpkiForm::kSm2AlgorithmOid:
      return "algorithm";
    case SpkiForm::kExplicitCurve:
      return "explicit";
  }
  return "";
}

class GoodKeys : public testing::TestWithParam<test::Vector> {};

TEST_P(GoodKeys, AreReadAndWrittenInStandardForm) {
  const test::Vector& vector = GetParam();
  const Bytes der = vector.hex("der");
  const auto key = PublicKey::from_spki(der);
  ASSERT_TRUE(key) << key.error().reason << ": " << key.error().detail;
  EXPECT_EQ(type_name(key->type()), vector.text("type"));
  EXPECT_EQ(key->name(), vector.text("name"));
  EXPECT_EQ(std::to_string(key->bits()), vector.text("bits"));
  EXPECT_EQ(form_name(key->form()), vector.text("form"));
  EXPECT_EQ(key->sm2() != nullptr, key->type() == KeyType::kSm2);
  EXPECT_EQ(key->to_spki(), vector.text("written") == "same" ? der : vector.hex("written"));
}

TEST_P(GoodKeys, AreEqualToWhatTheyWrite) {
  const auto key = PublicKey::from_spki(GetParam().hex("der"));
  ASSERT_TRUE(key);
  const auto again = PublicKey::from_spki(key->to_spki());
  ASSERT_TRUE(again);
  EXPECT_TRUE(*again == *key);
  EXPECT_EQ(again->form(), SpkiForm::kStandard);
}

TEST_P(GoodKeys, KeepTheOctetsThatIdentifiersHash) {
  const Bytes der = GetParam().hex("der");
  const auto key = PublicKey::from_spki(der);
  ASSERT_TRUE(key);
  const Bytes octets = key->key_octets();
  ASSERT_LT(octets.size(), der.size());
  EXPECT_TRUE(equal(ByteView(der).last(octets.size()), octets));
  EXPECT_EQ(der[der.size() - octets.size() - 1], 0);  // the unused-bits octet
}

TEST_P(GoodKeys, AreRefusedWhenCutAnywhere) {
  const Bytes der = GetParam().hex("der");
  for (std::size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(PublicKey::from_spki(ByteView(der).first(size))) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Spki, GoodKeys, testing::ValuesIn(test::load_vectors("crypto/spki.vec")),
                         [](const auto& vector) { return vector.param.name; });

class BadKeys : public testing::TestWithParam<test::Vector> {};

TEST_P(BadKeys, AreRefusedForTheirReason) {
  const auto key = PublicKey::from_spki(GetParam().hex("der"));
  ASSERT_FALSE(key) << key->name();
  EXPECT_EQ(key.error().reason, GetParam().text("reason")) << key.error().detail;
  EXPECT_EQ(key.error().code, key.error().reason == "key.spki" ? Errc::kMalformed : Errc::kPolicy);
}

INSTANTIATE_TEST_SUITE_P(Spki, BadKeys, testing::ValuesIn(test::load_vectors("crypto/spki_refused.vec")),
                         [](const auto& vector) { return vector.param.name; });

TEST(PublicKey, OfOpenSslIsRead) {
  const ossl::Key sm2 = peer::generate_sm2();
  const auto key = PublicKey::from_spki(peer::spki(sm2));
  ASSERT_TRUE(key);
  EXPECT_EQ(key->type(), KeyType::kSm2);
  EXPECT_EQ(key->to_spki(), peer::spki(sm2));
}

TEST(PublicKey, OfOursIsReadByOpenSsl) {
  const PublicKey key(Sm2PrivateKey::generate().public_key());
  const ossl::Key read = peer::read_spki(key.to_spki());
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(EVP_PKEY_is_a(read.get(), "SM2"), 1);
  EXPECT_EQ(peer::spki(read), key.to_spki());
}

TEST(PublicKey, OfTwoOwnersDiffers) {
  EXPECT_FALSE(PublicKey(Sm2PrivateKey::generate().public_key()) ==
               PublicKey(Sm2PrivateKey::generate().public_key()));
}

TEST(PublicKey, LeavesNothingInTheErrorQueueOfOpenSsl) {
  ERR_clear_error();
  for (const test::Vector& vector : test::load_vectors("crypto/spki_refused.vec")) {
    EXPECT_FALSE(PublicKey::from_spki(vector.hex("der")));
  }
  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace hutong::crypto
