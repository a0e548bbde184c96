#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "net/router.h"
#include "operators/guard.h"
#include "platform/vendors/commitment_report.h"
#include "platform/vendors/vendor_connections.h"
#include "platform/vendors/vendor_desk.h"

namespace hutong::platform {

/// GET /api/v1/vendors/{id}/commitment-report: asks the vendor, now. kNotFound "vendor.unknown"; kConflict
/// "vendor.not_accredited" (an address that nobody released is not asked); what VendorConnections and
/// RestConnector say.
class ShowCommitments {
 public:
  using Input = std::string;
  using Output = CommitmentReport;
  ShowCommitments(const VendorDesk& desk, const VendorConnections& connections, const Clock& clock)
      : desk_(&desk), connections_(&connections), clock_(&clock) {}
  static Result<Input> parse(const net::Request& request) { return request.parameters.at("id"); }
  Result<Output> process(const Input& id, const operators::Authorized& by) const;
  static net::Response render(const Output& output);

 private:
  const VendorDesk* desk_;
  const VendorConnections* connections_;
  const Clock* clock_;
};

/// Adds it behind the guard. All must outlive the router.
void add_commitment_routes(net::Router& router, const ShowCommitments& show, const operators::Guard& guard);

}  // namespace hutong::platform
