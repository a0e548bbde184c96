#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <new>
#include <utility>

#include "sdf/blobs.h"
#include "sdf/sdf.h"
#include "sdf/software/software_device.h"
#include "token/software/handles.h"

/// The exported functions of libhutong-sdf.so. HUTONG_SDF_DEVICE names the device's folder.
namespace hutong::sdf::software {
namespace {

constexpr std::size_t kMostCiphertext = 64 << 10;

using token::software::handles;

struct DeviceObject final : token::software::Object {
  explicit DeviceObject(std::shared_ptr<SoftwareDevice> open) : device(std::move(open)) {}
  std::shared_ptr<SoftwareDevice> device;
};

/// Used by one thread at a time, as the norm says.
struct SessionObject final : token::software::Object {
  explicit SessionObject(std::shared_ptr<SoftwareDevice> open) : device(std::move(open)) {}
  std::shared_ptr<SoftwareDevice> device;
  std::map<unsigned, std::shared_ptr<const crypto::KeyStore>> rights;
};

/// Nothing thrown passes out.
template <typename Action>
int guarded(Action&& action) noexcept {
  try {
    return std::forward<Action>(action)();
  } catch (const std::bad_alloc&) {
    return SDR_NOBUFFER;
  } catch (...) {
    return SDR_UNKNOWERR;
  }
}

/// `action` with the open session of the handle, while the device is there.
template <typename Action>
int in_session(void* handle, Action&& action) noexcept {
  return guarded([&] {
    const auto session = handles().find<SessionObject>(handle);
    if (!session) {
      return SDR_INARGERR;
    }
    return (*session)->device->is_plugged_in() ? action(**session) : SDR_COMMFAIL;
  });
}

int export_key(void* session, unsigned index, ECCrefPublicKey* out,
               crypto::Sm2PublicKey KeySlot::*which) noexcept {
  return in_session(session, [&](const SessionObject& open) {
    const auto slot = open.device->slot(index);
    if (out == nullptr || !slot) {
      return out == nullptr ? SDR_OUTARGERR : SDR_KEYNOTEXIST;
    }
    *out = blob_of((*slot).*which);
    return SDR_OK;
  });
}

template <std::size_t kSize>
void put_text(std::string_view text, unsigned char (&out)[kSize]) {
  std::ranges::copy(text.substr(0, kSize), out);
}

int sign(const SessionObject& session, unsigned index, ByteView digest, ECCSignature& out) {
  const auto keys = session.rights.find(index);
  if (keys == session.rights.end()) {
    return SDR_PRKRERR;
  }
  const auto signer = keys->second->signer(kSignaturePair);
  const auto der = signer ? (*signer)->sign_digest(digest) : Result<Bytes>(signer.error());
  const auto signature = der ? crypto::Sm2Signature::from_der(*der) : der.error();
  if (!signature) {
    return SDR_SIGNERR;
  }
  out = blob_of(*signature);
  return SDR_OK;
}

int decrypt(const SessionObject& session, unsigned index, const ECCCipher& cipher, unsigned char* out,
            unsigned& size) {
  const auto keys = session.rights.find(index);
  if (keys == session.rights.end()) {
    return SDR_PRKRERR;
  }
  const auto ciphertext = ciphertext_from(cipher, kMostCiphertext);
  const auto plain = ciphertext ? keys->second->decrypt(kEncryptionPair, *ciphertext) : ciphertext.error();
  if (!plain) {
    return SDR_ENCDATAERR;
  }
  if (size < plain->size()) {
    return SDR_OUTARGERR;
  }
  std::ranges::copy(plain->expose(), out);
  size = static_cast<unsigned>(plain->size());
  return SDR_OK;
}

}  // namespace
}  // namespace hutong::sdf::software

