#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ca/config.h"
#include "operators/operator.h"
#include "x509/certificate.h"

namespace hutong::ca {

/// Where this CA stands in the hierarchy.
enum class Standing : std::uint8_t {
  kUnderOwnRoot,    ///< the ceremony makes a root, too, whose key lies in a store of its own
  kUnderOtherRoot,  ///< the national root, or another's: the certificate for our request is brought
  kRoot,            ///< it is a root itself
};

/// One of the first operators: the certificate is issued for the request that the person's carrier made; for
/// a demonstration without one, a key is made as well and written as a PKCS#12 file.
struct FirstOperator {
  std::string name;  ///< also the name of the file that is written
  operators::Role role = operators::Role::kSuperAdministrator;
  operators::RightSet rights = {};
  Bytes request = {};  ///< PKCS#10 in DER, or empty
};

/// What the ceremony is told.
struct CeremonyPlan {
  Standing standing = Standing::kUnderOwnRoot;
  std::string organization;
  std::string common_name;
  std::string root_common_name = {};                            ///< kUnderOwnRoot
  std::filesystem::path root_folder = {};                       ///< its key store; same password file
  std::optional<x509::Certificate> certificate = std::nullopt;  ///< kUnderOtherRoot
  std::vector<x509::Certificate> chain = {};                    ///< above it, up to the root
  std::vector<FirstOperator> operators = {};                    ///< among them super and audit administrator
  std::optional<std::string> demonstration_password = std::nullopt;  ///< for PKCS#12 files
  std::filesystem::path output;                                      ///< where ca.cer and operators' files go
};

struct CeremonyReport {
  x509::Certificate authority;
  std::vector<std::filesystem::path> files;
};

/// The roles of a demonstration with the rights that let them play the whole life of a certificate.
std::vector<FirstOperator> demonstration_operators();

/// The CA's key when there is none yet, and the request for its certificate (Standing::kUnderOtherRoot). DER.
Result<Bytes> make_request(const Config& config, const CeremonyPlan& plan);

/// The initialisation (GM/T 0037 8.5, A.5.4): key and certificate of the CA, templates, service keys for OCSP
/// and time stamps, super and audit administrator, all of it audited. When it was interrupted it goes on
/// where it stood. kConflict "ca.initialised" when it was done before; kMalformed "ceremony.missing"
/// (somebody has no request and it is no demonstration), kPolicy "ceremony.certificate" (not for this CA's
/// key, no CA certificate, or not issued by the first of the chain), "ceremony.request" (not signed by its
/// own key); what templates, lint, key store and registry say.
Result<CeremonyReport> initialise(const Config& config, const CeremonyPlan& plan, const Clock& clock);

/// The root's list again, from its key store: the certificates that it revoked are named by `revoked`.
Status publish_root_list(const Config& config, const std::filesystem::path& root_folder, const Clock& clock);

}  // namespace hutong::ca
