#include "token/driver/container.h"

#include <array>
#include <mutex>
#include <utility>

#include "token/driver/blobs.h"
#include "token/driver/errors.h"
#include "token/driver/internal/connection.h"
#include "token/skf.h"

namespace hutong::token {
namespace {

constexpr std::size_t kPublicKeyRoom = 1024;

bool means_absent(const Error& error, const Quirks& quirks) {
  return error.reason == "token.not_found" ||
         (skf_code_of(error) == SAR_FAIL && quirks.meets(Quirk::kFailIsNotFound));
}

Result<std::optional<Bytes>> or_nothing(Result<Bytes> certificate) {
  if (certificate) {
    return std::optional(std::move(certificate).value());
  }
  return certificate.error().reason == "token.not_found" ? Result<std::optional<Bytes>>(std::nullopt)
                                                         : Result<std::optional<Bytes>>(certificate.error());
}

}  // namespace

struct Container::Shared {
  std::shared_ptr<const internal::OpenHandle> application;  // closed after the container
  std::shared_ptr<const internal::OpenHandle> handle;
  std::string name;
  mutable std::mutex lock;
  mutable std::optional<crypto::Sm2PublicKey> signature_key;  ///< once it was read

  const internal::Connection& connection() const { return *handle->connection; }
  const Quirks& quirks() const { return connection().driver->quirks(); }
  void remember(const std::optional<crypto::Sm2PublicKey>& key) const {
    const std::lock_guard guard(lock);
    signature_key = key;
  }
  std::optional<crypto::Sm2PublicKey> remembered() const {
    const std::lock_guard guard(lock);
    return signature_key;
  }
};

Container Container::make(std::shared_ptr<const internal::OpenHandle> application, std::uint32_t handle,
                          std::string name) {
  auto shared = std::make_shared<Shared>();
  shared->handle =
      std::make_shared<internal::OpenHandle>(application->connection, handle, Function::kCloseContainer);
  shared->application = std::move(application);
  shared->name = std::move(name);
  return Container(std::move(shared));
}

const std::string& Container::name() const { return shared_->name; }

Result<Bytes> Container::certificate(KeyUse use) const {
  auto der = shared_->connection().fetch(
      [&](std::size_t room) {
        DriverCall call = shared_->handle->prepare(Function::kExportCertificate);
        call.number(static_cast<std::uint32_t>(use)).room(room);
        return call;
      },
      kCertificateRoom);
  if (der ? der->empty() : means_absent(der.error(), shared_->quirks())) {
    return Error{Errc::kNotFound, "token.not_found", der ? "no certificate" : der.error().detail};
  }
  return der;
}

Result<ContainerCertificates> Container::certificates() const {
  ContainerCertificates out;
  HUTONG_TRY(out.signature, or_nothing(certificate(KeyUse::kSignature)));
  HUTONG_TRY(out.encryption, or_nothing(certificate(KeyUse::kEncryption)));
  return out;
}

Status Container::import_certificate(KeyUse use, ByteView der) const {
  DriverCall call = shared_->handle->prepare(Function::kImportCertificate);
  call.number(static_cast<std::uint32_t>(use)).octets(der);
  HUTONG_CHECK(shared_->connection().call(std::move(call)));
  return ok();
}

Result<crypto::Sm2PublicKey> Container::public_key(KeyUse use) const {
  const auto blob = shared_->connection().fetch(
      [&](std::size_t room) {
        DriverCall call = shared_->handle->prepare(Function::kExportPublicKey);
        call.number(static_cast<std::uint32_t>(use)).room(room);
        return call;
      },
      kPublicKeyRoom);
  if (!blob) {
    return means_absent(blob.error(), shared_->quirks())
               ? Error{Errc::kNotFound, "token.not_found", blob.error().detail}
               : blob.error();
  }
  HUTONG_TRY(crypto::Sm2PublicKey key, read_public_key(*blob, shared_->quirks()));
  if (use == KeyUse::kSignature) {
    shared_->remember(key);
  }
  return key;
}

Result<crypto::Sm2PublicKey> Container::generate_key_pair() const {
  shared_->remember(std::nullopt);
  const auto generate = [this](std::uint32_t algorithm) {
    DriverCall call = shared_->handle->prepare(Function::kGenEccKeyPair);
    call.number(algorithm);
    return shared_->connection().call(std::move(call));
  };
  const bool draft =
      shared_->connection().info.draft_numbering() || shared_->quirks().meets(Quirk::kDraftAlgorithms);
  auto answer = generate(draft ? SGD_SM2_1_DRAFT : SGD_SM2_1);
  if (!answer && (skf_code_of(answer.error()) == SAR_NOTSUPPORTYETERR ||
                  skf_code_of(answer.error()) == SAR_INVALIDPARAMERR)) {
    auto other = generate(draft ? SGD_SM2_1 : SGD_SM2_1_DRAFT);
    HUTONG_TRY(const DriverAnswer made, std::move(other));
    return read_public_key(made.octets(0), shared_->quirks());
  }
  HUTONG_TRY(const DriverAnswer made, std::move(answer));
  HUTONG_TRY(crypto::Sm2PublicKey key, read_public_key(made.octets(0), shared_->quirks()));
  shared_->remember(key);
  return key;
}

Result<crypto::Sm2PublicKey> Container::signature_key() const {
  auto known = shared_->remembered();
  return known ? Result<crypto::Sm2PublicKey>(*known) : public_key(KeyUse::kSignature);
}

Result<Bytes> Container::sign_digest(const crypto::Sm3Digest& e) const {
  HUTONG_TRY(const crypto::Sm2PublicKey key, signature_key());
  DriverCall call = shared_->handle->prepare(Function::kEccSignData);
  call.octets(e);
  HUTONG_TRY(const DriverAnswer answer, shared_->connection().call(std::move(call)));
  HUTONG_TRY(const crypto::Sm2Signature signature, read_signature(answer.octets(0), shared_->quirks()));
  if (!key.verify_digest(e, signature)) {
    return Error{Errc::kCryptoFail, "token.signature_wrong", "the token's signature does not verify"};
  }
  return signature.to_der();
}

Result<Bytes> Container::sign(ByteView message, std::string_view id) const {
  if (id.size() > crypto::kSm2MostIdSize) {
    return Error{Errc::kLimit, "token.sm2_id", "the identifier is too long"};
  }
  HUTONG_TRY(const crypto::Sm2PublicKey key, signature_key());
  crypto::Sm3 e;
  e.update(key.z(as_bytes(id)));
  e.update(message);
  return sign_digest(e.finish());
}

Status Container::import_key_pair(ByteView enveloped_key) const {
  HUTONG_TRY(const Bytes blob, write_enveloped_key(enveloped_key));
  DriverCall call = shared_->handle->prepare(Function::kImportEccKeyPair);
  call.octets(blob);
  HUTONG_CHECK(shared_->connection().call(std::move(call)));
  return ok();
}

Result<SessionKey> Container::open_session_key(ByteView sm2_cipher, SessionCipher cipher) const {
  if (shared_->quirks().meets(Quirk::kNoSessionKeyImport)) {
    return Error{Errc::kPolicy, "token.not_supported", "the driver opens no session keys"};
  }
  HUTONG_TRY(const Bytes blob, write_cipher(sm2_cipher));
  DriverCall call = shared_->handle->prepare(Function::kImportSessionKey);
  call.number(static_cast<std::uint32_t>(cipher)).octets(blob);
  HUTONG_TRY(const DriverAnswer answer, shared_->connection().call(std::move(call)));
  return SessionKey(std::make_shared<internal::OpenHandle>(shared_->handle->connection, answer.handle(0),
                                                           Function::kCloseHandle));
}

}  // namespace hutong::token
