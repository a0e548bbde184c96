#include "crypto/key_file.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "crypto/internal/openssl_peer.h"
#include "crypto/internal/pbes2.h"
#include "crypto/pem.h"
#include "tests/support/support.h"

namespace hutong::crypto {
namespace {

constexpr std::string_view kPassword = "12345678";
/// dA of GB/T 32918.5 A.2.
const Bytes kD = test::hex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8");

Sm2PrivateKey key_a() { return Sm2PrivateKey::from_octets(kD).value(); }

Bytes form(std::string_view name) {
  for (const test::Vector& vector : test::load_vectors("crypto/sm2_key_forms.vec")) {
    if (vector.text("form") == name) {
      return vector.hex("der");
    }
  }
  throw std::runtime_error("no such form");
}

void expect_key_a(const Result<Sm2PrivateKey>& key) {
  ASSERT_TRUE(key) << key.error().reason << ": " << key.error().detail;
  EXPECT_TRUE(equal(key->expose().expose(), kD));
  EXPECT_EQ(key->public_key(), key_a().public_key());
}

void expect_error(const Result<Sm2PrivateKey>& key, Errc code, std::string_view reason) {
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().reason, reason) << key.error().detail;
  EXPECT_EQ(key.error().code, code);
}

/// The whole file as it is for DER and as PEM with a label that fits.
std::string pem_of(const test::Vector& vector) {
  const bool encrypted = vector.text("encrypted") == "yes";
  const bool sec1 = vector.text("form") == "SEC 1";
  return write_pem(encrypted ? "ENCRYPTED PRIVATE KEY" : (sec1 ? "EC PRIVATE KEY" : "PRIVATE KEY"),
                   vector.hex("der"));
}

class KeyForms : public testing::TestWithParam<test::Vector> {
 protected:
  bool encrypted() const { return GetParam().text("encrypted") == "yes"; }
};

TEST_P(KeyForms, AreReadAsDerAndAsPem) {
  expect_key_a(read_private_key(GetParam().hex("der"), kPassword));
  expect_key_a(read_private_key(as_bytes(pem_of(GetParam())), kPassword));
}

TEST_P(KeyForms, NeedThePasswordOnlyWhenEncrypted) {
  const Bytes der = GetParam().hex("der");
  if (!encrypted()) {
    expect_key_a(read_private_key(der));
    return;
  }
  expect_error(read_private_key(der), Errc::kUnauthorized, "key_file.password");
  for (const std::string_view wrong : {"", "1234567", "123456789", "12345679"}) {
    expect_error(read_private_key(der, wrong), Errc::kUnauthorized, "key_file.password");
  }
}

TEST_P(KeyForms, AreRefusedWhenCutAnywhere) {
  const Bytes der = GetParam().hex("der");
  for (std::size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(read_private_key(ByteView(der).first(size), kPassword)) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Sm2, KeyForms, testing::ValuesIn(test::load_vectors("crypto/sm2_key_forms.vec")),
                         [](const auto& vector) { return vector.param.name; });

class RefusedKeys : public testing::TestWithParam<test::Vector> {};

TEST_P(RefusedKeys, AreRefusedForTheirReason) {
  const auto key = read_private_key(GetParam().hex("der"), kPassword);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().reason, GetParam().text("reason")) << key.error().detail;
}

INSTANTIATE_TEST_SUITE_P(Sm2, RefusedKeys,
                         testing::ValuesIn(test::load_vectors("crypto/sm2_key_refused.vec")),
                         [](const auto& vector) { return vector.param.name; });

TEST(KeyFile, IsWrittenByteForByteAsTheOthersDo) {
  const SecretBytes sec1 = write_sec1(key_a());
  const SecretBytes pkcs8 = write_pkcs8(key_a());
  EXPECT_TRUE(equal(sec1.expose(), form("SEC 1")));
  EXPECT_TRUE(equal(pkcs8.expose(), form("PKCS8 of OpenSSL")));
}

TEST(KeyFile, OfOursIsReadByOpenSsl) {
  const Sm2PrivateKey key = Sm2PrivateKey::generate();
  const SecretBytes pkcs8 = write_pkcs8(key);
  const SecretBytes sec1 = write_sec1(key);
  for (const ByteView der : {pkcs8.expose(), sec1.expose()}) {
    const ossl::Key read = peer::read_private_key(der);
    ASSERT_NE(read, nullptr);
    EXPECT_EQ(EVP_PKEY_is_a(read.get(), "SM2"), 1);
    EXPECT_TRUE(equal(peer::private_scalar(read), key.expose().expose()));
  }
}

TEST(KeyFile, OfOpenSslIsRead) {
  for (int i = 0; i < 20; ++i) {
    const ossl::Key made = peer::generate_sm2();
    const auto key = read_private_key(peer::pkcs8(made));
    ASSERT_TRUE(key) << key.error().detail;
    EXPECT_TRUE(equal(key->expose().expose(), peer::private_scalar(made)));
  }
}

TEST(KeyFile, EncryptedIsReadBack) {
  for (const std::string_view password :
       {std::string_view("12345678"), std::string_view(""), std::string_view("口令")}) {
    const auto file = write_encrypted_pkcs8(key_a(), password, {.rounds = 3});
    ASSERT_TRUE(file);
    expect_key_a(read_private_key(*file, password));
    expect_error(read_private_key(*file, "wrong"), Errc::kUnauthorized, "key_file.password");
  }
}

/// Gives the octets 0, 1, 2 ...
class CountingRandom final : public RandomSource {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& octet : out) {
      octet = next_++;
    }
  }

 private:
  std::uint8_t next_ = 0;
};

