#include "crypto/sm3.h"
#include "crypto/sm4.h"
#include "token/software/blobs.h"
#include "token/software/test_token.h"

namespace hutong::token::test {
namespace {

using Hashes = TokenTest;

class Ciphers : public TokenTest {
 protected:
  HANDLE key(ULONG algorithm) const {
    HANDLE handle = nullptr;
    EXPECT_EQ(skf().SKF_SetSymmKey(device_, octets(kOctets), algorithm, &handle), SAR_OK);
    return handle;
  }
  static BLOCKCIPHERPARAM parameters(ULONG padding) {
    BLOCKCIPHERPARAM parameters{};
    parameters.IVLen = 16;
    parameters.IV[0] = 0xA1;
    parameters.PaddingType = padding;
    return parameters;
  }
  const Bytes kOctets = Bytes(16, 0x21);
};

Bytes cbc_reference(ByteView key, ByteView data, crypto::Padding padding) {
  crypto::Sm4Block iv{0xA1};
  crypto::Sm4Cbc cipher(crypto::Sm4Key::from_octets(key).value(), iv, crypto::Direction::kEncrypt, padding);
  Bytes out = cipher.update(data);
  append(out, cipher.finish().value());
  return out;
}

TEST_F(Ciphers, EncryptAndDecryptAtOnce) {
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 1000U}) {
    const Bytes data(size, 0x6b);
    HANDLE handle = key(SGD_SM4_CBC);
    ASSERT_EQ(skf().SKF_EncryptInit(handle, parameters(PADDING_TYPE_PKCS7)), SAR_OK);
    ULONG length = 0;
    ASSERT_EQ(skf().SKF_Encrypt(handle, octets(data), length_of(data), nullptr, &length), SAR_OK);
    EXPECT_EQ(length, size / 16 * 16 + 16);
    Bytes out(length);
    ASSERT_EQ(skf().SKF_Encrypt(handle, octets(data), length_of(data), out.data(), &length), SAR_OK);
    EXPECT_EQ(out, cbc_reference(kOctets, data, crypto::Padding::kPkcs7));

    ASSERT_EQ(skf().SKF_DecryptInit(handle, parameters(PADDING_TYPE_PKCS7)), SAR_OK);
    Bytes back(out.size());
    length = length_of(back);
    ASSERT_EQ(skf().SKF_Decrypt(handle, out.data(), length_of(out), back.data(), &length), SAR_OK);
    back.resize(length);
    EXPECT_EQ(back, data);
    EXPECT_EQ(skf().SKF_CloseHandle(handle), SAR_OK);
    EXPECT_EQ(skf().SKF_CloseHandle(handle), SAR_INVALIDHANDLEERR);
  }
}

TEST_F(Ciphers, StreamInAnyPieces) {
  const Bytes data(997, 0x6b);
  const Bytes expected = cbc_reference(kOctets, data, crypto::Padding::kPkcs7);
  for (const std::size_t piece : {1U, 7U, 16U, 33U, 500U}) {
    HANDLE handle = key(SGD_SM4_CBC);
    ASSERT_EQ(skf().SKF_EncryptInit(handle, parameters(PADDING_TYPE_PKCS7)), SAR_OK);
    ASSERT_EQ(skf().SKF_DecryptInit(handle, parameters(PADDING_TYPE_PKCS7)), SAR_OK);
    Bytes encrypted(2000);
    Bytes decrypted(2000);
    std::size_t written = 0;
    for (std::size_t at = 0; at < data.size(); at += piece) {
      const auto chunk = ByteView(data).subspan(at, std::min(piece, data.size() - at));
      ULONG length = 600;
      ASSERT_EQ(skf().SKF_EncryptUpdate(handle, octets(chunk), length_of(chunk), encrypted.data() + written,
                                        &length),
                SAR_OK);
      written += length;
    }
    ULONG length = 16;
    ASSERT_EQ(skf().SKF_EncryptFinal(handle, encrypted.data() + written, &length), SAR_OK);
    encrypted.resize(written + length);
    EXPECT_EQ(encrypted, expected) << piece;
    written = 0;
    for (std::size_t at = 0; at < encrypted.size(); at += piece) {
      const auto chunk = ByteView(encrypted).subspan(at, std::min(piece, encrypted.size() - at));
      length = 600;
      ASSERT_EQ(skf().SKF_DecryptUpdate(handle, octets(chunk), length_of(chunk), decrypted.data() + written,
                                        &length),
                SAR_OK);
      written += length;
    }
    length = 16;
    ASSERT_EQ(skf().SKF_DecryptFinal(handle, decrypted.data() + written, &length), SAR_OK);
    decrypted.resize(written + length);
    EXPECT_EQ(decrypted, data) << piece;
  }
}

