#include "ca/registration/application_handlers.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "ca/registration/json_fields.h"
#include "ca/registration/order_content.h"
#include "ca/registration/order_json.h"
#include "ca/registration/remote_limiter.h"
#include "ca/registration/template_grants.h"
#include "crypto/sm3.h"

namespace hutong::ca::registration {
namespace {

using net::Json;
using net::Method;
using net::Request;
using net::Response;

constexpr std::size_t kApplicationOctets = 64 * 1024;
constexpr std::string_view kPublic = "public";

Doer subscriber() { return {.actor = {.subject = "subscriber"}}; }

/// Of all that an operator may say, what a subscriber says about himself.
Result<NewOrder> application_from(const Request& request) {
  HUTONG_TRY(Json body, read_body(request));
  HUTONG_CHECK(JsonFields::of(body, {"applicant", "template", "subject", "days", "key", "request"}));
  body["kind"] = to_string(OrderKind::kApplication);
  body["submit"] = true;
  HUTONG_TRY(auto wish, new_order_from_json(body));
  if (wish.request.empty()) {
    return wrong_field("request");
  }
  wish.client = kPublic;
  if (const auto key = request.headers.find("Idempotency-Key")) {
    // With the request's hash: whoever guesses a key learns nothing of another's order.
    wish.idempotency_key = std::string(key->substr(0, 64)) + '/' + to_hex(crypto::sm3(wish.request));
  }
  return wish;
}

class ApplicationHandlers {
 public:
  ApplicationHandlers(const RegistrationSystem& system, const PublicLimits& limits)
      : system_(&system),
        applications_(std::make_shared<RemoteLimiter>(limits.applications, limits.window)),
        looks_(std::make_shared<RemoteLimiter>(limits.looks, limits.window)) {}

  Result<Response> apply(const Request& request) const;
  Result<Response> show(const Request& request) const;
  Result<Response> pick_up(const Request& request) const;
  Result<Response> accept(const Request& request) const;
  Result<Response> templates(const Request& request) const;

 private:
  Result<Order> order_of(const Request& request) const;
  Result<Json> state_of(const Order& order) const;
  Time now() const { return system_->clock().now(); }

  const RegistrationSystem* system_;
  std::shared_ptr<RemoteLimiter> applications_;
  std::shared_ptr<RemoteLimiter> looks_;
};

Result<Json> ApplicationHandlers::state_of(const Order& order) const {
  Json json{
      {"id", order.id}, {"state", to_string(order.state)}, {"changed_at", to_rfc3339(order.changed_at)}};
  if (order.state != OrderState::kRefused) {
    return json;
  }
  HUTONG_TRY(auto reader, system_->database().read());
  HUTONG_TRY(const auto steps, OrderRepository::steps(reader, order.id));
  for (const Step& step : steps) {
    if (step.kind == StepKind::kRefuse) {
      json["note"] = step.note;
    }
  }
  return json;
}

Result<Response> ApplicationHandlers::apply(const Request& request) const {
  HUTONG_CHECK(applications_->count(request.remote, now()));
  HUTONG_TRY(const auto wish, application_from(request));
  HUTONG_TRY(const auto entered, system_->desk().enter(wish, subscriber()));
  HUTONG_TRY(Json json, state_of(entered.order));
  if (!entered.pick_up_secret.empty()) {
    json["pick_up_secret"] = entered.pick_up_secret;
  }
  return net::json_response(json, 201);
}

Result<Order> ApplicationHandlers::order_of(const Request& request) const {
  HUTONG_CHECK(looks_->count(request.remote, now()));
  const auto secret = request.headers.find("Hutong-Pick-Up");
  return system_->desk().find_by_secret(request.parameters.at("id"), secret.value_or(""));
}

Result<Response> ApplicationHandlers::show(const Request& request) const {
  HUTONG_TRY(const auto order, order_of(request));
  HUTONG_TRY(const Json json, state_of(order));
  return net::json_response(json);
}

Result<Response> ApplicationHandlers::pick_up(const Request& request) const {
  HUTONG_TRY(const auto order, order_of(request));
  HUTONG_TRY(auto reader, system_->database().read());
  HUTONG_TRY(const Json json, issued_objects(reader, system_->signing(), order));
  return net::json_response(json);
}

Result<Response> ApplicationHandlers::accept(const Request& request) const {
  HUTONG_TRY(const auto order, order_of(request));
  HUTONG_TRY(const auto delivered, system_->desk().deliver({order.id, order.version}, subscriber()));
  HUTONG_TRY(const Json json, state_of(delivered));
  return net::json_response(json);
}

Result<Response> ApplicationHandlers::templates(const Request& /*request*/) const {
  HUTONG_TRY(auto reader, system_->database().read());
  HUTONG_TRY(const auto all, TemplateGrants::all_for_orders(reader));
  Json items = Json::array();
  for (const CertificateTemplate& made : all) {
    items.push_back(ca::to_json(made));
  }
  Json choices = Json::array();
  for (const KeyChoice& choice : key_choices()) {
    choices.push_back({{"algorithm", choice.algorithm},
                       {"bits", choice.bits},
                       {"allowed", choice.is_allowed},
                       {"reason_zh", choice.reason_zh},
                       {"reason_en", choice.reason_en}});
  }
  return net::json_response(Json{{"items", std::move(items)}, {"key_choices", std::move(choices)}});
}

}  // namespace

void add_application_routes(net::Router& router, const RegistrationSystem& system,
                            const PublicLimits& limits) {
  const ApplicationHandlers rooms(system, limits);
  using Handler = Result<Response> (ApplicationHandlers::*)(const Request&) const;
  const auto add = [&](Method method, std::string pattern, Handler handler) {
    router.add({.method = method,
                .pattern = std::move(pattern),
                .body_limit = method == Method::kGet ? 0 : kApplicationOctets,
                .handler = [rooms, handler](const Request& request) {
                  return std::invoke(handler, rooms, request);
                }});
  };
  add(Method::kPost, "/api/v1/applications", &ApplicationHandlers::apply);
  add(Method::kGet, "/api/v1/applications/{id}", &ApplicationHandlers::show);
  add(Method::kGet, "/api/v1/applications/{id}/certificates", &ApplicationHandlers::pick_up);
  add(Method::kPost, "/api/v1/applications/{id}/acceptance", &ApplicationHandlers::accept);
  add(Method::kGet, "/api/v1/order-templates", &ApplicationHandlers::templates);
}

}  // namespace hutong::ca::registration
