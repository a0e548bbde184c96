#include <cstring>

#include "crypto/sm4.h"
#include "token/software/blobs.h"
#include "token/software/test_token.h"

namespace hutong::token::test {
namespace {

enum class FieldLayout { kRightHalfAlone, kWholeField };

/// A container with a signature key, and what a key centre does with it.
class Keys : public TokenTest {
 protected:
  void SetUp() override {
    application_ = ready();
    container_ = container(application_);
    ASSERT_EQ(skf().SKF_GenECCKeyPair(container_, SGD_SM2_1, &signature_key_), SAR_OK);
  }

  /// The key pair for the container, as ENVELOPEDKEYBLOB with 16 octets of Cipher.
  Bytes envelope(const crypto::Sm2PrivateKey& key, FieldLayout layout) const {
    const Bytes symmetric(16, 0x77);
    const auto sm4 = crypto::Sm4Key::from_octets(symmetric).value();
    Bytes memory(offsetof(ENVELOPEDKEYBLOB, ECCCipherBlob) + offsetof(ECCCIPHERBLOB, Cipher) + 16);
    ENVELOPEDKEYBLOB head{};
    head.Version = 1;
    head.ulSymmAlgID = SGD_SM4_ECB;
    head.ulBits = 256;
    Bytes field(64);
    std::ranges::copy(key.expose().expose(), field.begin() + 32);
    const std::size_t from = layout == FieldLayout::kWholeField ? 0 : 32;
    const std::span<std::uint8_t> encrypted = std::span(field).subspan(from);
    sm4.encrypt_blocks(encrypted, encrypted);
    std::ranges::copy(field, head.cbEncryptedPriKey);
    head.PubKey = software::blob_of(key.public_key());
    std::memcpy(memory.data(), &head, offsetof(ENVELOPEDKEYBLOB, ECCCipherBlob));
    const auto wrapped = crypto::sm2_encrypt(software::public_key_from(signature_key_).value(), symmetric,
                                             crypto::Sm2CipherLayout::kC1C3C2NoPrefix);
    software::write_blob(*wrapped, reinterpret_cast<ECCCIPHERBLOB*>(
                                       memory.data() + offsetof(ENVELOPEDKEYBLOB, ECCCipherBlob)));
    return memory;
  }
  ULONG import(Bytes blob) const {
    return skf().SKF_ImportECCKeyPair(container_, reinterpret_cast<ENVELOPEDKEYBLOB*>(blob.data()));
  }
  void import_encryption_key() {
    ASSERT_EQ(import(envelope(encryption_, FieldLayout::kRightHalfAlone)), SAR_OK);
  }

