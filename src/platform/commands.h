#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "platform/config.h"

/// The command line of hutong-platform behind its options.
namespace hutong::platform {

/// Options of `hutong-platform init` as they were typed: certificates of the first three operators (三员).
struct InitOptions {
  std::string config;
  std::string system_administrator;
  std::string security_administrator;
  std::string audit_administrator;
};
/// Makes the tables and the first operators, in one transaction with the audit records. kConflict
/// "operator.bootstrap_done" when that was done before; kMalformed "config.database" when the configuration
/// names no database or no operators' authorities; what read_file, x509::read_certificate and
/// operators::check_certificate say.
Status initialise(const Config& config, const InitOptions& options, const Clock& clock);

/// Options of `hutong-platform announce-signer` as they were typed.
struct AnnounceOptions {
  std::string config;
  std::string next;    ///< certificate of the signer to come
  std::string from;    ///< RFC 3339; empty: now
  std::string until;   ///< RFC 3339; empty: as long as the present signer's certificate
  std::string output;  ///< the announcement, for the folder trust_signer.announcements
};
/// The present signer of trust lists announces the next one (docs/trust-list.md). kMalformed
/// "config.trust_signer" (the configuration names no key), "announcement.time" (no time, or the end before
/// the beginning); what ListSigner::load, read_file, x509::read_certificate and write_file say.
Status announce_signer(const Config& config, const AnnounceOptions& options, const Clock& clock);

}  // namespace hutong::platform
