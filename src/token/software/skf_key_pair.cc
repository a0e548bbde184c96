#include <algorithm>
#include <cstring>

#include "crypto/kernel_random.h"
#include "crypto/sm4.h"
#include "token/software/blobs.h"
#include "token/software/boundary.h"
#include "token/software/key_pairs.h"

/// Clauses 7.6.8 to 7.6.11, 7.6.13 and 7.6.17: SM2 key pairs, and SM2 with keys from outside.
namespace hutong::token::software {
namespace {

constexpr ULONG kEnvelopeVersion = 1;
constexpr ULONG kEnvelopeBits = 256;
constexpr std::size_t kHalfField = 32;
constexpr std::size_t kMostPlaintext = 64 << 10;

Result<crypto::Sm3Digest> digest_from(const BYTE* octets, ULONG size) {
  HUTONG_CHECK(need(octets));
  crypto::Sm3Digest digest;
  if (size != digest.size()) {
    return refusal(SAR_INDATALENERR);
  }
  std::copy_n(octets, digest.size(), digest.begin());
  return digest;
}

/// The private key in cbEncryptedPriKey: encrypted in the right half alone, or with the zeros before it.
Result<crypto::Sm2PrivateKey> decrypt_private_field(const crypto::Sm4Key& key, ByteView field) {
  const ByteView left = field.first(kHalfField);
  const bool right_half_alone = std::ranges::all_of(left, [](std::uint8_t octet) { return octet == 0; });
  SecretBytes plain(field.size());
  if (right_half_alone) {
    key.decrypt_blocks(field.last(kHalfField), plain.writable().last(kHalfField));
  } else {
    key.decrypt_blocks(field, plain.writable());
  }
  ECCPRIVATEKEYBLOB blob{};
  blob.BitLen = kEnvelopeBits;
  std::ranges::copy(plain.expose(), blob.PrivateKey);
  const ScopedWipe wipe_blob({reinterpret_cast<std::uint8_t*>(&blob), sizeof blob});
  return private_key_from(blob);
}

Status check_envelope(const ENVELOPEDKEYBLOB& envelope) {
  if (envelope.Version != kEnvelopeVersion || envelope.ulBits != kEnvelopeBits) {
    return refusal(SAR_INDATAERR);
  }
  const ULONG algorithm = envelope.ulSymmAlgID;
  if (algorithm == SGD_SM1_ECB || algorithm == SGD_SSF33_ECB) {
    return refusal(SAR_NOTSUPPORTYETERR);
  }
  return algorithm == SGD_SM4_ECB ? ok() : Status(refusal(SAR_INVALIDPARAMERR));
}

Result<crypto::Sm2PrivateKey> open_envelope(const ENVELOPEDKEYBLOB& envelope,
                                            const crypto::Sm2PrivateKey& holder) {
  HUTONG_TRY(const Bytes wrapped, ciphertext_from(envelope.ECCCipherBlob, crypto::kSm4KeySize));
  HUTONG_TRY(const SecretBytes symmetric,
             crypto::sm2_decrypt(holder, wrapped, crypto::Sm2CipherLayout::kC1C3C2NoPrefix));
  HUTONG_TRY(const auto sm4, crypto::Sm4Key::from_octets(symmetric.expose()));
  HUTONG_TRY(const auto stated, public_key_from(envelope.PubKey));
  HUTONG_TRY(auto key, decrypt_private_field(sm4, envelope.cbEncryptedPriKey));
  if (!(key.public_key() == stated)) {
    return refusal(SAR_INDATAERR);
  }
  return key;
}

/// SKF_ECCVerify and SKF_ExtECCVerify. SAR_FAIL when the signature is not good.
Status verify_with(HANDLE device, const ECCPUBLICKEYBLOB* key, const BYTE* data, ULONG size,
                   const ECCSIGNATUREBLOB* signature) {
  HUTONG_CHECK(need(key, signature));
  HUTONG_TRY(const auto digest, digest_from(data, size));
  HUTONG_TRY(const auto object, handles().find<DeviceObject>(device));
  HUTONG_TRY(const auto public_key, public_key_from(*key));
  const auto numbers = signature_from(*signature);  // out of range is a bad signature like any other
  const bool good = numbers && public_key.verify_digest(digest, *numbers);
  return good ? ok() : Status(refusal(SAR_FAIL));
}

}  // namespace
}  // namespace hutong::token::software

using namespace hutong;
using namespace hutong::token::software;

ULONG DEVAPI SKF_GenECCKeyPair(HCONTAINER hContainer, ULONG ulAlgId, ECCPUBLICKEYBLOB* pBlob) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pBlob));
    if (ulAlgId != SGD_SM2_1 && ulAlgId != SGD_SM2_1_DRAFT) {
      return refusal(SAR_NOTSUPPORTYETERR);
    }
    HUTONG_TRY(auto work, work_on_container(hContainer));
    HUTONG_CHECK(work.in.user());
    const auto key = crypto::Sm2PrivateKey::generate(crypto::kernel_random());
    HUTONG_CHECK(store_pair(work, KeyUse::kSignature, key));
    *pBlob = blob_of(key.public_key());
    return ok();
  });
}

