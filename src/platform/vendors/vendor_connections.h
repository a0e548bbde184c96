#pragma once

#include <filesystem>
#include <memory>
#include <utility>

#include "base/result.h"
#include "ca_connector/rest_connector.h"
#include "net/tls.h"
#include "platform/vendors/vendor.h"

namespace hutong::platform {

struct ConnectionFiles {
  std::filesystem::path authorities;  ///< PEM: who issued the vendors' TLS certificates; empty: no https
  std::filesystem::path certificate;  ///< PEM: what we show them
  std::filesystem::path key;          ///< PEM
  std::filesystem::path keys;         ///< folder of USCC.key: keys of ours at vendors on this machine
};

/// The ways to the vendors. Immutable; any thread.
class VendorConnections {
 public:
  /// What read_file, net::read_tls_identity and net::ClientTls::create say.
  static Result<VendorConnections> load(const ConnectionFiles& files);

  /// kPolicy "connector.kind": over CMP nobody can ask this; what RestConnector::create and read_file say.
  Result<ca_connector::RestConnector> to(const Vendor& vendor) const;

 private:
  VendorConnections(std::shared_ptr<const net::ClientTls> tls, std::filesystem::path keys)
      : tls_(std::move(tls)), keys_(std::move(keys)) {}
  std::shared_ptr<const net::ClientTls> tls_;
  std::filesystem::path keys_;
};

}  // namespace hutong::platform
