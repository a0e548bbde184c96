#pragma once

#include <filesystem>
#include <memory>
#include <utility>

#include "base/result.h"
#include "crypto/signature.h"
#include "x509/certificate.h"

namespace hutong::platform {

/// A key that the platform signs with in its own name, and the certificate for it. Immutable, cheap to copy;
/// any thread.
class SigningIdentity {
 public:
  /// `file` is a PKCS#12 with the SM2 key and its certificate, the password the first line of its file. What
  /// read_file and crypto::read_pkcs12 say; kMalformed "signer.certificate" (none in the file, or of another
  /// key).
  static Result<SigningIdentity> load(const std::filesystem::path& file,
                                      const std::filesystem::path& password_file);
  SigningIdentity(std::shared_ptr<const crypto::Signer> key, x509::Certificate certificate)
      : key_(std::move(key)), certificate_(std::move(certificate)) {}

  const crypto::Signer& key() const { return *key_; }
  const std::shared_ptr<const crypto::Signer>& shared_key() const { return key_; }
  const x509::Certificate& certificate() const { return certificate_; }

 private:
  std::shared_ptr<const crypto::Signer> key_;
  x509::Certificate certificate_;
};

}  // namespace hutong::platform
