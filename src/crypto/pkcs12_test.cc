#include <gtest/gtest.h>

#include "crypto/internal/openssl_peer.h"
#include "crypto/key_file.h"
#include "tests/support/support.h"

namespace hutong::crypto {
namespace {

constexpr std::string_view kStorePassword = "12345678";

using X509Handle = ossl::Owned<X509, X509_free>;
using Pkcs12Handle = ossl::Owned<PKCS12, PKCS12_free>;
using Name = ossl::Owned<X509_NAME, X509_NAME_free>;

/// A certificate that says little, signed by its own key.
Bytes certificate_of(const ossl::Key& key, const char* common_name) {
  const X509Handle certificate(X509_new());
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  const Name name(X509_NAME_new());
  X509_NAME_add_entry_by_txt(name.get(), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
  X509_set_subject_name(certificate.get(), name.get());
  X509_set_issuer_name(certificate.get(), name.get());
  X509_set_pubkey(certificate.get(), key.get());
  const bool is_sm2 = EVP_PKEY_is_a(key.get(), "SM2") == 1;
  EXPECT_GT(X509_sign(certificate.get(), key.get(), is_sm2 ? EVP_sm3() : EVP_sha256()), 0);
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate.get(), &der);
  const Bytes out(der, der + size);
  OPENSSL_free(der);
  return out;
}

X509Handle parse_certificate(ByteView der) {
  const unsigned char* at = der.data();
  return X509Handle(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

/// What `openssl pkcs12 -export` does, with the ciphers given by their numbers.
Bytes openssl_pkcs12(const ossl::Key& key, ByteView certificate, int key_cipher, int certificate_cipher,
                     int rounds = 2) {
  const X509Handle own = parse_certificate(certificate);
  const std::string password(kStorePassword);
  const Pkcs12Handle file(PKCS12_create(password.c_str(), "name", key.get(), own.get(), nullptr, key_cipher,
                                        certificate_cipher, rounds, rounds, 0));
  EXPECT_NE(file, nullptr);
  unsigned char* der = nullptr;
  const int size = i2d_PKCS12(file.get(), &der);
  const Bytes out(der, der + size);
  OPENSSL_free(der);
  return out;
}

ossl::Key openssl_key(const Sm2PrivateKey& key) {
  const SecretBytes der = write_pkcs8(key);
  return peer::read_private_key(der.expose());
}

std::string_view reason(const Result<Pkcs12Content>& content) {
  return content ? "" : content.error().reason;
}

TEST(Pkcs12, OfOpenSslIsReadWithEveryUsualCipher) {
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  const Bytes certificate = certificate_of(openssl_key(key), "own");
  constexpr int kNone = -1;
  for (const int cipher : {0, NID_aes_128_cbc, NID_sm4_cbc, NID_pbe_WithSHA1And3_Key_TripleDES_CBC, kNone}) {
    const Bytes file = openssl_pkcs12(openssl_key(key), certificate, cipher, cipher);
    const auto content = read_pkcs12(file, kStorePassword);
    ASSERT_TRUE(content) << cipher << " " << content.error().reason << ": " << content.error().detail;
    ASSERT_TRUE(content->key);
    EXPECT_EQ(content->key->public_key(), key.public_key());
    EXPECT_EQ(content->certificates, std::vector<Bytes>{certificate});
    EXPECT_EQ(reason(read_pkcs12(file, "wrong")), "pkcs12.password");
    EXPECT_EQ(reason(read_pkcs12(file, "")), "pkcs12.password");
  }
}

TEST(Pkcs12, OfOursIsReadBackAndByOpenSsl) {
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  const Bytes own = certificate_of(openssl_key(key), "own");
  const Bytes issuer = certificate_of(peer::generate_sm2(), "issuer");
  const auto file = write_pkcs12(key, {own, issuer}, kStorePassword, "名字");
  ASSERT_TRUE(file) << file.error().detail;
  const auto content = read_pkcs12(*file, kStorePassword);
  ASSERT_TRUE(content) << content.error().reason << ": " << content.error().detail;
  EXPECT_EQ(content->key->public_key(), key.public_key());
  EXPECT_EQ(content->certificates, (std::vector<Bytes>{own, issuer}));

  const unsigned char* at = file->data();
  const Pkcs12Handle parsed(d2i_PKCS12(nullptr, &at, static_cast<long>(file->size())));
  ASSERT_NE(parsed, nullptr);
  EVP_PKEY* raw_key = nullptr;
  X509* raw_certificate = nullptr;
  const std::string password(kStorePassword);
  ASSERT_EQ(PKCS12_parse(parsed.get(), password.c_str(), &raw_key, &raw_certificate, nullptr), 1);
  const ossl::Key read_key(raw_key);
  const X509Handle read_certificate(raw_certificate);
  EXPECT_TRUE(equal(peer::private_scalar(read_key), key.expose().expose()));
  EXPECT_EQ(X509_cmp(read_certificate.get(), parse_certificate(own).get()), 0);
}

TEST(Pkcs12, MayBeWrittenWithoutCertificates) {
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  const auto file = write_pkcs12(key, {}, "", "");
  ASSERT_TRUE(file) << file.error().detail;
  const auto content = read_pkcs12(*file, "");
  ASSERT_TRUE(content) << content.error().reason;
  EXPECT_EQ(content->key->public_key(), key.public_key());
  EXPECT_TRUE(content->certificates.empty());
}

TEST(Pkcs12, IsNotWrittenWithTheCertificateOfAnother) {
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  const auto file =
      write_pkcs12(key, {certificate_of(peer::generate_sm2(), "other")}, kStorePassword, "name");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().reason, "key_file.mismatch");
  const auto broken = write_pkcs12(key, {Bytes{0x30, 0x00}}, kStorePassword, "name");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().reason, "pkcs12.format");
}

TEST(Pkcs12, WithAnotherKindOfKeyIsUnsupported) {
  const ossl::Key key = peer::generate_ec("P-256");
  const Bytes file = openssl_pkcs12(key, certificate_of(key, "own"), 0, 0);
  EXPECT_EQ(reason(read_pkcs12(file, kStorePassword)), "pkcs12.unsupported");
}

TEST(Pkcs12, WithTooManyRoundsIsRefusedBeforeTheWork) {
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  const Bytes certificate = certificate_of(openssl_key(key), "own");
  const Bytes file = openssl_pkcs12(openssl_key(key), certificate, 0, 0, 2000);
  EXPECT_EQ(reason(read_pkcs12(file, kStorePassword, {.most_rounds = 1999})), "pbkdf2.rounds");
  EXPECT_TRUE(read_pkcs12(file, kStorePassword, {.most_rounds = 2000}));
}

TEST(Pkcs12, IsRefusedWhenCutOrContinued) {
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  Bytes file = openssl_pkcs12(openssl_key(key), certificate_of(openssl_key(key), "own"), 0, 0);
  for (std::size_t size = 0; size < file.size(); size += 3) {
    EXPECT_EQ(reason(read_pkcs12(ByteView(file).first(size), kStorePassword)), "pkcs12.format") << size;
  }
  file.push_back(0);
  EXPECT_EQ(reason(read_pkcs12(file, kStorePassword)), "pkcs12.format");
  EXPECT_EQ(reason(read_pkcs12(Bytes(1000), kStorePassword)), "pkcs12.format");
}

TEST(Pkcs12, NeverGivesAnotherKeyWhenAltered) {
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  const Bytes file = openssl_pkcs12(openssl_key(key), certificate_of(openssl_key(key), "own"), 0, 0);
  for (std::size_t i = 0; i < file.size(); i += 2) {
    Bytes altered = file;
    altered[i] ^= 0x20;
    const auto content = read_pkcs12(altered, kStorePassword, {.most_rounds = 10'000});
    if (content && content->key) {
      EXPECT_EQ(content->key->public_key(), key.public_key()) << i;
    }
  }
}

TEST(Pkcs12, LeavesNothingInTheErrorQueueOfOpenSsl) {
  ERR_clear_error();
  EXPECT_FALSE(read_pkcs12(Bytes(10), kStorePassword));
  EXPECT_EQ(ERR_peek_error(), 0U);
}

/// Real files of a document tool: RC2 and 3DES of the old days, keys and certificates of a test root.
TEST(Pkcs12, OfTheOldDaysIsRead) {
  HUTONG_NEED_CORPUS();
  for (const std::string_view name : {"seals/ofdrw_USER.p12", "seals/ofdrw_SealBuilder.p12"}) {
    const Bytes file = test::read(test::corpus_path(name));
    const auto content = read_pkcs12(file, "777777");
    ASSERT_TRUE(content) << name << " " << content.error().reason << ": " << content.error().detail;
    ASSERT_TRUE(content->key) << name;
    ASSERT_FALSE(content->certificates.empty()) << name;
    const X509Handle own = parse_certificate(content->certificates.front());
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(X509_get0_pubkey(own.get()), &der);
    ASSERT_GT(size, 65);
    EXPECT_TRUE(
        equal(ByteView(der, static_cast<std::size_t>(size)).last(65), content->key->public_key().octets()))
        << name << ": the own certificate comes first";
    OPENSSL_free(der);
    EXPECT_EQ(reason(read_pkcs12(file, "777778")), "pkcs12.password");
  }
}

}  // namespace
}  // namespace hutong::crypto
