#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "crypto/signature.h"
#include "crypto/sm2.h"
#include "x509/certificate.h"

namespace hutong::kmc {

/// A person's key and certificate, made by the ceremony for demonstrations and training; in earnest the key
/// is in the person's carrier and only the certificate comes here.
struct Identity {
  crypto::Sm2PrivateKey key;
  x509::Certificate certificate;
};

/// Who signs certificates.
struct Issuer {
  const crypto::Signer& signer;
  x509::Name name;
};

/// A self-signed CA certificate for the centre's own key (机构证书), for ten years.
Result<x509::Certificate> self_signed_authority(const Issuer& issuer, Time now);
/// A certificate for signing and for receiving keys, for two years.
Result<Identity> issue_identity(const Issuer& issuer, const x509::Name& subject, Time now);
/// A PKCS#12 file; kUnavailable "file.unwritable".
Status write_identity(const Identity& identity, const x509::Certificate& issuer, std::string_view password,
                      const std::filesystem::path& file);

}  // namespace hutong::kmc
