#include "platform/vendors/connector_check.h"

#include <chrono>

#include "net/json.h"
#include "net/json_body.h"
#include "platform/desk_input.h"
#include "platform/rights.h"
#include "platform/vendors/vendor_content.h"

namespace hutong::platform {
namespace {

using Watch = std::chrono::steady_clock;

constexpr std::size_t kMostShown = 500;
constexpr std::size_t kSmallBody = 1024;

}  // namespace

Result<std::string> CheckConnector::parse(const net::Request& request) {
  HUTONG_CHECK(net::JsonBody::parse(request, {}));
  return request.parameters.at("id");
}

Result<ConnectorCheck> CheckConnector::process(const std::string& id, const operators::Authorized& by) const {
  HUTONG_CHECK(check_whole_region(by));
  HUTONG_TRY(const auto dossier, desk_->dossier(id));
  const Vendor& vendor = dossier.vendor;
  HUTONG_CHECK(check_released(vendor));
  ConnectorCheck check{.id = {},
                       .vendor = vendor.id,
                       .kind = vendor.content.connector_kind,
                       .address = vendor.content.connector_address,
                       .asked_by = by.id(),
                       .asked_at = clock_->now(),
                       .milliseconds = 0,
                       .answered_by = {},
                       .problem = {},
                       .detail = {}};
  const auto begun = Watch::now();
  const auto answer = connections_->who_answers(vendor);
  check.milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(Watch::now() - begun).count();
  if (answer) {
    check.answered_by = foreign_text(*answer, kMostShown);
  } else if (answer.error().code == Errc::kUnavailable) {
    check.problem = answer.error().reason;
    check.detail = foreign_text(answer.error().detail, kMostShown);
  } else {
    return answer.error();
  }
  return desk_->add_check(by, std::move(check));
}

net::Response CheckConnector::render(const Output& output) {
  return net::json_response(to_json(output), 201);
}

void add_connector_routes(net::Router& router, const CheckConnector& check, const operators::Guard& guard) {
  add_guarded(router, net::Method::kPost, "/api/v1/vendors/{id}/connector-checks", kSmallBody, check, guard,
              kManageVendors);
}

}  // namespace hutong::platform
