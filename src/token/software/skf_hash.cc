#include <optional>

#include "crypto/kernel_random.h"
#include "crypto/sm3.h"
#include "token/software/blobs.h"
#include "token/software/boundary.h"
#include "token/software/device.h"
#include "token/software/session_key.h"

/// Clauses 7.6.2, 7.6.27 to 7.6.35: random octets, SM3, MAC, and the closing of handles.
namespace hutong::token::software {
namespace {

class HashObject final : public Object {
 public:
  std::mutex mutex;
  crypto::Sm3 state;
  bool finished = false;  ///< after the result a new Init is due
};

/// CBC-MAC: the last block of SM4-CBC (7.6.31).
class MacObject final : public Object {
 public:
  MacObject(crypto::Sm4Key key, const crypto::Sm4Block& iv)
      : chain(std::move(key), iv, crypto::Direction::kEncrypt, crypto::Padding::kNone) {}
  std::mutex mutex;
  crypto::Sm4Cbc chain;
  std::size_t size = 0;
  bool finished = false;
};

template <typename Kind>
struct InUse {
  std::shared_ptr<Kind> object;
  std::unique_lock<std::mutex> lock;
};

/// SAR_NOTINITIALIZEERR once the result was handed over.
template <typename Kind>
Result<InUse<Kind>> use_object(HANDLE handle) {
  HUTONG_TRY(auto object, handles().find<Kind>(handle));
  std::unique_lock lock(object->mutex);
  if (object->finished) {
    return refusal(SAR_NOTINITIALIZEERR);
  }
  return InUse<Kind>{std::move(object), std::move(lock)};
}

Status finish_hash(const InUse<HashObject>& hash, ByteView last, BYTE* out, ULONG* out_size) {
  HUTONG_TRY(const Room room, make_room(crypto::kSm3DigestSize, out, out_size));
  if (room == Room::kAsked) {
    return ok();
  }
  hash.object->state.update(last);
  std::ranges::copy(hash.object->state.finish(), out);
  hash.object->finished = true;
  return ok();
}

Status finish_mac(const InUse<MacObject>& mac, ByteView last, BYTE* out, ULONG* out_size) {
  const std::size_t size = mac.object->size + last.size();
  if (size == 0 || size % crypto::kSm4BlockSize != 0) {
    return refusal(SAR_INDATALENERR);
  }
  HUTONG_TRY(const Room room, make_room(crypto::kSm4BlockSize, out, out_size));
  if (room == Room::kAsked) {
    return ok();
  }
  mac.object->chain.update(last);
  std::ranges::copy(mac.object->chain.chain(), out);
  mac.object->finished = true;
  return ok();
}

/// Z of GB/T 32918.2 goes first when an identifier is given (7.6.27).
Status begin_hash(crypto::Sm3& state, const ECCPUBLICKEYBLOB* key_blob, ByteView id) {
  if (id.empty()) {
    return ok();
  }
  HUTONG_CHECK(need(key_blob));
  if (id.size() > crypto::kSm2MostIdSize) {
    return refusal(SAR_INDATALENERR);
  }
  HUTONG_TRY(const auto key, public_key_from(*key_blob));
  state.update(key.z(id));
  return ok();
}

Result<crypto::Sm4Block> mac_iv(const BLOCKCIPHERPARAM& parameters) {
  crypto::Sm4Block iv{};
  if (parameters.IVLen != 0 && parameters.IVLen != iv.size()) {
    return refusal(SAR_INVALIDPARAMERR);
  }
  std::copy_n(parameters.IV, parameters.IVLen, iv.begin());
  return iv;
}

}  // namespace
}  // namespace hutong::token::software

using namespace hutong;
using namespace hutong::token::software;

ULONG DEVAPI SKF_GenRandom(DEVHANDLE hDev, BYTE* pbRandom, ULONG ulRandomLen) {
  return guarded([&]() -> Status {
    constexpr ULONG kChallengeOctets = 8;
    HUTONG_CHECK(need(pbRandom));
    HUTONG_TRY(const auto work, work_on_device(hDev));
    crypto::kernel_random().fill({pbRandom, ulRandomLen});
    work.object->challenge.assign(pbRandom, pbRandom + (ulRandomLen == kChallengeOctets ? ulRandomLen : 0));
    return ok();
  });
}

