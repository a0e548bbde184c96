#include "ca/vendor/webhook_handlers.h"

#include <string>

#include "ca/registration/json_fields.h"
#include "ca/registration/order_json.h"
#include "ca/rights.h"
#include "ca/vendor/caller.h"

namespace hutong::ca::vendor {
namespace {

using net::Json;
using net::Request;
using net::Response;
using operators::Authorized;

template <typename Change>
Result<Response> change_webhook(const VendorParts& parts, const Authorized& by, std::string_view action,
                                const net::Json& detail, Change&& change) {
  const Time now = parts.system.clock().now();
  const Status changed =
      operators::audited_change(parts.system.database(), by, action, now,
                                [&](storage::Transaction& transaction, audit::Event& event) -> Status {
                                  event.object_kind = "client";
                                  event.object_id = by.id();
                                  event.detail = net::to_text(detail);
                                  return change(transaction, now);
                                });
  return changed ? Result<Response>(Response{.status = 204}) : changed.error();
}

}  // namespace

Result<Response> show_webhook(const VendorParts& parts, const Request& request) {
  HUTONG_TRY(const auto by, platform_of(parts, request, right::kQueryOrders));
  HUTONG_TRY(auto reader, parts.system.database().read());
  HUTONG_TRY(const auto webhook, Webhooks::find(reader, by.id()));
  if (!webhook) {
    return Error{Errc::kNotFound, "webhook.unknown", "no webhook is set"};
  }
  return net::json_response(
      Json{{"url", webhook->url}, {"waiting", webhook->waiting}, {"last_error", webhook->last_error}});
}

Result<Response> set_webhook(const VendorParts& parts, const Request& request) {
  return act(parts, right::kEnterOrder, request, "webhook.set",
             [&](const Authorized& by) -> Result<Response> {
               HUTONG_TRY(const Json body, registration::read_body(request));
               HUTONG_TRY(const auto fields, registration::JsonFields::of(body, {"url"}));
               HUTONG_TRY(const std::string url, fields.text("url"));
               HUTONG_CHECK(parts.webhooks.check_url(url));
               return change_webhook(parts, by, "webhook.set", {{"url", url}},
                                     [&](storage::Transaction& transaction, Time now) {
                                       return Webhooks::set(transaction, by.id(), url, now);
                                     });
             });
}

Result<Response> remove_webhook(const VendorParts& parts, const Request& request) {
  return act(parts, right::kEnterOrder, request, "webhook.removed", [&](const Authorized& by) {
    return change_webhook(parts, by, "webhook.removed", Json::object(),
                          [&](storage::Transaction& transaction, Time /*now*/) {
                            return Webhooks::remove(transaction, by.id());
                          });
  });
}

}  // namespace hutong::ca::vendor
