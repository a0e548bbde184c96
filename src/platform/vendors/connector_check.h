#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "net/router.h"
#include "operators/guard.h"
#include "platform/vendors/vendor.h"
#include "platform/vendors/vendor_connections.h"
#include "platform/vendors/vendor_desk.h"

namespace hutong::platform {

/// POST /api/v1/vendors/{id}/connector-checks: asks the vendor who it is, now, and keeps what came of it with
/// its audit record, also when nobody answered. kUnauthorized "region.foreign"; kNotFound "vendor.unknown";
/// kConflict "vendor.not_accredited" (an address that nobody released is not asked); kPolicy and kMalformed
/// of VendorConnections: it is our side that is not ready.
class CheckConnector {
 public:
  using Input = std::string;
  using Output = ConnectorCheck;
  CheckConnector(const VendorDesk& desk, const VendorConnections& connections, const Clock& clock)
      : desk_(&desk), connections_(&connections), clock_(&clock) {}
  /// An object without members, or nothing.
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& id, const operators::Authorized& by) const;
  static net::Response render(const Output& output);

 private:
  const VendorDesk* desk_;
  const VendorConnections* connections_;
  const Clock* clock_;
};

/// Adds it behind the guard. All must outlive the router.
void add_connector_routes(net::Router& router, const CheckConnector& check, const operators::Guard& guard);

}  // namespace hutong::platform
