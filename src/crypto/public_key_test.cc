#include "crypto/public_key.h"

#include <gtest/gtest.h>

#include <filesystem>

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

Bytes spki_of_certificate(const std::filesystem::path& file) {
  const Bytes der = test::read(file);
  const unsigned char* at = der.data();
  const ossl::Owned<X509, X509_free> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!certificate) {
    return {};
  }
  unsigned char* spki = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &spki);
  const Bytes out(spki, spki + size);
  OPENSSL_free(spki);
  return out;
}

TEST(PublicKey, OfEveryRealCertificateIsRead) {
  HUTONG_NEED_CORPUS();
  std::size_t read = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(test::corpus_path("certs"))) {
    const Bytes spki = file.path().extension() == ".der" ? spki_of_certificate(file.path()) : Bytes{};
    if (spki.empty()) {
      continue;  // lists of revoked certificates, messages, read-me files
    }
    const auto key = PublicKey::from_spki(spki);
    ASSERT_TRUE(key) << file.path() << " " << key.error().reason << ": " << key.error().detail;
    const bool is_standard = key->form() == SpkiForm::kStandard;
    EXPECT_EQ(is_standard, key->to_spki() == spki) << file.path();
    ++read;
  }
  EXPECT_GT(read, 30U);
}

TEST(PublicKey, OfOddRealCertificatesTellsItsForm) {
  HUTONG_NEED_CORPUS();
  const auto form = [](std::string_view name) {
    return PublicKey::from_spki(spki_of_certificate(test::corpus_path(name)))->form();
  };
  EXPECT_EQ(form("certs/odd/explicit_curve_selfsigned.der"), SpkiForm::kExplicitCurve);
  EXPECT_EQ(form("certs/odd/openssl_sm2_spki_alg.der"), SpkiForm::kSm2AlgorithmOid);
  EXPECT_EQ(form("certs/odd/openssl_sm2_india_root.der"), SpkiForm::kSm2AlgorithmOid);
  EXPECT_EQ(form("certs/odd/gmssl_root_generalizedtime.der"), SpkiForm::kStandard);
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
