#include "ca/vendor/order_placing.h"

#include <functional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

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
using registration::Entry;
using registration::JsonFields;
using registration::NewOrder;
using registration::Order;
using registration::OrderState;

constexpr std::size_t kMostInABatch = 1'000;
constexpr std::size_t kMostKey = 64;

Status check_key(std::string_view key) {
  return !key.empty() && key.size() <= kMostKey ? ok()
                                                : Status(Error{Errc::kMalformed, "request.idempotency_key",
                                                               "an idempotency key has 1 to 64 characters"});
}

/// Whether the orders are to be made without review; only a client whose own review is trusted may ask.
Result<Entry> entry_of(const VendorParts& parts, const Request& request) {
  if (registration::query_text(request, "automatic") != "true") {
    return Entry::kSubmit;
  }
  HUTONG_CHECK(parts.guard.authorize(request, right::kOrderAutomatically));
  return Entry::kAutomatic;
}

/// A client changes what it ordered; another's certificate is unknown to it.
Status check_target(const VendorParts& parts, const NewOrder& wish, const Authorized& by) {
  if (!wish.target) {
    return ok();
  }
  HUTONG_TRY(auto reader, parts.system.database().read());
  HUTONG_TRY(const auto record, CertificateRepository::find(reader, *wish.target));
  const Error unknown{Errc::kNotFound, "certificate.unknown", "no certificate of this client's orders"};
  if (record.order.empty()) {
    return unknown;
  }
  HUTONG_TRY(const auto order, parts.system.desk().orders().find(reader, record.order));
  return order.client == by.id() ? ok() : Status(unknown);
}

Result<NewOrder> order_from(const VendorParts& parts, const Json& json, const Authorized& by, Entry entry,
                            std::string_view key) {
  HUTONG_CHECK(check_key(key));
  HUTONG_CHECK(JsonFields::of(json, {"kind", "applicant", "template", "subject", "days", "key", "request",
                                     "certificate", "reason", "note"}));
  HUTONG_TRY(auto wish, registration::new_order_from_json(json));
  wish.client = by.id();
  wish.idempotency_key = key;
  wish.entry = entry;
  HUTONG_CHECK(check_target(parts, wish, by));
  return wish;
}

/// Makes those that are approved; what fails stays approved and shows why.
void make(const VendorParts& parts, std::span<Order> orders, const Authorized& by, Entry entry) {
  std::vector<std::string> ids;
  for (const Order& order : orders) {
    if (entry == Entry::kAutomatic && order.state == OrderState::kApproved) {
      ids.push_back(order.id);
    }
  }
  if (ids.empty()) {
    return;
  }
  auto outcomes = parts.system.maker().make(ids, registration::doer_of(by));
  auto outcome = outcomes.begin();
  for (Order& order : orders) {
    if (outcome == outcomes.end() || outcome->id != order.id) {
      continue;
    }
    if (outcome->problem) {
      const Error& problem = *outcome->problem;
      order.problem = {std::string(problem.reason),
                       problem.code == Errc::kInternal ? std::string() : problem.detail,
                       parts.system.clock().now()};
    } else {
      order = std::move(*outcome->order);
    }
    ++outcome;
  }
}

Result<std::vector<NewOrder>> batch_from(const VendorParts& parts, const Request& request,
                                         const Authorized& by, Entry entry) {
  HUTONG_TRY(const Json body, registration::read_body(request));
  HUTONG_TRY(const auto fields, JsonFields::of(body, {"orders"}));
  const Json* list = fields.find("orders");
  if (list == nullptr || !list->is_array() || list->empty() || list->size() > kMostInABatch) {
    return registration::wrong_field("orders");
  }
  std::vector<NewOrder> wishes;
  wishes.reserve(list->size());
  std::set<std::string, std::less<>> keys;
  for (const Json& item : *list) {
    HUTONG_TRY(const auto members, JsonFields::of(item, {"idempotency_key", "order"}));
    HUTONG_TRY(const std::string key, members.text("idempotency_key"));
    const Json* order = members.find("order");
    if (order == nullptr) {
      return registration::wrong_field("order");
    }
    auto wish = order_from(parts, *order, by, entry, key);
    if (wish && !keys.insert(key).second) {
      wish = Error{Errc::kMalformed, "request.idempotency_key", "the key stands twice in this batch"};
    }
    if (!wish) {
      return registration::in_place(wish.error(), wishes.size());
    }
    wishes.push_back(std::move(wish).value());
  }
  return wishes;
}

Json line_of(const Order& order) {
  Json line{{"idempotency_key", order.idempotency_key}, {"id", order.id}, {"state", to_string(order.state)}};
  if (order.problem) {
    line["problem"] = {{"code", order.problem->code}, {"detail", order.problem->detail}};
  }
  return line;
}

}  // namespace

Result<Response> place_order(const VendorParts& parts, const Request& request) {
  return act(parts, right::kEnterOrder, request, "order.entered",
             [&](const Authorized& by) -> Result<Response> {
               const auto key = request.headers.find("Idempotency-Key");
               HUTONG_TRY(const Entry entry, entry_of(parts, request));
               HUTONG_TRY(const Json body, registration::read_body(request));
               HUTONG_TRY(const auto wish, order_from(parts, body, by, entry, key.value_or("")));
               HUTONG_TRY(auto entered, parts.system.desk().enter(wish, registration::doer_of(by)));
               make(parts, std::span(&entered.order, 1), by, entry);
               return net::json_response(registration::to_json(entered.order), 201);
             });
}

Result<Response> place_orders(const VendorParts& parts, const Request& request) {
  return act(parts, right::kEnterOrder, request, "order.entered",
             [&](const Authorized& by) -> Result<Response> {
               HUTONG_TRY(const Entry entry, entry_of(parts, request));
               HUTONG_TRY(const auto wishes, batch_from(parts, request, by, entry));
               HUTONG_TRY(auto entered, parts.system.desk().enter_all(wishes, registration::doer_of(by)));
               std::vector<Order> orders;
               orders.reserve(entered.size());
               for (auto& one : entered) {
                 orders.push_back(std::move(one.order));
               }
               make(parts, orders, by, entry);
               Json items = Json::array();
               for (const Order& order : orders) {
                 items.push_back(line_of(order));
               }
               return net::json_response(Json{{"items", std::move(items)}}, 201);
             });
}

}  // namespace hutong::ca::vendor
