#include "crypto/cipher.h"

#include <gtest/gtest.h>

#include "asn1/oids.h"
#include "crypto/internal/openssl.h"

namespace hutong::crypto {
namespace {

struct Peer {
  ForeignCipher cipher;
  asn1::Oid oid;
  const EVP_CIPHER* (*openssl)();
};
constexpr Peer kPeers[] = {
    {ForeignCipher::kAes128Cbc, asn1::oids::kAes128Cbc, EVP_aes_128_cbc},
    {ForeignCipher::kAes192Cbc, asn1::oids::kAes192Cbc, EVP_aes_192_cbc},
    {ForeignCipher::kAes256Cbc, asn1::oids::kAes256Cbc, EVP_aes_256_cbc},
    {ForeignCipher::kDesEde3Cbc, asn1::oids::kDesEde3Cbc, EVP_des_ede3_cbc},
};

Bytes counting(std::size_t size, std::uint8_t from) {
  Bytes octets(size);
  for (std::size_t i = 0; i < size; ++i) {
    octets[i] = static_cast<std::uint8_t>(from + i);
  }
  return octets;
}

class ForeignCiphers : public testing::TestWithParam<Peer> {
 protected:
  Bytes key() const { return counting(cipher_key_size(GetParam().cipher), 1); }
  Bytes iv() const { return counting(cipher_iv_size(GetParam().cipher), 100); }

  Bytes encrypt(ByteView plain) const {
    const ossl::CipherContext context(EVP_CIPHER_CTX_new());
    EXPECT_EQ(EVP_EncryptInit_ex(context.get(), GetParam().openssl(), nullptr, key().data(), iv().data()), 1);
    Bytes out(plain.size() + 16);
    int size = 0;
    int rest = 0;
    EXPECT_EQ(
        EVP_EncryptUpdate(context.get(), out.data(), &size, plain.data(), static_cast<int>(plain.size())), 1);
    EXPECT_EQ(EVP_EncryptFinal_ex(context.get(), out.data() + size, &rest), 1);
    out.resize(static_cast<std::size_t>(size + rest));
    return out;
  }

  Result<Bytes> decrypt(ByteView ciphertext, std::size_t chunk) const {
    auto cipher = ForeignDecryptor::create(GetParam().cipher, key(), iv());
    EXPECT_TRUE(cipher);
    Bytes plain;
    for (std::size_t at = 0; at < ciphertext.size(); at += chunk) {
      append(plain, cipher->update(ciphertext.subspan(at, std::min(chunk, ciphertext.size() - at))));
    }
    HUTONG_TRY(const Bytes rest, cipher->finish());
    append(plain, rest);
    return plain;
  }
};

TEST_P(ForeignCiphers, DecryptWhatOpenSslEncryptedInAnyChunks) {
  for (const std::size_t size : {0U, 1U, 7U, 8U, 15U, 16U, 17U, 1000U}) {
    const Bytes plain = counting(size, 0);
    for (const std::size_t chunk : {1U, 5U, 16U, 2000U}) {
      const auto decrypted = decrypt(encrypt(plain), chunk);
      ASSERT_TRUE(decrypted) << decrypted.error().reason;
      EXPECT_EQ(*decrypted, plain) << size << " " << chunk;
    }
  }
}

TEST_P(ForeignCiphers, NoticeWrongPaddingAndLength) {
  const Bytes ciphertext = encrypt(counting(40, 0));
  const std::size_t block = cipher_iv_size(GetParam().cipher);
  EXPECT_EQ(decrypt(ByteView(ciphertext).first(block), 64).error().reason, "cipher.padding");
  EXPECT_EQ(decrypt(ByteView(ciphertext).first(block), 64).error().code, Errc::kCryptoFail);
  EXPECT_EQ(decrypt(ByteView(ciphertext).first(block + 1), 64).error().reason, "cipher.length");
  EXPECT_EQ(decrypt({}, 64).error().reason, "cipher.length");
}

/// In CBC a changed octet of one block changes the same octet of the next one's text.
TEST_P(ForeignCiphers, NoticeWrongPaddingInEveryOctetOfIt) {
  const std::size_t block = cipher_iv_size(GetParam().cipher);
  const Bytes ciphertext = encrypt(counting(2 * block + 3, 0));
  for (std::size_t i = 0; i < block; ++i) {
    Bytes altered = ciphertext;
    altered[block + i] ^= 1;
    const auto decrypted = decrypt(altered, 64);
    EXPECT_EQ(decrypted.has_value(), i < 3) << i;
    if (!decrypted) {
      EXPECT_EQ(decrypted.error().reason, "cipher.padding");
    }
  }
}

TEST_P(ForeignCiphers, WantKeysAndVectorsOfTheirSize) {
  const ForeignCipher cipher = GetParam().cipher;
  EXPECT_EQ(ForeignDecryptor::create(cipher, ByteView(key()).first(15), iv()).error().reason, "cipher.key");
  EXPECT_EQ(ForeignDecryptor::create(cipher, key(), ByteView(iv()).first(7)).error().reason, "cipher.iv");
  EXPECT_EQ(ForeignDecryptor::create(cipher, key(), Bytes(17)).error().reason, "cipher.iv");
}

TEST_P(ForeignCiphers, AreFoundByTheirObjectIdentifier) {
  EXPECT_EQ(foreign_cipher_from_oid(GetParam().oid), GetParam().cipher);
}

INSTANTIATE_TEST_SUITE_P(All, ForeignCiphers, testing::ValuesIn(kPeers), [](const auto& peer) {
  return std::string("OpenSslNid") + std::to_string(EVP_CIPHER_get_nid(peer.param.openssl()));
});

TEST(ForeignCipher, OfSm4IsNone) { EXPECT_EQ(foreign_cipher_from_oid(asn1::oids::kSm4Cbc), std::nullopt); }

}  // namespace
}  // namespace hutong::crypto
