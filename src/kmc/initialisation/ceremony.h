#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"
#include "kmc/config.h"
#include "kmc/stores/stock_keeper.h"
#include "x509/certificate.h"

namespace hutong::kmc {

/// A custodian of the master key as the ceremony is told of them: by certificate, or by a password for the
/// share file; with neither, a demonstration identity is made.
struct CustodianEntry {
  std::string name;
  std::optional<x509::Certificate> certificate = std::nullopt;
  std::optional<std::string> password = std::nullopt;
};
/// A CA that is served from the start.
struct AuthorityEntry {
  std::string name;
  x509::Certificate certificate;
  Bytes tls_certificate;  ///< DER
};

/// What the ceremony is told.
struct CeremonyPlan {
  std::string name;                              ///< of the centre, RFC 4514 text
  std::optional<x509::Certificate> certificate;  ///< issued elsewhere for the key of make_request()
  unsigned threshold = 2;
  std::vector<CustodianEntry> custodians;
  std::optional<x509::Certificate> super_administrator;
  std::optional<x509::Certificate> audit_administrator;
  /// Password of PKCS#12 files for everybody of whom no certificate is given; without it that is an error.
  std::optional<std::string> demonstration_password;
  std::vector<AuthorityEntry> authorities;
  StockPolicy policy;
  std::filesystem::path output;  ///< where shares, the back-up and demonstration identities go
};

/// What it made; all files are named relative to the output folder.
struct CeremonyReport {
  x509::Certificate centre;
  std::string master;  ///< id of the master key
  std::vector<std::string> files;
};

/// The centre's key when there is none yet, and a certificate request for it, for a certificate issued
/// elsewhere (K20). DER.
Result<Bytes> make_request(const Config& config, std::string_view name);

/// The initialisation (GM/T 0038 7.5): a) the authority key and its back-up, b) its certificate, c) super and
/// audit administrator; and the master key with its custodians. One transaction with its audit records, after
/// all files were written. kConflict "kmc.initialised" when it was done before; kMalformed "ceremony.missing"
/// (somebody has no certificate and it is no demonstration), "ceremony.certificate" (not for the centre's
/// key); what secret sharing, the key store and the operators' registry say.
Result<CeremonyReport> initialise(const Config& config, const CeremonyPlan& plan, const Clock& clock);

}  // namespace hutong::kmc