extern "C" {

namespace own = hutong::sdf::software;

SDF_EXPORT int SDF_OpenDevice(void** device) {
  return own::guarded([&] {
    const char* folder = std::getenv("HUTONG_SDF_DEVICE");
    if (device == nullptr) {
      return SDR_OUTARGERR;
    }
    auto open = folder == nullptr ? nullptr : own::SoftwareDevice::open(folder);
    if (open == nullptr) {
      return SDR_OPENDEVICE;
    }
    *device = own::handles().add(std::make_shared<own::DeviceObject>(std::move(open)));
    return SDR_OK;
  });
}

SDF_EXPORT int SDF_CloseDevice(void* device) {
  return own::guarded(
      [&] { return own::handles().close<own::DeviceObject>(device) ? SDR_OK : SDR_INARGERR; });
}

SDF_EXPORT int SDF_OpenSession(void* device, void** session) {
  return own::guarded([&] {
    const auto found = own::handles().find<own::DeviceObject>(device);
    if (!found || session == nullptr) {
      return SDR_INARGERR;
    }
    *session = own::handles().add(std::make_shared<own::SessionObject>((*found)->device), device);
    return SDR_OK;
  });
}

SDF_EXPORT int SDF_CloseSession(void* session) {
  return own::guarded(
      [&] { return own::handles().close<own::SessionObject>(session) ? SDR_OK : SDR_INARGERR; });
}

SDF_EXPORT int SDF_GetDeviceInfo(void* session, DEVICEINFO* info) {
  return own::in_session(session, [&](const own::SessionObject&) {
    if (info == nullptr) {
      return SDR_OUTARGERR;
    }
    *info = {};
    own::put_text("Hutong", info->IssuerName);
    own::put_text("software", info->DeviceName);
    own::put_text("2026112800100001", info->DeviceSerial);
    info->DeviceVersion = 1;
    info->StandardVersion = 1;
    info->BufferSize = own::kMostCiphertext;
    return SDR_OK;
  });
}

SDF_EXPORT int SDF_GetPrivateKeyAccessRight(void* session, unsigned index, unsigned char* password,
                                            unsigned size) {
  return own::in_session(session, [&](own::SessionObject& open) {
    if (password == nullptr) {
      return SDR_INARGERR;
    }
    if (!open.device->slot(index)) {
      return SDR_KEYNOTEXIST;
    }
    auto keys = open.device->unlock(index, {password, size});
    if (keys == nullptr) {
      return SDR_PRKRERR;
    }
    open.rights.insert_or_assign(index, std::move(keys));
    return SDR_OK;
  });
}

SDF_EXPORT int SDF_ReleasePrivateKeyAccessRight(void* session, unsigned index) {
  return own::in_session(session, [&](own::SessionObject& open) {
    return open.rights.erase(index) == 0 ? SDR_PRKRERR : SDR_OK;
  });
}

SDF_EXPORT int SDF_ExportSignPublicKey_ECC(void* session, unsigned index, ECCrefPublicKey* key) {
  return own::export_key(session, index, key, &own::KeySlot::signature_key);
}

SDF_EXPORT int SDF_ExportEncPublicKey_ECC(void* session, unsigned index, ECCrefPublicKey* key) {
  return own::export_key(session, index, key, &own::KeySlot::encryption_key);
}

SDF_EXPORT int SDF_InternalSign_ECC(void* session, unsigned index, unsigned char* data, unsigned size,
                                    ECCSignature* signature) {
  return own::in_session(session, [&](const own::SessionObject& open) {
    if (data == nullptr || signature == nullptr) {
      return SDR_INARGERR;
    }
    return own::sign(open, index, {data, size}, *signature);
  });
}

SDF_EXPORT int SDF_InternalDecrypt_ECC(void* session, unsigned index, unsigned algorithm, ECCCipher* cipher,
                                       unsigned char* data, unsigned* size) {
  return own::in_session(session, [&](const own::SessionObject& open) {
    if (cipher == nullptr || data == nullptr || size == nullptr) {
      return SDR_INARGERR;
    }
    return algorithm == SGD_SM2_3 ? own::decrypt(open, index, *cipher, data, *size) : SDR_ALGNOTSUPPORT;
  });
}
}
