#include "sdf/device.h"

#include <algorithm>
#include <set>
#include <utility>

#include "sdf/blobs.h"

namespace hutong::sdf {

/// The open device; closed when the last session over it is gone.
class Device::Line {
 public:
  Line(const Functions& functions, void* handle) : functions_(&functions), handle_(handle) {}
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() { functions_->SDF_CloseDevice(handle_); }
  const Functions& functions() const { return *functions_; }
  void* handle() const { return handle_; }

 private:
  const Functions* functions_;
  void* handle_;
};

struct Device::Session {
  Session(std::shared_ptr<Line> over, void* open) : line(std::move(over)), handle(open) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { line->functions().SDF_CloseSession(handle); }

  std::shared_ptr<Line> line;
  void* handle;
  std::set<unsigned> rights;  ///< indexes whose private keys it may use
};

Device::Device(Library library, SecretBytes password)
    : library_(std::move(library)), password_(std::move(password)) {}
Device::~Device() {
  idle_.clear();
  line_.reset();  // before the library
}

Result<std::unique_ptr<Device>> Device::open(Library library, SecretBytes password) {
  std::unique_ptr<Device> device(new Device(std::move(library), std::move(password)));
  HUTONG_TRY(auto session, device->borrow());
  DEVICEINFO info{};
  const int code = device->library_.functions().SDF_GetDeviceInfo(session->handle, &info);
  if (code != SDR_OK) {
    return error_of("SDF_GetDeviceInfo", code);
  }
  device->give_back(std::move(session));
  return device;
}

Result<std::unique_ptr<Device::Session>> Device::borrow() {
  const std::scoped_lock lock(mutex_);
  if (!idle_.empty()) {
    auto session = std::move(idle_.back());
    idle_.pop_back();
    return session;
  }
  const Functions& functions = library_.functions();
  if (line_ == nullptr) {
    void* handle = nullptr;
    if (const int code = functions.SDF_OpenDevice(&handle); code != SDR_OK) {
      return error_of("SDF_OpenDevice", code);
    }
    line_ = std::make_shared<Line>(functions, handle);
  }
  void* handle = nullptr;
  if (const int code = functions.SDF_OpenSession(line_->handle(), &handle); code != SDR_OK) {
    line_.reset();
    return error_of("SDF_OpenSession", code);
  }
  return std::make_unique<Session>(line_, handle);
}

void Device::give_back(std::unique_ptr<Session> session) {
  const std::scoped_lock lock(mutex_);
  if (session->line == line_) {
    idle_.push_back(std::move(session));
  }
}

void Device::drop(std::unique_ptr<Session> session) {
  const std::scoped_lock lock(mutex_);
  if (session->line == line_) {
    idle_.clear();
    line_.reset();
  }
}

template <typename Call>
Result<int> Device::attempt(Call call) {
  for (bool again = true;; again = false) {
    HUTONG_TRY(auto session, borrow());
    const int code = call(*session);
    if (!is_lost(code)) {
      give_back(std::move(session));
      return code;
    }
    drop(std::move(session));
    if (!again) {
      return code;
    }
  }
}

/// The right to the private key, once for each session.
int Device::unlock(Session& session, unsigned index) {
  const auto get = library_.functions().SDF_GetPrivateKeyAccessRight;
  if (get == nullptr || session.rights.contains(index)) {
    return SDR_OK;
  }
  const int code =
      get(session.handle, index, password_.writable().data(), static_cast<unsigned>(password_.size()));
  if (code == SDR_OK) {
    session.rights.insert(index);
  }
  return code;
}

Result<crypto::Sm2PublicKey> Device::signature_key(unsigned index) {
  ECCrefPublicKey blob{};
  HUTONG_TRY(const int code, attempt([&](Session& session) {
               return library_.functions().SDF_ExportSignPublicKey_ECC(session.handle, index, &blob);
             }));
  return code == SDR_OK ? public_key_from(blob) : error_of("SDF_ExportSignPublicKey_ECC", code);
}

Result<crypto::Sm2PublicKey> Device::encryption_key(unsigned index) {
  ECCrefPublicKey blob{};
  HUTONG_TRY(const int code, attempt([&](Session& session) {
               return library_.functions().SDF_ExportEncPublicKey_ECC(session.handle, index, &blob);
             }));
  return code == SDR_OK ? public_key_from(blob) : error_of("SDF_ExportEncPublicKey_ECC", code);
}

Result<crypto::Sm2Signature> Device::sign(unsigned index, const crypto::Sm3Digest& digest) {
  ECCSignature blob{};
  HUTONG_TRY(const int code, attempt([&](Session& session) {
               const int unlocked = unlock(session, index);
               auto data = digest;
               return unlocked != SDR_OK ? unlocked
                                         : library_.functions().SDF_InternalSign_ECC(
                                               session.handle, index, data.data(),
                                               static_cast<unsigned>(data.size()), &blob);
             }));
  return code == SDR_OK ? signature_from(blob) : error_of("SDF_InternalSign_ECC", code);
}

Result<SecretBytes> Device::decrypt(unsigned index, ByteView ciphertext) {
  HUTONG_TRY(Bytes blob, cipher_blob(ciphertext));
  SecretBytes plain(blob.size());
  unsigned size = 0;
  HUTONG_TRY(const int code, attempt([&](Session& session) {
               size = static_cast<unsigned>(plain.size());
               const int unlocked = unlock(session, index);
               return unlocked != SDR_OK
                          ? unlocked
                          : library_.functions().SDF_InternalDecrypt_ECC(
                                session.handle, index, SGD_SM2_3, reinterpret_cast<ECCCipher*>(blob.data()),
                                plain.writable().data(), &size);
             }));
  Error refused = error_of("SDF_InternalDecrypt_ECC", code);
  if (code != SDR_OK && refused.reason != "sdf.refused") {
    return refused;
  }
  if (code != SDR_OK || size > plain.size()) {
    return Error{Errc::kCryptoFail, "sm2.decrypt", std::move(refused.detail)};
  }
  return SecretBytes::copy_of(plain.expose().first(size));
}

}  // namespace hutong::sdf