TEST_F(Ciphers, EcbHasNoVector) {
  HANDLE handle = key(SGD_SM4_ECB);
  BLOCKCIPHERPARAM none{};
  ASSERT_EQ(skf().SKF_EncryptInit(handle, none), SAR_OK);
  Bytes data(32, 0x01);
  Bytes out(32);
  ULONG length = 32;
  ASSERT_EQ(skf().SKF_Encrypt(handle, data.data(), 32, out.data(), &length), SAR_OK);
  EXPECT_EQ(Bytes(out.begin(), out.begin() + 16), Bytes(out.begin() + 16, out.end()));
}

TEST_F(Ciphers, SayWhatIsWrong) {
  HANDLE handle = key(SGD_SM4_CBC);
  Bytes data(32, 0x01);
  Bytes out(64);
  ULONG length = 64;
  EXPECT_EQ(skf().SKF_Encrypt(handle, data.data(), 32, out.data(), &length), SAR_NOTINITIALIZEERR);
  EXPECT_EQ(skf().SKF_EncryptUpdate(handle, data.data(), 32, out.data(), &length), SAR_NOTINITIALIZEERR);
  EXPECT_EQ(skf().SKF_DecryptFinal(handle, out.data(), &length), SAR_NOTINITIALIZEERR);
  BLOCKCIPHERPARAM wrong = parameters(PADDING_TYPE_NONE);
  wrong.IVLen = 8;
  EXPECT_EQ(skf().SKF_EncryptInit(handle, wrong), SAR_INVALIDPARAMERR);
  EXPECT_EQ(skf().SKF_EncryptInit(handle, parameters(2)), SAR_INVALIDPARAMERR);
  ASSERT_EQ(skf().SKF_EncryptInit(handle, parameters(PADDING_TYPE_NONE)), SAR_OK);
  EXPECT_EQ(skf().SKF_Encrypt(handle, data.data(), 31, out.data(), &length), SAR_INDATALENERR);
  length = 31;
  EXPECT_EQ(skf().SKF_Encrypt(handle, data.data(), 32, out.data(), &length), SAR_BUFFER_TOO_SMALL);
  EXPECT_EQ(length, 32U);
  EXPECT_EQ(skf().SKF_Encrypt(handle, nullptr, 32, out.data(), &length), SAR_INVALIDPARAMERR);
  EXPECT_EQ(skf().SKF_Encrypt(handle, data.data(), 32, out.data(), nullptr), SAR_INVALIDPARAMERR);
  EXPECT_EQ(skf().SKF_Encrypt(handle, data.data(), 32, out.data(), &length), SAR_OK);
  EXPECT_EQ(skf().SKF_Encrypt(handle, data.data(), 32, out.data(), &length), SAR_NOTINITIALIZEERR);
  ASSERT_EQ(skf().SKF_DecryptInit(handle, parameters(PADDING_TYPE_PKCS7)), SAR_OK);
  length = 64;
  EXPECT_EQ(skf().SKF_Decrypt(handle, data.data(), 32, out.data(), &length), SAR_DECRYPTPADERR);
  HANDLE none = nullptr;
  EXPECT_EQ(skf().SKF_SetSymmKey(device_, data.data(), SGD_SM1_ECB, &none), SAR_NOTSUPPORTYETERR);
  EXPECT_EQ(skf().SKF_SetSymmKey(device_, data.data(), SGD_SM4_OFB, &none), SAR_NOTSUPPORTYETERR);
  EXPECT_EQ(skf().SKF_SetSymmKey(device_, nullptr, SGD_SM4_ECB, &none), SAR_INVALIDPARAMERR);
  EXPECT_EQ(skf().SKF_EncryptInit(key(SGD_SM4_MAC), parameters(0)), SAR_KEYUSAGEERR);
}

