#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "ca/config.h"
#include "crypto/key_store.h"
#include "x509/certificate.h"

namespace hutong::ca {

/// What a root CA publishes of itself.
inline constexpr std::string_view kRootCertificate = "root.cer";
inline constexpr std::string_view kRootList = "root.crl";

/// The key and certificate of a root, which issues one subordinate CA and its own revocation list. Its key
/// store is apart from the CA's, so that it can be taken off the machine after the ceremony.
class Root {
 public:
  /// A new key under `label`, and a certificate that it signs itself, for twenty years.
  static Result<Root> make(crypto::KeyStore& keys, const std::string& label, const std::string& organization,
                           const std::string& common_name, Time now);
  /// One that exists.
  static Result<Root> open(const crypto::KeyStore& keys, const std::string& label,
                           const x509::Certificate& certificate);

  /// The certificate of the CA below, by the template "subordinate-ca" and through lint.
  Result<x509::Certificate> certify(const Config& config, const crypto::PublicKey& key,
                                    const std::string& organization, const std::string& common_name,
                                    Time now) const;
  /// A list without entries, good for half a year; its number is the time. DER.
  Result<Bytes> list(Time now) const;

  const x509::Certificate& certificate() const { return certificate_; }

 private:
  Root(x509::Certificate certificate, std::unique_ptr<crypto::Signer> signer)
      : certificate_(std::move(certificate)), signer_(std::move(signer)) {}
  x509::Certificate certificate_;
  std::unique_ptr<crypto::Signer> signer_;
};

}  // namespace hutong::ca
