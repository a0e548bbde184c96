#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/result.h"
#include "base/time.h"
#include "ca_connector/cmp_connector.h"
#include "ca_connector/rest_connector.h"
#include "net/tls.h"
#include "platform/signing_identity.h"
#include "platform/vendors/vendor.h"

namespace hutong::platform {

struct ConnectionFiles {
  std::filesystem::path authorities;  ///< PEM: who issued the vendors' TLS certificates; empty: no https
  std::filesystem::path certificate;  ///< PEM: what we show them
  std::filesystem::path key;          ///< PEM
  /// Folder of what we are known by: USCC.key, our key at a vendor on this machine; USCC.cmp, our reference
  /// and the shared secret, a line each.
  std::filesystem::path keys;
  std::filesystem::path signer;  ///< PKCS#12: what we sign CMP messages with, where no secret is shared
  std::filesystem::path signer_password;  ///< its first line
};

/// The ways to the vendors. Immutable; any thread. The clock outlives it.
class VendorConnections {
 public:
  /// What read_file, net::read_tls_identity, net::ClientTls::create and SigningIdentity::load say.
  static Result<VendorConnections> load(const ConnectionFiles& files, const Clock& clock);

  /// kPolicy "connector.kind": over CMP nobody can ask this; what RestConnector::create and read_file say.
  Result<ca_connector::RestConnector> over_rest(const Vendor& vendor) const;
  /// kPolicy "connector.kind", "connector.no_identity" (neither a shared secret nor a key to sign with),
  /// "connector.secret_file" (USCC.cmp is not as it should be); what CmpConnector::create and read_file say.
  Result<ca_connector::CmpConnector> over_cmp(const Vendor& vendor) const;

  /// Asks the vendor who it is, over whichever connector it has: how it calls itself, or who signed the
  /// answer. What the connectors say.
  Result<std::string> who_answers(const Vendor& vendor) const;

 private:
  VendorConnections(std::shared_ptr<const net::ClientTls> tls, std::filesystem::path keys,
                    std::optional<SigningIdentity> signer, const Clock& clock)
      : tls_(std::move(tls)), keys_(std::move(keys)), signer_(std::move(signer)), clock_(&clock) {}
  Result<std::variant<ca_connector::CmpSecret, ca_connector::CmpIdentity>> protection_for(
      const Vendor& vendor) const;

  std::shared_ptr<const net::ClientTls> tls_;
  std::filesystem::path keys_;
  std::optional<SigningIdentity> signer_;
  const Clock* clock_;
};

}  // namespace hutong::platform
