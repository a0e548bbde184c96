#include "crypto/kernel_random.h"
#include "token/software/blobs.h"
#include "token/software/boundary.h"
#include "token/software/device.h"
#include "token/software/key_pairs.h"
#include "token/software/session_key.h"

/// Clauses 7.6.12, 7.6.14 to 7.6.16, 7.6.18 and SKF_SetSymmKey: where session keys come from.
namespace hutong::token::software {
namespace {

constexpr std::size_t kMostIdSize = 32;  ///< 7.6.14

/// The initiator's half of a key agreement. Good for one key.
class AgreementObject final : public Object {
 public:
  AgreementObject(std::shared_ptr<ContainerObject> in, crypto::Sm2PrivateKey temporary, std::string id,
                  ULONG algorithm_id)
      : container(std::move(in)),
        ephemeral(std::move(temporary)),
        own_id(std::move(id)),
        algorithm(algorithm_id) {}
  const std::shared_ptr<ContainerObject> container;
  const crypto::Sm2PrivateKey ephemeral;
  const std::string own_id;
  const ULONG algorithm;
};

Result<std::string> id_from(const BYTE* octets, ULONG size) {
  HUTONG_TRY(const ByteView id, given(octets, size));
  if (id.size() > kMostIdSize) {
    return refusal(SAR_INDATALENERR);
  }
  return std::string(as_text(id));
}

struct Peer {
  crypto::Sm2PublicKey key;
  crypto::Sm2PublicKey ephemeral;
  std::string id;
};

Result<Peer> peer_from(const ECCPUBLICKEYBLOB* key, const ECCPUBLICKEYBLOB* ephemeral, const BYTE* id,
                       ULONG id_size) {
  HUTONG_CHECK(need(key, ephemeral));
  HUTONG_TRY(auto text, id_from(id, id_size));
  HUTONG_TRY(const auto public_key, public_key_from(*key));
  HUTONG_TRY(const auto public_ephemeral, public_key_from(*ephemeral));
  return Peer{public_key, public_ephemeral, std::move(text)};
}

struct Self {
  crypto::Sm2KeyExchange::Role role;
  const crypto::Sm2PrivateKey& key;
  const crypto::Sm2PrivateKey& ephemeral;
  std::string_view id;
};

Result<HANDLE> agree(const Self& self, const Peer& peer, ULONG algorithm, HANDLE device) {
  HUTONG_TRY(const auto shared, crypto::sm2_exchange({.role = self.role,
                                                      .own = self.key,
                                                      .own_ephemeral = self.ephemeral,
                                                      .peer = peer.key,
                                                      .peer_ephemeral = peer.ephemeral,
                                                      .own_id = self.id,
                                                      .peer_id = peer.id},
                                                     crypto::kSm4KeySize));
  return add_session_key(shared.key.expose(), algorithm, device);
}

}  // namespace
}  // namespace hutong::token::software

using namespace hutong;
using namespace hutong::token::software;
using Role = crypto::Sm2KeyExchange::Role;

ULONG DEVAPI SKF_ECCExportSessionKey(HCONTAINER hContainer, ULONG ulAlgId, ECCPUBLICKEYBLOB* pPubKey,
                                     ECCCIPHERBLOB* pData, HANDLE* phSessionKey) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pPubKey, pData, phSessionKey));
    HUTONG_CHECK(check_symmetric_algorithm(ulAlgId));
    HUTONG_TRY(const auto work, work_on_container(hContainer));
    HUTONG_TRY(const auto peer, public_key_from(*pPubKey));
    SecretBytes key(crypto::kSm4KeySize);
    crypto::kernel_random().fill(key.writable());
    HUTONG_TRY(const Bytes wrapped,
               crypto::sm2_encrypt(peer, key.expose(), crypto::Sm2CipherLayout::kC1C3C2NoPrefix,
                                   crypto::kernel_random()));
    HUTONG_TRY(*phSessionKey, add_session_key(key.expose(), ulAlgId, device_handle_of(hContainer)));
    write_blob(wrapped, pData);
    return ok();
  });
}

ULONG DEVAPI SKF_ImportSessionKey(HCONTAINER hContainer, ULONG ulAlgId, BYTE* pbWrapedData, ULONG ulWrapedLen,
                                  HANDLE* phKey) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pbWrapedData, phKey));
    HUTONG_CHECK(check_symmetric_algorithm(ulAlgId));
    HUTONG_TRY(const auto work, work_on_container(hContainer));
    HUTONG_CHECK(work.in.user());
    constexpr ULONG kFixedPart = offsetof(ECCCIPHERBLOB, Cipher);
    if (ulWrapedLen <= kFixedPart) {
      return refusal(SAR_INDATALENERR);
    }
    const auto* blob = reinterpret_cast<const ECCCIPHERBLOB*>(pbWrapedData);
    HUTONG_TRY(const Bytes wrapped, ciphertext_from(*blob, ulWrapedLen - kFixedPart));
    HUTONG_TRY(const auto key, private_key_of(work, KeyUse::kEncryption));
    HUTONG_TRY(const SecretBytes octets,
               crypto::sm2_decrypt(key, wrapped, crypto::Sm2CipherLayout::kC1C3C2NoPrefix));
    HUTONG_TRY(*phKey, add_session_key(octets.expose(), ulAlgId, device_handle_of(hContainer)));
    return ok();
  });
}