TEST(KeyFile, EncryptedHasTheFormThatGmSslReads) {
  CountingRandom random;
  const auto file = write_encrypted_pkcs8(key_a(), kPassword, {.rounds = 1000}, random);
  ASSERT_TRUE(file);
  // SEQUENCE { { PBES2, { { PBKDF2, { salt, 1000, 16, { 401.2 } } }, { SM4-CBC, IV } } }, ciphertext }
  const Bytes head = test::hex(
      "3081ED305806092A864886F70D01050D304B302B06092A864886F70D01050C301E04080001020304050607020203E802011030"
      "0B0609"
      "2A811CCF5501831102301C06082A811CCF5501680204100809"
      "0A0B0C0D0E0F1011121314151617"
      "048190");
  ASSERT_GT(file->size(), head.size());
  EXPECT_EQ(to_hex(ByteView(*file).first(head.size())), to_hex(head));
}

TEST(KeyFile, EncryptedUsesManyRoundsUnlessToldOtherwise) {
  const auto file = write_encrypted_pkcs8(key_a(), kPassword);
  ASSERT_TRUE(file);
  expect_key_a(read_private_key(*file, kPassword));
  expect_error(read_private_key(*file, kPassword, {.most_rounds = 65'535}), Errc::kLimit, "pbkdf2.rounds");
}

TEST(KeyFile, NeverTwiceEncryptsToTheSame) {
  EXPECT_NE(write_encrypted_pkcs8(key_a(), kPassword, {.rounds = 1}).value(),
            write_encrypted_pkcs8(key_a(), kPassword, {.rounds = 1}).value());
}

/// CBC can be altered unnoticed; the public key inside makes sure that no other key comes out. What is still
/// read is the version number, which may be 0 or 1.
TEST(KeyFile, EncryptedNeverGivesAnotherKeyWhenAltered) {
  const Bytes file = write_encrypted_pkcs8(key_a(), kPassword, {.rounds = 2}).value();
  int still_read = 0;
  for (std::size_t i = 0; i < file.size(); ++i) {
    Bytes altered = file;
    altered[i] ^= 0x01;
    const auto key = read_private_key(altered, kPassword, {.most_rounds = 1000});
    if (key) {
      ++still_read;
      EXPECT_EQ(key->public_key(), key_a().public_key()) << i;
    }
  }
  EXPECT_LE(still_read, 1);
}

TEST(KeyFile, WithAnotherKeyInsideTheEncryptionSaysSo) {
  const Bytes p256 = peer::pkcs8(peer::generate_ec("P-256"));
  const auto file = pbes2::encrypt(p256, as_bytes(kPassword), 1, system_random());
  ASSERT_TRUE(file);
  expect_error(read_private_key(*file, kPassword), Errc::kPolicy, "key_file.unsupported");
}

TEST(KeyFile, OfPemSkipsWhatIsNoPrivateKey) {
  const std::string parameters = write_pem("EC PARAMETERS", test::hex("06082A811CCF5501822D"));
  const std::string key = write_pem("EC PRIVATE KEY", form("SEC 1"));
  expect_key_a(read_private_key(as_bytes(parameters + key)));
  expect_key_a(read_private_key(as_bytes(write_pem("CERTIFICATE", Bytes{0x30, 0}) + key)));
  expect_key_a(read_private_key(as_bytes("Bag Attributes\r\n" + key.substr(0, key.size() - 1))));
  expect_error(read_private_key(as_bytes(parameters)), Errc::kMalformed, "key_file.format");
  expect_error(read_private_key(as_bytes(write_pem("PUBLIC KEY", form("SEC 1")))), Errc::kMalformed,
               "key_file.format");
}

TEST(KeyFile, OfPemIsRefusedWhenThePemIsBroken) {
  const std::string pem = write_pem("PRIVATE KEY", form("PKCS8 of OpenSSL"));
  expect_error(read_private_key(as_bytes(pem.substr(0, pem.size() / 2))), Errc::kMalformed,
               "key_file.format");
  const std::string old_form =
      "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAEC\n"
      "-----END EC PRIVATE KEY-----\n";
  expect_error(read_private_key(as_bytes(old_form), kPassword), Errc::kPolicy, "key_file.unsupported");
}

TEST(KeyFile, MayHoldAPrivateKeyWithoutItsLeadingZeros) {
  // d = 1, of which 31 leading zeros may be missing.
  Bytes one(32);
  one.back() = 1;
  const Sm2PrivateKey expected = Sm2PrivateKey::from_octets(one).value();
  for (const std::string_view hex :
       {"020101", "3012020101040101A00A06082A811CCF5501822D",
        "3022020100301306072A8648CE3D020106082A811CCF5501822D04083006020101040101"}) {
    const auto key = read_private_key(test::hex(hex));
    ASSERT_TRUE(key) << hex << ": " << key.error().detail;
    EXPECT_EQ(key->public_key(), expected.public_key());
  }
}

TEST(KeyFile, WithThePublicKeyOfVersionTwoIsChecked) {
  const Sm2PrivateKey key = key_a();
  Bytes der = form("PKCS8 of OpenSSL");
  append(der, test::hex("814200"));
  append(der, key.public_key().octets());
  der[2] = static_cast<std::uint8_t>(der.size() - 3);
  der[5] = 1;
  expect_key_a(read_private_key(der));
  der.back() ^= 1;
  expect_error(read_private_key(der), Errc::kMalformed, "key_file.format");  // no longer on the curve
}

TEST(KeyFile, MayNameTheCurveByTheAlgorithmItself) {
  Bytes der = form("PKCS8 of OpenSSL");
  const Bytes usual = test::hex("301306072A8648CE3D020106082A811CCF5501822D");
  const Bytes odd = test::hex("301406082A811CCF5501822D06082A811CCF5501822D");
  const auto at = std::search(der.begin(), der.end(), usual.begin(), usual.end());
  ASSERT_NE(at, der.end());
  const auto after = der.erase(at, at + static_cast<std::ptrdiff_t>(usual.size()));
  der.insert(after, odd.begin(), odd.end());
  der[2] = static_cast<std::uint8_t>(der.size() - 3);
  expect_key_a(read_private_key(der));
}

}  // namespace
}  // namespace hutong::crypto