ULONG DEVAPI SKF_DigestInit(DEVHANDLE hDev, ULONG ulAlgID, ECCPUBLICKEYBLOB* pPubKey, BYTE* pbID,
                            ULONG ulIDLen, HANDLE* phHash) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(phHash));
    HUTONG_TRY(const ByteView id, given(pbID, ulIDLen));
    HUTONG_TRY(const auto device, handles().find<DeviceObject>(hDev));
    if (ulAlgID != SGD_SM3) {
      return refusal(ulAlgID == SGD_SHA1 || ulAlgID == SGD_SHA256 ? SAR_NOTSUPPORTYETERR
                                                                  : SAR_INVALIDPARAMERR);
    }
    auto hash = std::make_shared<HashObject>();
    HUTONG_CHECK(begin_hash(hash->state, pPubKey, id));
    *phHash = handles().add(std::move(hash), hDev);
    return ok();
  });
}

ULONG DEVAPI SKF_Digest(HANDLE hHash, BYTE* pbData, ULONG ulDataLen, BYTE* pbHashData, ULONG* pulHashLen) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const ByteView data, given(pbData, ulDataLen));
    HUTONG_TRY(const auto hash, use_object<HashObject>(hHash));
    return finish_hash(hash, data, pbHashData, pulHashLen);
  });
}

ULONG DEVAPI SKF_DigestUpdate(HANDLE hHash, BYTE* pbData, ULONG ulDataLen) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const ByteView data, given(pbData, ulDataLen));
    HUTONG_TRY(const auto hash, use_object<HashObject>(hHash));
    hash.object->state.update(data);
    return ok();
  });
}

ULONG DEVAPI SKF_DigestFinal(HANDLE hHash, BYTE* pHashData, ULONG* pulHashLen) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const auto hash, use_object<HashObject>(hHash));
    return finish_hash(hash, {}, pHashData, pulHashLen);
  });
}

ULONG DEVAPI SKF_MacInit(HANDLE hKey, BLOCKCIPHERPARAM* pMacParam, HANDLE* phMac) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pMacParam, phMac));
    HUTONG_TRY(const auto key, handles().find<SessionKey>(hKey));
    HUTONG_TRY(const crypto::Sm4Block iv, mac_iv(*pMacParam));
    *phMac = handles().add(std::make_shared<MacObject>(key->key.clone(), iv), handles().parent(hKey));
    return ok();
  });
}

ULONG DEVAPI SKF_Mac(HANDLE hMac, BYTE* pbData, ULONG ulDataLen, BYTE* pbMacData, ULONG* pulMacLen) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const ByteView data, given(pbData, ulDataLen));
    HUTONG_TRY(const auto mac, use_object<MacObject>(hMac));
    return finish_mac(mac, data, pbMacData, pulMacLen);
  });
}

ULONG DEVAPI SKF_MacUpdate(HANDLE hMac, BYTE* pbData, ULONG ulDataLen) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const ByteView data, given(pbData, ulDataLen));
    HUTONG_TRY(const auto mac, use_object<MacObject>(hMac));
    mac.object->chain.update(data);
    mac.object->size += data.size();
    return ok();
  });
}

ULONG DEVAPI SKF_MacFinal(HANDLE hMac, BYTE* pbMacData, ULONG* pulMacDataLen) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const auto mac, use_object<MacObject>(hMac));
    return finish_mac(mac, {}, pbMacData, pulMacDataLen);
  });
}

ULONG DEVAPI SKF_CloseHandle(HANDLE hHandle) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const auto object, handles().find<Object>(hHandle));
    if (!object->closes_by_handle()) {  // devices, applications and containers have functions of their own
      return refusal(SAR_INVALIDHANDLEERR);
    }
    return handles().close<Object>(hHandle);
  });
}
