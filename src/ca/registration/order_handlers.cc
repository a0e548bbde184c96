#include "ca/registration/order_handlers.h"

#include <functional>
#include <utility>

#include "audit/audit_log.h"
#include "ca/registration/json_fields.h"
#include "ca/registration/key_centre_tasks.h"
#include "ca/registration/material_handlers.h"
#include "ca/registration/order_content.h"
#include "ca/registration/order_events.h"
#include "ca/registration/order_json.h"
#include "ca/rights.h"

namespace hutong::ca::registration {
namespace {

using net::Json;
using net::Method;
using net::Request;
using net::Response;

constexpr std::size_t kOrderOctets = 256 * 1024;
constexpr std::size_t kMostOrdersAtOnce = 1'000;

/// The handlers of orders: each reads the request, lets desk or maker decide, and renders.
class OrderHandlers {
 public:
  OrderHandlers(const RegistrationSystem& system, const operators::Guard& guard)
      : system_(&system), guard_(&guard) {}

  Result<Response> list(const Request& request) const;
  Result<Response> enter(const Request& request) const;
  Result<Response> show(const Request& request) const;
  Result<Response> show_personal(const Request& request) const;
  Result<Response> change(const Request& request) const;
  Result<Response> attach_request(const Request& request) const;
  Result<Response> make(const Request& request) const;
  Result<Response> make_many(const Request& request) const;
  Result<Response> download(const Request& request) const;
  Result<Response> renew_secret(const Request& request) const;
  Result<Response> statistics(const Request& request) const;

  using Step = Result<Order> (OrderDesk::*)(const StepWish&, const Doer&) const;
  Result<Response> step(const Request& request, std::string_view right, std::string_view action,
                        Step taken) const;

 private:
  Result<OrderFilter> filter_of(const Request& request) const;
  Result<Response> render(const Order& order, int status = 200) const;
  const OrderDesk& desk() const { return system_->desk(); }