  HAPPLICATION application_ = nullptr;
  HCONTAINER container_ = nullptr;
  ECCPUBLICKEYBLOB signature_key_{};
  crypto::Sm2PrivateKey encryption_ = crypto::Sm2PrivateKey::generate();
};

Bytes exported(HCONTAINER container, BOOL sign) {
  ULONG length = 0;
  EXPECT_EQ(skf().SKF_ExportPublicKey(container, sign, nullptr, &length), SAR_OK);
  Bytes blob(length);
  EXPECT_EQ(skf().SKF_ExportPublicKey(container, sign, blob.data(), &length), SAR_OK);
  return blob;
}

Bytes octets_of(const ECCPUBLICKEYBLOB& blob) {
  const auto* begin = reinterpret_cast<const std::uint8_t*>(&blob);
  return {begin, begin + sizeof blob};
}

TEST_F(Keys, SignTheDigestTheyAreGiven) {
  const auto key = software::public_key_from(signature_key_).value();
  const Bytes message(1000, 0x5a);
  crypto::Sm3 hash;
  hash.update(key.z(as_bytes(crypto::kSm2DefaultId)));
  hash.update(message);
  crypto::Sm3Digest e = hash.finish();
  ECCSIGNATUREBLOB signature{};
  ASSERT_EQ(skf().SKF_ECCSignData(container_, e.data(), 32, &signature), SAR_OK);
  EXPECT_EQ(Bytes(signature.r, signature.r + 32), Bytes(32));  // right-aligned
  EXPECT_TRUE(key.verify(message, software::signature_from(signature).value()));
  EXPECT_EQ(skf().SKF_ECCVerify(device_, &signature_key_, e.data(), 32, &signature), SAR_OK);
  EXPECT_EQ(skf().SKF_ExtECCVerify(device_, &signature_key_, e.data(), 32, &signature), SAR_OK);
  signature.s[63] ^= 1;
  EXPECT_EQ(skf().SKF_ECCVerify(device_, &signature_key_, e.data(), 32, &signature), SAR_FAIL);
  EXPECT_EQ(skf().SKF_ECCSignData(container_, e.data(), 31, &signature), SAR_INDATALENERR);
  EXPECT_EQ(skf().SKF_ECCSignData(container_, nullptr, 32, &signature), SAR_INVALIDPARAMERR);
  EXPECT_EQ(skf().SKF_ECCSignData(container_, e.data(), 32, nullptr), SAR_INVALIDPARAMERR);
}

TEST_F(Keys, BlobsWithLeftAlignedNumbersAreTaken) {
  BYTE digest[32] = {7};
  ECCSIGNATUREBLOB signature{};
  ASSERT_EQ(skf().SKF_ECCSignData(container_, digest, 32, &signature), SAR_OK);
  ECCPUBLICKEYBLOB left{};
  left.BitLen = 256;
  std::memcpy(left.XCoordinate, signature_key_.XCoordinate + 32, 32);
  std::memcpy(left.YCoordinate, signature_key_.YCoordinate + 32, 32);
  EXPECT_EQ(skf().SKF_ECCVerify(device_, &left, digest, 32, &signature), SAR_OK);
  left.XCoordinate[63] = 1;
  EXPECT_EQ(skf().SKF_ECCVerify(device_, &left, digest, 32, &signature), SAR_INDATAERR);
  left = signature_key_;
  left.BitLen = 512;
  EXPECT_EQ(skf().SKF_ECCVerify(device_, &left, digest, 32, &signature), SAR_INDATAERR);
}

TEST_F(Keys, AreMadeWithTheNumbersOfBothEditions) {
  ECCPUBLICKEYBLOB key{};
  EXPECT_EQ(skf().SKF_GenECCKeyPair(container_, SGD_SM2_1_DRAFT, &key), SAR_OK);
  EXPECT_EQ(skf().SKF_GenECCKeyPair(container_, SGD_SM2_3, &key), SAR_NOTSUPPORTYETERR);
  EXPECT_EQ(skf().SKF_GenECCKeyPair(container_, SGD_SM2_1, nullptr), SAR_INVALIDPARAMERR);
  HCONTAINER empty = container(application_, "empty");
  ULONG length = 0;
  BYTE digest[32] = {};
  ECCSIGNATUREBLOB signature{};
  EXPECT_EQ(skf().SKF_ExportPublicKey(empty, TRUE, nullptr, &length), SAR_KEYNOTFOUNTERR);
  EXPECT_EQ(skf().SKF_ECCSignData(empty, digest, 32, &signature), SAR_KEYNOTFOUNTERR);
}

TEST_F(Keys, EncryptionPairsComeInBothLayouts) {
  for (const auto layout : {FieldLayout::kRightHalfAlone, FieldLayout::kWholeField}) {
    const auto key = crypto::Sm2PrivateKey::generate();
    ASSERT_EQ(import(envelope(key, layout)), SAR_OK);
    EXPECT_EQ(exported(container_, FALSE), octets_of(software::blob_of(key.public_key())));
    EXPECT_EQ(exported(container_, TRUE), octets_of(signature_key_));
  }
}

TEST_F(Keys, BrokenEnvelopesAreRefused) {
  const Bytes good = envelope(encryption_, FieldLayout::kRightHalfAlone);
  const auto with = [&](std::size_t at, std::uint8_t value) {
    Bytes broken = good;
    broken[at] = value;
    return import(broken);
  };
  EXPECT_EQ(with(0, 2), SAR_INDATAERR);                        // version
  EXPECT_EQ(with(5, 0x01), SAR_NOTSUPPORTYETERR);              // SM1
  EXPECT_EQ(with(4, 0x02), SAR_INVALIDPARAMERR);               // CBC
  EXPECT_EQ(with(8, 0x01), SAR_INDATAERR);                     // bits
  EXPECT_EQ(with(50, good[50] ^ 1), SAR_INDATAERR);            // private key
  EXPECT_EQ(with(76 + 4 + 40, good[120] ^ 1), SAR_INDATAERR);  // public key
  EXPECT_EQ(with(208 + 130, good[338] ^ 1), SAR_INDATAERR);    // hash
  EXPECT_EQ(with(208 + 160, 0xFF), SAR_INDATALENERR);          // length of Cipher
  EXPECT_EQ(import(good), SAR_OK);
  EXPECT_EQ(skf().SKF_ImportECCKeyPair(container_, nullptr), SAR_INVALIDPARAMERR);
  HCONTAINER empty = container(application_, "empty");
  Bytes copy = good;
  EXPECT_EQ(skf().SKF_ImportECCKeyPair(empty, reinterpret_cast<ENVELOPEDKEYBLOB*>(copy.data())),
            SAR_KEYNOTFOUNTERR);
  ASSERT_EQ(skf().SKF_ClearSecureState(application_), SAR_OK);
  EXPECT_EQ(import(good), SAR_USER_NOT_LOGGED_IN);
}

TEST_F(Keys, SessionKeysGoOutAndComeIn) {
  import_encryption_key();
  ECCPUBLICKEYBLOB peer = software::blob_of(encryption_.public_key());
  Bytes wrapped(offsetof(ECCCIPHERBLOB, Cipher) + 16);
  auto* blob = reinterpret_cast<ECCCIPHERBLOB*>(wrapped.data());
  HANDLE sent = nullptr;
  ASSERT_EQ(skf().SKF_ECCExportSessionKey(container_, SGD_SM4_ECB, &peer, blob, &sent), SAR_OK);
  EXPECT_EQ(blob->CipherLen, 16U);
  HANDLE received = nullptr;
  ASSERT_EQ(
      skf().SKF_ImportSessionKey(container_, SGD_SM4_ECB, wrapped.data(), length_of(wrapped), &received),
      SAR_OK);
  BLOCKCIPHERPARAM plain{};
  ASSERT_EQ(skf().SKF_EncryptInit(sent, plain), SAR_OK);
  ASSERT_EQ(skf().SKF_DecryptInit(received, plain), SAR_OK);
  Bytes block(16, 0x31);
  Bytes out(16);
  ULONG length = 16;
  ASSERT_EQ(skf().SKF_Encrypt(sent, block.data(), 16, out.data(), &length), SAR_OK);
  EXPECT_NE(out, block);
  ASSERT_EQ(skf().SKF_Decrypt(received, out.data(), 16, out.data(), &length), SAR_OK);
  EXPECT_EQ(out, block);

  Bytes padded = wrapped;
  padded.resize(420);  // the structure of headers that give Cipher 256 octets
  EXPECT_EQ(skf().SKF_ImportSessionKey(container_, SGD_SM4_CBC, padded.data(), 420, &received), SAR_OK);
  EXPECT_EQ(skf().SKF_ImportSessionKey(container_, SGD_SM4_CBC, wrapped.data(), 179, &received),
            SAR_INDATALENERR);
  EXPECT_EQ(skf().SKF_ImportSessionKey(container_, SGD_SM1_CBC, wrapped.data(), 180, &received),
            SAR_NOTSUPPORTYETERR);
  EXPECT_EQ(skf().SKF_ImportSessionKey(container_, 0x12345, wrapped.data(), 180, &received),
            SAR_INVALIDPARAMERR);
  wrapped[130] ^= 1;
  EXPECT_EQ(skf().SKF_ImportSessionKey(container_, SGD_SM4_CBC, wrapped.data(), 180, &received),
            SAR_INDATAERR);
}

TEST_F(Keys, TwoPartiesAgreeOnAKey) {
  import_encryption_key();
  HCONTAINER other = container(application_, "other");
  ECCPUBLICKEYBLOB other_signature{};
  ASSERT_EQ(skf().SKF_GenECCKeyPair(other, SGD_SM2_1, &other_signature), SAR_OK);
  std::swap(container_, other);
  std::swap(signature_key_, other_signature);
  const auto other_key = crypto::Sm2PrivateKey::generate();
  ASSERT_EQ(import(envelope(other_key, FieldLayout::kWholeField)), SAR_OK);
  std::swap(container_, other);

  BYTE initiator_id[] = {'A'};
  BYTE responder_id[] = {'B', 'B'};
  ECCPUBLICKEYBLOB initiator = software::blob_of(encryption_.public_key());
  ECCPUBLICKEYBLOB responder = software::blob_of(other_key.public_key());
  ECCPUBLICKEYBLOB initiator_temporary{};
  ECCPUBLICKEYBLOB responder_temporary{};
  HANDLE agreement = nullptr;
  HANDLE keys[2] = {};
  ASSERT_EQ(skf().SKF_GenerateAgreementDataWithECC(container_, SGD_SM4_MAC, &initiator_temporary,
                                                   initiator_id, 1, &agreement),
            SAR_OK);
  ASSERT_EQ(skf().SKF_GenerateAgreementDataAndKeyWithECC(other, SGD_SM4_MAC, &initiator, &initiator_temporary,
                                                         &responder_temporary, responder_id, 2, initiator_id,
                                                         1, &keys[0]),
            SAR_OK);
  ASSERT_EQ(
      skf().SKF_GenerateKeyWithECC(agreement, &responder, &responder_temporary, responder_id, 2, &keys[1]),
      SAR_OK);
  EXPECT_EQ(skf().SKF_CloseHandle(agreement), SAR_OK);
  Bytes macs[2];
  for (int i = 0; i < 2; ++i) {
    BLOCKCIPHERPARAM parameters{};
    HANDLE mac = nullptr;
    ASSERT_EQ(skf().SKF_MacInit(keys[i], &parameters, &mac), SAR_OK);
    Bytes data(32, 0x09);
    macs[i].resize(16);
    ULONG length = 16;
    EXPECT_EQ(skf().SKF_Mac(mac, data.data(), 32, macs[i].data(), &length), SAR_OK);
  }
  EXPECT_EQ(macs[0], macs[1]);
  Bytes long_id(33);
  EXPECT_EQ(skf().SKF_GenerateAgreementDataWithECC(container_, SGD_SM4_MAC, &initiator_temporary,
                                                   long_id.data(), 33, &agreement),
            SAR_INDATALENERR);
}

TEST_F(Keys, KeysFromOutsideSignEncryptAndDecrypt) {
  const auto key = crypto::Sm2PrivateKey::generate();
  ECCPUBLICKEYBLOB public_blob = software::blob_of(key.public_key());
  ECCPRIVATEKEYBLOB private_blob{};
  private_blob.BitLen = 256;
  std::ranges::copy(key.expose().expose(), private_blob.PrivateKey + 32);
  BYTE digest[32] = {5};
  ECCSIGNATUREBLOB signature{};
  EXPECT_EQ(skf().SKF_ExtECCSign(device_, &private_blob, digest, 32, &signature), SAR_OK);
  EXPECT_EQ(skf().SKF_ExtECCVerify(device_, &public_blob, digest, 32, &signature), SAR_OK);

  const Bytes message(100, 0x44);
  Bytes memory(offsetof(ECCCIPHERBLOB, Cipher) + message.size());
  auto* blob = reinterpret_cast<ECCCIPHERBLOB*>(memory.data());
  EXPECT_EQ(skf().SKF_ExtECCEncrypt(device_, &public_blob, octets(message), 100, blob), SAR_OK);
  EXPECT_EQ(blob->CipherLen, 100U);
  ULONG length = 0;
  EXPECT_EQ(skf().SKF_ExtECCDecrypt(device_, &private_blob, blob, nullptr, &length), SAR_OK);
  Bytes out(length);
  EXPECT_EQ(skf().SKF_ExtECCDecrypt(device_, &private_blob, blob, out.data(), &length), SAR_OK);
  EXPECT_EQ(out, message);
  EXPECT_EQ(skf().SKF_ExtECCEncrypt(device_, &public_blob, octets(message), 0, blob), SAR_INDATALENERR);
  public_blob.YCoordinate[63] ^= 1;
  EXPECT_EQ(skf().SKF_ExtECCEncrypt(device_, &public_blob, octets(message), 100, blob), SAR_INDATAERR);
}

TEST_F(Keys, ThereIsNoRsa) {
  RSAPUBLICKEYBLOB rsa{};
  RSAPRIVATEKEYBLOB private_rsa{};
  BYTE data[8] = {};
  ULONG length = 8;
  HANDLE key = nullptr;
  EXPECT_EQ(skf().SKF_GenRSAKeyPair(container_, 2048, &rsa), SAR_NOTSUPPORTYETERR);
  EXPECT_EQ(skf().SKF_ImportRSAKeyPair(container_, SGD_SM4_ECB, data, 8, data, 8), SAR_NOTSUPPORTYETERR);
  EXPECT_EQ(skf().SKF_RSASignData(container_, data, 8, data, &length), SAR_NOTSUPPORTYETERR);
  EXPECT_EQ(skf().SKF_RSAVerify(device_, &rsa, data, 8, data, 8), SAR_NOTSUPPORTYETERR);
  EXPECT_EQ(skf().SKF_RSAExportSessionKey(container_, SGD_SM4_ECB, &rsa, data, &length, &key),
            SAR_NOTSUPPORTYETERR);
  EXPECT_EQ(skf().SKF_GenExtRSAKey(device_, 2048, &private_rsa), SAR_NOTSUPPORTYETERR);
  EXPECT_EQ(skf().SKF_ExtRSAPubKeyOperation(device_, &rsa, data, 8, data, &length), SAR_NOTSUPPORTYETERR);
  EXPECT_EQ(skf().SKF_ExtRSAPriKeyOperation(device_, &private_rsa, data, 8, data, &length),
            SAR_NOTSUPPORTYETERR);
}

}  // namespace
}  // namespace hutong::token::test