ULONG DEVAPI SKF_SetSymmKey(DEVHANDLE hDev, BYTE* pbKey, ULONG ulAlgID, HANDLE* phKey) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pbKey, phKey));
    HUTONG_TRY(const auto object, handles().find<DeviceObject>(hDev));
    HUTONG_TRY(*phKey, add_session_key({pbKey, crypto::kSm4KeySize}, ulAlgID, hDev));
    return ok();
  });
}

ULONG DEVAPI SKF_GenerateAgreementDataWithECC(HCONTAINER hContainer, ULONG ulAlgId,
                                              ECCPUBLICKEYBLOB* pTempECCPubKeyBlob, BYTE* pbID, ULONG ulIDLen,
                                              HANDLE* phAgreementHandle) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pTempECCPubKeyBlob, phAgreementHandle));
    HUTONG_CHECK(check_symmetric_algorithm(ulAlgId));
    HUTONG_TRY(std::string id, id_from(pbID, ulIDLen));
    HUTONG_TRY(const auto work, work_on_container(hContainer));
    HUTONG_CHECK(work.in.user());
    HUTONG_CHECK(pair_of(work.record, KeyUse::kEncryption));
    auto ephemeral = crypto::Sm2PrivateKey::generate(crypto::kernel_random());
    *pTempECCPubKeyBlob = blob_of(ephemeral.public_key());
    auto agreement =
        std::make_shared<AgreementObject>(work.object, std::move(ephemeral), std::move(id), ulAlgId);
    *phAgreementHandle = handles().add(std::move(agreement), device_handle_of(hContainer));
    return ok();
  });
}

ULONG DEVAPI SKF_GenerateAgreementDataAndKeyWithECC(HANDLE hContainer, ULONG ulAlgId,
                                                    ECCPUBLICKEYBLOB* pSponsorECCPubKeyBlob,
                                                    ECCPUBLICKEYBLOB* pSponsorTempECCPubKeyBlob,
                                                    ECCPUBLICKEYBLOB* pTempECCPubKeyBlob, BYTE* pbID,
                                                    ULONG ulIDLen, BYTE* pbSponsorID, ULONG ulSponsorIDLen,
                                                    HANDLE* phKeyHandle) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pTempECCPubKeyBlob, phKeyHandle));
    HUTONG_CHECK(check_symmetric_algorithm(ulAlgId));
    HUTONG_TRY(const std::string id, id_from(pbID, ulIDLen));
    HUTONG_TRY(const auto sponsor,
               peer_from(pSponsorECCPubKeyBlob, pSponsorTempECCPubKeyBlob, pbSponsorID, ulSponsorIDLen));
    HUTONG_TRY(const auto work, work_on_container(hContainer));
    HUTONG_TRY(const auto key, private_key_of(work, KeyUse::kEncryption));
    const auto ephemeral = crypto::Sm2PrivateKey::generate(crypto::kernel_random());
    HUTONG_TRY(*phKeyHandle,
               agree({Role::kResponder, key, ephemeral, id}, sponsor, ulAlgId, device_handle_of(hContainer)));
    *pTempECCPubKeyBlob = blob_of(ephemeral.public_key());
    return ok();
  });
}

ULONG DEVAPI SKF_GenerateKeyWithECC(HANDLE hAgreementHandle, ECCPUBLICKEYBLOB* pECCPubKeyBlob,
                                    ECCPUBLICKEYBLOB* pTempECCPubKeyBlob, BYTE* pbID, ULONG ulIDLen,
                                    HANDLE* phKeyHandle) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(phKeyHandle));
    HUTONG_TRY(const auto peer, peer_from(pECCPubKeyBlob, pTempECCPubKeyBlob, pbID, ulIDLen));
    HUTONG_TRY(const auto agreement, handles().find<AgreementObject>(hAgreementHandle));
    HUTONG_TRY(const auto work, work_on_container(agreement->container));
    HUTONG_TRY(const auto key, private_key_of(work, KeyUse::kEncryption));
    HUTONG_TRY(*phKeyHandle, agree({Role::kInitiator, key, agreement->ephemeral, agreement->own_id}, peer,
                                   agreement->algorithm, handles().parent(hAgreementHandle)));
    return ok();
  });
}
