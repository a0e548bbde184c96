#include "platform/vendors/commitment_handlers.h"

#include "net/json.h"
#include "platform/desk_input.h"
#include "platform/rights.h"

namespace hutong::platform {
namespace {

/// The newest orders that are looked at.
constexpr std::size_t kMostOrders = 500;

}  // namespace

Result<CommitmentReport> ShowCommitments::process(const std::string& id,
                                                  const operators::Authorized& /*by*/) const {
  HUTONG_TRY(const auto dossier, desk_->dossier(id));
  const Vendor& vendor = dossier.vendor;
  HUTONG_CHECK(check_released(vendor));
  HUTONG_TRY(const auto connector, connections_->over_rest(vendor));
  HUTONG_TRY(const auto promises, connector.promises());
  HUTONG_TRY(const auto orders, connector.orders(kMostOrders));
  const auto hours = vendor.content.profile.at("commitments").at("issue_hours").get<std::int64_t>();
  CommitmentReport report = measure_commitments(orders, hours, clock_->now());
  report.said = promises;
  return report;
}

net::Response ShowCommitments::render(const Output& output) { return net::json_response(to_json(output)); }

void add_commitment_routes(net::Router& router, const ShowCommitments& show, const operators::Guard& guard) {
  add_guarded(router, net::Method::kGet, "/api/v1/vendors/{id}/commitment-report", 0, show, guard,
              kReadVendors);
}

}  // namespace hutong::platform