TEST_F(Ciphers, MacIsTheLastBlock) {
  HANDLE handle = key(SGD_SM4_MAC);
  BLOCKCIPHERPARAM zero{};
  const Bytes data(48, 0x33);
  HANDLE mac = nullptr;
  ASSERT_EQ(skf().SKF_MacInit(handle, &zero, &mac), SAR_OK);
  ULONG length = 0;
  ASSERT_EQ(skf().SKF_Mac(mac, octets(data), 48, nullptr, &length), SAR_OK);
  EXPECT_EQ(length, 16U);
  Bytes whole(16);
  ASSERT_EQ(skf().SKF_Mac(mac, octets(data), 48, whole.data(), &length), SAR_OK);
  crypto::Sm4Cbc reference(crypto::Sm4Key::from_octets(kOctets).value(), {}, crypto::Direction::kEncrypt,
                           crypto::Padding::kNone);
  reference.update(data);
  EXPECT_EQ(whole, to_bytes(reference.chain()));
  EXPECT_EQ(skf().SKF_Mac(mac, octets(data), 48, whole.data(), &length), SAR_NOTINITIALIZEERR);

  ASSERT_EQ(skf().SKF_MacInit(handle, &zero, &mac), SAR_OK);
  Bytes pieces(16);
  EXPECT_EQ(skf().SKF_MacUpdate(mac, octets(data), 10), SAR_OK);
  EXPECT_EQ(skf().SKF_MacFinal(mac, pieces.data(), &length), SAR_INDATALENERR);  // no whole blocks
  EXPECT_EQ(skf().SKF_MacUpdate(mac, octets(data), 38), SAR_OK);
  EXPECT_EQ(skf().SKF_MacFinal(mac, pieces.data(), &length), SAR_OK);
  EXPECT_EQ(pieces, whole);
}

TEST_F(Hashes, AreSm3) {
  const Bytes data = {'a', 'b', 'c'};
  HANDLE hash = nullptr;
  ASSERT_EQ(skf().SKF_DigestInit(device_, SGD_SM3, nullptr, nullptr, 0, &hash), SAR_OK);
  ULONG length = 0;
  ASSERT_EQ(skf().SKF_Digest(hash, octets(data), 3, nullptr, &length), SAR_OK);
  EXPECT_EQ(length, 32U);
  Bytes out(32);
  length = 31;
  EXPECT_EQ(skf().SKF_Digest(hash, octets(data), 3, out.data(), &length), SAR_BUFFER_TOO_SMALL);
  EXPECT_EQ(skf().SKF_Digest(hash, octets(data), 3, out.data(), &length), SAR_OK);
  EXPECT_EQ(out, to_bytes(crypto::sm3(data)));
  EXPECT_EQ(skf().SKF_DigestUpdate(hash, octets(data), 3), SAR_NOTINITIALIZEERR);
  EXPECT_EQ(skf().SKF_CloseHandle(hash), SAR_OK);
  EXPECT_EQ(skf().SKF_DigestInit(device_, SGD_SHA256, nullptr, nullptr, 0, &hash), SAR_NOTSUPPORTYETERR);
  EXPECT_EQ(skf().SKF_DigestInit(device_, 77, nullptr, nullptr, 0, &hash), SAR_INVALIDPARAMERR);
}

TEST_F(Hashes, BeginWithZWhenThereIsAnIdentifier) {
  const auto key = crypto::Sm2PrivateKey::generate();
  ECCPUBLICKEYBLOB blob = software::blob_of(key.public_key());
  BYTE id[] = {'m', 'e'};
  HANDLE hash = nullptr;
  EXPECT_EQ(skf().SKF_DigestInit(device_, SGD_SM3, nullptr, id, 2, &hash), SAR_INVALIDPARAMERR);
  ASSERT_EQ(skf().SKF_DigestInit(device_, SGD_SM3, &blob, id, 2, &hash), SAR_OK);
  const Bytes message(200, 0x12);
  EXPECT_EQ(skf().SKF_DigestUpdate(hash, octets(message), 150), SAR_OK);
  EXPECT_EQ(skf().SKF_DigestUpdate(hash, octets(message), 50), SAR_OK);
  crypto::Sm3Digest e{};
  ULONG length = 32;
  ASSERT_EQ(skf().SKF_DigestFinal(hash, e.data(), &length), SAR_OK);
  EXPECT_TRUE(key.public_key().verify_digest(e, key.sign(message, "me")));
}

TEST_F(Hashes, RandomOctetsDiffer) {
  Bytes a(40);
  Bytes b(40);
  EXPECT_EQ(skf().SKF_GenRandom(device_, a.data(), 40), SAR_OK);
  EXPECT_EQ(skf().SKF_GenRandom(device_, b.data(), 40), SAR_OK);
  EXPECT_NE(a, b);
  EXPECT_EQ(skf().SKF_GenRandom(device_, nullptr, 8), SAR_INVALIDPARAMERR);
}

}  // namespace
}  // namespace hutong::token::test