ULONG DEVAPI SKF_ImportECCKeyPair(HCONTAINER hContainer, ENVELOPEDKEYBLOB* pEnvelopedKeyBlob) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pEnvelopedKeyBlob));
    HUTONG_TRY(auto work, work_on_container(hContainer));
    HUTONG_CHECK(work.in.user());
    HUTONG_CHECK(check_envelope(*pEnvelopedKeyBlob));
    HUTONG_TRY(const auto holder, private_key_of(work, KeyUse::kSignature));
    HUTONG_TRY(const auto key, open_envelope(*pEnvelopedKeyBlob, holder));
    return store_pair(work, KeyUse::kEncryption, key);
  });
}

ULONG DEVAPI SKF_ECCSignData(HCONTAINER hContainer, BYTE* pbDigest, ULONG ulDigestLen,
                             ECCSIGNATUREBLOB* pSignature) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pSignature));
    HUTONG_TRY(const auto digest, digest_from(pbDigest, ulDigestLen));
    HUTONG_TRY(const auto work, work_on_container(hContainer));
    HUTONG_TRY(const auto key, private_key_of(work, KeyUse::kSignature));
    *pSignature = blob_of(key.sign_digest(digest, crypto::kernel_random()));
    return ok();
  });
}

ULONG DEVAPI SKF_ECCVerify(DEVHANDLE hDev, ECCPUBLICKEYBLOB* pECCPubKeyBlob, BYTE* pbData, ULONG ulDataLen,
                           ECCSIGNATUREBLOB* pSignature) {
  return guarded([&] { return verify_with(hDev, pECCPubKeyBlob, pbData, ulDataLen, pSignature); });
}

ULONG DEVAPI SKF_ExtECCVerify(DEVHANDLE hDev, ECCPUBLICKEYBLOB* pECCPubKeyBlob, BYTE* pbData, ULONG ulDataLen,
                              ECCSIGNATUREBLOB* pSignature) {
  return guarded([&] { return verify_with(hDev, pECCPubKeyBlob, pbData, ulDataLen, pSignature); });
}

ULONG DEVAPI SKF_ExtECCEncrypt(DEVHANDLE hDev, ECCPUBLICKEYBLOB* pECCPubKeyBlob, BYTE* pbPlainText,
                               ULONG ulPlainTextLen, ECCCIPHERBLOB* pCipherText) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pECCPubKeyBlob, pbPlainText, pCipherText));
    HUTONG_TRY(const auto object, handles().find<DeviceObject>(hDev));
    if (ulPlainTextLen == 0 || ulPlainTextLen > kMostPlaintext) {
      return refusal(SAR_INDATALENERR);
    }
    HUTONG_TRY(const auto key, public_key_from(*pECCPubKeyBlob));
    HUTONG_TRY(const Bytes ciphertext,
               crypto::sm2_encrypt(key, {pbPlainText, ulPlainTextLen},
                                   crypto::Sm2CipherLayout::kC1C3C2NoPrefix, crypto::kernel_random()));
    write_blob(ciphertext, pCipherText);
    return ok();
  });
}

ULONG DEVAPI SKF_ExtECCDecrypt(DEVHANDLE hDev, ECCPRIVATEKEYBLOB* pECCPriKeyBlob, ECCCIPHERBLOB* pCipherText,
                               BYTE* pbPlainText, ULONG* pulPlainTextLen) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pECCPriKeyBlob, pCipherText, pulPlainTextLen));
    HUTONG_TRY(const auto object, handles().find<DeviceObject>(hDev));
    HUTONG_TRY(const auto key, private_key_from(*pECCPriKeyBlob));
    HUTONG_TRY(const Bytes ciphertext, ciphertext_from(*pCipherText, kMostPlaintext));
    HUTONG_TRY(const SecretBytes plain,
               crypto::sm2_decrypt(key, ciphertext, crypto::Sm2CipherLayout::kC1C3C2NoPrefix));
    return hand_over(plain.expose(), pbPlainText, pulPlainTextLen);
  });
}

ULONG DEVAPI SKF_ExtECCSign(DEVHANDLE hDev, ECCPRIVATEKEYBLOB* pECCPriKeyBlob, BYTE* pbData, ULONG ulDataLen,
                            ECCSIGNATUREBLOB* pSignature) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pECCPriKeyBlob, pSignature));
    HUTONG_TRY(const auto digest, digest_from(pbData, ulDataLen));
    HUTONG_TRY(const auto object, handles().find<DeviceObject>(hDev));
    HUTONG_TRY(const auto key, private_key_from(*pECCPriKeyBlob));
    *pSignature = blob_of(key.sign_digest(digest, crypto::kernel_random()));
    return ok();
  });
}

ULONG DEVAPI SKF_ExportPublicKey(HCONTAINER hContainer, BOOL bSignFlag, BYTE* pbBlob, ULONG* pulBlobLen) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const auto work, work_on_container(hContainer));
    HUTONG_TRY(const KeyPairRecord* pair, pair_of(work.record, use_from(bSignFlag)));
    const ECCPUBLICKEYBLOB blob = blob_of(pair->public_key);
    return hand_over({reinterpret_cast<const std::uint8_t*>(&blob), sizeof blob}, pbBlob, pulBlobLen);
  });
}