  const RegistrationSystem* system_;
  const operators::Guard* guard_;
};

Result<OrderFilter> OrderHandlers::filter_of(const Request& request) const {
  OrderFilter filter{.name_part = query_text(request, "name"),
                     .region = query_text(request, "region"),
                     .batch = query_text(request, "batch"),
                     .before = query_text(request, "cursor")};
  if (const std::string state = query_text(request, "state"); !state.empty()) {
    filter.state = order_state_from(state);
    HUTONG_CHECK(filter.state ? ok() : Status(wrong_field("state")));
  }
  if (const std::string kind = query_text(request, "kind"); !kind.empty()) {
    filter.kind = order_kind_from(kind);
    HUTONG_CHECK(filter.kind ? ok() : Status(wrong_field("kind")));
  }
  if (const std::string number = query_text(request, "number"); !number.empty()) {
    filter.holder =
        Applicant{.name = {}, .number = number}.is_person() ? system_->seal().blind(number) : number;
  }
  HUTONG_TRY(filter.limit, limit_of(request));
  return filter;
}

Result<Response> OrderHandlers::render(const Order& order, int status) const {
  HUTONG_TRY(auto reader, system_->database().read());
  HUTONG_TRY(const Json json, whole_order(reader, order));
  return net::json_response(json, status);
}

Result<Response> OrderHandlers::list(const Request& request) const {
  HUTONG_CHECK(guard_->authorize(request, right::kQueryOrders));
  HUTONG_TRY(const auto filter, filter_of(request));
  HUTONG_TRY(auto reader, system_->database().read());
  HUTONG_TRY(const auto lines, OrderRepository::search(reader, filter));
  Json items = Json::array();
  for (const OrderLine& line : lines) {
    items.push_back(to_json(line));
  }
  Json json{{"items", std::move(items)}};
  if (lines.size() == filter.limit) {
    json["next"] = lines.back().order.id;
  }
  return net::json_response(json);
}

Result<Response> OrderHandlers::enter(const Request& request) const {
  return act(*system_, *guard_, right::kEnterOrder, request, "order.entered",
             [&](const Doer& doer) -> Result<Response> {
               HUTONG_TRY(const Json body, read_body(request));
               HUTONG_TRY(auto wish, new_order_from_json(body));
               if (const auto key = request.headers.find("Idempotency-Key")) {
                 wish.idempotency_key = doer.actor.fingerprint + '/' + std::string(key->substr(0, 64));
               }
               HUTONG_TRY(const auto entered, desk().enter(wish, doer));
               HUTONG_TRY(auto reader, system_->database().read());
               HUTONG_TRY(Json json, whole_order(reader, entered.order));
               if (!entered.pick_up_secret.empty()) {
                 json["pick_up_secret"] = entered.pick_up_secret;
               }
               return net::json_response(json, 201);
             });
}

Result<Response> OrderHandlers::show(const Request& request) const {
  HUTONG_CHECK(guard_->authorize(request, right::kQueryOrders));
  HUTONG_TRY(const auto order, desk().find(request.parameters.at("id")));
  return render(order);
}

Result<Response> OrderHandlers::show_personal(const Request& request) const {
  HUTONG_TRY(const auto by, guard_->authorize(request, right::kSeePersonalData));
  HUTONG_TRY(const auto order, desk().find(request.parameters.at("id")));
  audit::Event event = by.event("order.personal_data_shown", system_->clock().now());
  event.object_kind = "order";
  event.object_id = order.id;
  const Status recorded = storage::in_transaction(
      system_->database(),
      [&](storage::Transaction& transaction) { return audit::append(transaction, event); });
  HUTONG_CHECK(recorded);
  return net::json_response(Json{{"applicant", to_json(order.content.applicant, Shown::kInTheClear)},
                                 {"subject", to_json(order.content.subject, Shown::kInTheClear)}});
}

Result<Response> OrderHandlers::change(const Request& request) const {
  return act(*system_, *guard_, right::kEnterOrder, request, "order.changed",
             [&](const Doer& doer) -> Result<Response> {
               HUTONG_TRY(const Json body, read_body(request));
               HUTONG_TRY(const auto wish, new_order_from_json(body));
               const auto version = body.find("version");
               if (version == body.end() || !version->is_number_integer()) {
                 return wrong_field("version");
               }
               const StepWish step{request.parameters.at("id"), version->get<std::int64_t>(), wish.note};
               HUTONG_TRY(const auto order, desk().change(step, wish, doer));
               return render(order);
             });
}

Result<Response> OrderHandlers::step(const Request& request, std::string_view right, std::string_view action,
                                     Step taken) const {
  return act(*system_, *guard_, right, request, action, [&](const Doer& doer) -> Result<Response> {
    HUTONG_TRY(const auto wish, step_from(request));
    HUTONG_TRY(const auto order, std::invoke(taken, desk(), wish, doer));
    return render(order);
  });
}

Result<Response> OrderHandlers::attach_request(const Request& request) const {
  return act(*system_, *guard_, right::kMakeCertificates, request, "order.request_attached",
             [&](const Doer& doer) -> Result<Response> {
               HUTONG_TRY(const Json body, read_body(request));
               HUTONG_TRY(const auto fields, JsonFields::of(body, {"version", "request"}));
               StepWish wish{.order = request.parameters.at("id")};
               HUTONG_TRY(wish.version, fields.number("version", 1, INT64_MAX));
               HUTONG_TRY(const Bytes attached, fields.octets_or_empty("request"));
               HUTONG_TRY(const auto order, desk().attach_request(wish, attached, doer));
               return render(order);
             });
}

Result<Response> OrderHandlers::make(const Request& request) const {
  HUTONG_TRY(const auto by, guard_->authorize(request, right::kMakeCertificates));
  HUTONG_TRY(const auto wish, step_from(request));
  HUTONG_TRY(const auto order, desk().find(wish.order));
  if (order.version != wish.version) {
    return Error{Errc::kConflict, "order.changed", "somebody else was faster: read the order again"};
  }
  auto made = system_->maker().make(std::span(&wish.order, 1), doer_of(by));
  if (made.front().problem) {
    return *made.front().problem;
  }
  return render(*made.front().order);
}

Result<Response> OrderHandlers::make_many(const Request& request) const {
  HUTONG_TRY(const auto by, guard_->authorize(request, right::kMakeCertificates));
  HUTONG_TRY(const Json body, read_body(request));
  HUTONG_TRY(const auto fields, JsonFields::of(body, {"orders"}));
  HUTONG_TRY(const auto ids, fields.texts("orders"));
  if (ids.empty() || ids.size() > kMostOrdersAtOnce) {
    return wrong_field("orders");
  }
  Json items = Json::array();
  for (const MadeOrder& made : system_->maker().make(ids, doer_of(by))) {
    Json item{{"id", made.id}};
    if (made.problem) {
      item["code"] = made.problem->reason;
      item["detail"] = made.problem->code == Errc::kInternal ? "" : made.problem->detail;
    } else {
      item["state"] = to_string(made.order->state);
    }
    items.push_back(std::move(item));
  }
  return net::json_response(Json{{"items", std::move(items)}});
}

Result<Response> OrderHandlers::download(const Request& request) const {
  HUTONG_CHECK(guard_->authorize(request, right::kDeliverOrder));
  HUTONG_TRY(const auto order, desk().find(request.parameters.at("id")));
  HUTONG_TRY(auto reader, system_->database().read());
  HUTONG_TRY(const Json json, issued_objects(reader, system_->signing(), order));
  return net::json_response(json);
}

Result<Response> OrderHandlers::renew_secret(const Request& request) const {
  return act(*system_, *guard_, right::kDeliverOrder, request, "order.secret_renewed",
             [&](const Doer& doer) -> Result<Response> {
               HUTONG_TRY(const auto wish, step_from(request));
               HUTONG_TRY(const auto renewed, desk().renew_secret(wish, doer));
               return net::json_response(Json{{"id", renewed.order.id},
                                              {"version", renewed.order.version},
                                              {"pick_up_secret", renewed.pick_up_secret}});
             });
}

Result<Response> OrderHandlers::statistics(const Request& request) const {
  HUTONG_CHECK(guard_->authorize(request, right::kQueryOrders));
  HUTONG_TRY(auto reader, system_->database().read());
  HUTONG_TRY(const auto orders, OrderRepository::counts(reader));
  HUTONG_TRY(const auto certificates, CertificateRepository::counts(reader));
  HUTONG_TRY(const auto tasks, KeyCentreTasks::waiting(reader));
  Json by_state = Json::object();
  for (std::size_t i = 0; i < orders.size(); ++i) {
    by_state[std::string(to_string(static_cast<OrderState>(i)))] = orders[i];
  }
  return net::json_response(
      Json{{"orders", std::move(by_state)},
           {"certificates",
            {{"valid", certificates[0]}, {"suspended", certificates[1]}, {"revoked", certificates[2]}}},
           {"key_centre_tasks", tasks}});
}

}  // namespace

Doer doer_of(const operators::Authorized& by) { return {by.actor, by.signature}; }

Result<Json> whole_order(storage::Reader& reader, const Order& order) {
  Json json = to_json(order);
  HUTONG_TRY(const auto steps, OrderRepository::steps(reader, order.id));
  json["steps"] = Json::array();
  for (const Step& step : steps) {
    json["steps"].push_back(to_json(step));
  }
  HUTONG_TRY(const auto certificates, CertificateRepository::of_order(reader, order.id));
  json["certificates"] = Json::array();
  for (const CertificateRecord& record : certificates) {
    json["certificates"].push_back(to_json(record));
  }
  HUTONG_TRY(const auto materials, MaterialRepository::of_order(reader, order.id));
  json["materials"] = Json::array();
  for (const Material& material : materials) {
    json["materials"].push_back(to_json(material));
  }
  HUTONG_TRY(const auto fees, FeeRepository::of_order(reader, order.id));
  json["fees"] = Json::array();
  for (const Fee& fee : fees) {
    json["fees"].push_back(to_json(fee));
  }
  return json;
}

void add_order_routes(net::Router& router, const RegistrationSystem& system, const operators::Guard& guard) {
  const OrderHandlers rooms(system, guard);
  using Handler = Result<Response> (OrderHandlers::*)(const Request&) const;
  const auto add = [&](Method method, std::string pattern, Handler handler) {
    router.add({.method = method,
                .pattern = std::move(pattern),
                .body_limit = method == Method::kGet ? 0 : kOrderOctets,
                .handler = [rooms, handler](const Request& request) {
                  return std::invoke(handler, rooms, request);
                }});
  };
  const auto add_step = [&](std::string_view name, std::string_view right, std::string_view action,
                            OrderHandlers::Step taken) {
    router.add({.method = Method::kPost,
                .pattern = "/api/v1/orders/{id}/" + std::string(name),
                .body_limit = kOrderOctets,
                .handler = [rooms, right, action, taken](const Request& request) {
                  return rooms.step(request, right, action, taken);
                }});
  };
  add(Method::kGet, "/api/v1/orders", &OrderHandlers::list);
  add(Method::kPost, "/api/v1/orders", &OrderHandlers::enter);
  add(Method::kGet, "/api/v1/orders/{id}", &OrderHandlers::show);
  add(Method::kPut, "/api/v1/orders/{id}", &OrderHandlers::change);
  add(Method::kGet, "/api/v1/orders/{id}/personal-data", &OrderHandlers::show_personal);
  add(Method::kPut, "/api/v1/orders/{id}/request", &OrderHandlers::attach_request);
  add(Method::kPost, "/api/v1/orders/{id}/issuance", &OrderHandlers::make);
  add(Method::kPost, "/api/v1/issuances", &OrderHandlers::make_many);
  add(Method::kGet, "/api/v1/orders/{id}/certificates", &OrderHandlers::download);
  add(Method::kPost, "/api/v1/orders/{id}/pick-up-secret", &OrderHandlers::renew_secret);
  add(Method::kGet, "/api/v1/statistics", &OrderHandlers::statistics);
  add_step("submission", right::kEnterOrder, "order.submitted", &OrderDesk::submit);
  add_step("approval", right::kReviewOrder, "order.approved", &OrderDesk::approve);
  add_step("refusal", right::kReviewOrder, "order.refused", &OrderDesk::refuse);
  add_step("cancellation", right::kEnterOrder, "order.cancelled", &OrderDesk::cancel);
  add_step("delivery", right::kDeliverOrder, "order.delivered", &OrderDesk::deliver);
}

}  // namespace hutong::ca::registration
