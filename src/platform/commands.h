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

}  // namespace hutong::platform
