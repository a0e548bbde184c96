#include "kmc/api/store_routes.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/encoding.h"
#include "crypto/public_key.h"
#include "kmc/rights.h"
#include "kmc/service/authority_repository.h"
#include "kmc/stores/key_repository.h"
#include "net/json_body.h"
#include "net/ulid.h"

namespace hutong::kmc {
namespace {

using net::Json;
using net::JsonBody;
using net::Method;
using net::Request;
using net::Response;
using operators::Authorized;
using storage::Reader;
using storage::Transaction;

constexpr std::int64_t kMostMaking = 1'000'000;
constexpr std::chrono::days kFurthestMaking{366};
constexpr std::size_t kMakingsShown = 100;

Json to_json(const StockPolicy& policy) {
  return {{"minimum", policy.minimum},
          {"target", policy.target},
          {"expired_days", policy.expired_days},
          {"history_days", policy.history_days},
          {"version", policy.version}};
}

Json to_json(const Making& making) {
  Json json{{"id", making.id},
            {"count", making.wanted},
            {"made", making.made},
            {"due_at", to_rfc3339(making.due_at)},
            {"requested_by", making.requested_by},
            {"created_at", to_rfc3339(making.created_at)}};
  if (making.finished_at) {
    json["finished_at"] = to_rfc3339(*making.finished_at);
  }
  return json;
}

Json to_json(const HeldKey& key) {
  Json json{{"id", key.id},
            {"store", key.retired_at ? "history" : "in_use"},
            {"authority", key.authority},
            {"certificate", key.certificate.to_hex()},
            {"public_key", ""},
            {"made_at", to_rfc3339(key.made_at)},
            {"delivered_at", to_rfc3339(key.delivered_at)},
            {"not_before", to_rfc3339(key.not_before)},
            {"not_after", to_rfc3339(key.not_after)}};
  if (const auto point = crypto::Sm2PublicKey::from_octets(key.public_key)) {
    json["public_key"] = to_base64(crypto::PublicKey(*point).to_spki());
  }
  if (key.retired_at) {
    json["retired_at"] = to_rfc3339(*key.retired_at);
    json["reason"] = to_string(key.reason);
  }
  return json;
}

Result<StockPolicy> parse_policy(const Request& request) {
  HUTONG_TRY(const auto body,
             JsonBody::parse(request, {"minimum", "target", "expired_days", "history_days", "version"}));
  StockPolicy policy;
  HUTONG_TRY(policy.minimum, body.integer("minimum"));
  HUTONG_TRY(policy.target, body.integer("target"));
  HUTONG_TRY(policy.expired_days, body.integer("expired_days"));
  HUTONG_TRY(policy.history_days, body.integer("history_days"));
  HUTONG_TRY(policy.version, body.integer("version"));
  HUTONG_CHECK(check_policy(policy));
  return policy;
}

/// Now, unless a time is given: one in the next year.
Result<Time> parse_due(const JsonBody& body, Time now) {
  HUTONG_TRY(const auto text, body.optional_text("due_at"));
  if (!text) {
    return now;
  }
  const auto due = from_rfc3339(*text);
  if (!due || *due > now + kFurthestMaking) {
    return Error{Errc::kMalformed, "making.due_at", "due_at must be a time in the next 366 days"};
  }
  return std::max(*due, now);
}

Result<Making> parse_making(const Request& request, const Authorized& by, Time now) {
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"count", "due_at"}));
  HUTONG_TRY(const std::int64_t count, body.integer("count"));
  if (count < 1 || count > kMostMaking) {
    return Error{Errc::kMalformed, "making.count", "count must be 1 to 1000000"};
  }
  HUTONG_TRY(const Time due, parse_due(body, now));
  return Making{.id = net::make_ulid(std::chrono::system_clock::now(), crypto::system_random()),
                .wanted = count,
                .due_at = due,
                .requested_by = by.actor.subject,
                .created_at = now};
}

Result<HeldKeyFilter> parse_filter(const Request& request) {
  HeldKeyFilter filter;
  const std::string store = net::query_text(request, "store");
  if (store != "in_use" && store != "history") {
    return Error{Errc::kMalformed, "request.store", "store must be in_use or history"};
  }
  filter.store = store == "history" ? HeldKeyFilter::Store::kHistory : HeldKeyFilter::Store::kInUse;
  filter.authority = net::query_text(request, "authority");
  if (const std::string number = net::query_text(request, "certificate"); !number.empty()) {
    HUTONG_TRY(const auto serial, x509::Serial::from_hex(number));
    filter.certificate = serial.to_hex();
  }
  HUTONG_TRY(const auto page, net::page_request(request));
  filter.after = page.cursor;
  filter.limit = page.limit;
  return filter;
}

}  // namespace

Result<Response> StoreRoutes::show_policy() const {
  HUTONG_TRY(Reader reader, centre_->database().read());
  HUTONG_TRY(const StockPolicy policy, PolicyRepository::find(reader));
  return net::json_response(to_json(policy));
}

Result<Response> StoreRoutes::set_policy(const Request& request, const Authorized& by) const {
  HUTONG_TRY(StockPolicy policy, parse_policy(request));
  HUTONG_CHECK(operators::audited_change(centre_->database(), by, "policy.set", centre_->clock().now(),
                                         [&](Transaction& transaction, audit::Event& event) -> Status {
                                           event.object_kind = "policy";
                                           event.object_id = "1";
                                           event.detail = net::to_text(to_json(policy));
                                           return PolicyRepository::update(transaction, policy);
                                         }));
  jobs_->wake();
  ++policy.version;
  return net::json_response(to_json(policy));
}

Result<Response> StoreRoutes::statistics() const {
  HUTONG_TRY(Reader reader, centre_->database().read());
  HUTONG_TRY(const StoreCounts stores, KeyRepository::counts(reader));
  HUTONG_TRY(const auto by_authority, KeyRepository::counts_by_authority(reader));
  HUTONG_TRY(const auto authorities, AuthorityRepository::all(reader));
  Json list = Json::array();
  for (std::size_t at = 0; at < authorities.size(); ++at) {  // both are ordered by id
    list.push_back({{"id", authorities[at].id},
                    {"name", authorities[at].name},
                    {"in_use", by_authority.at(at).in_use},
                    {"history", by_authority.at(at).history}});
  }
  return net::json_response({{"spare", stores.spare},
                             {"in_use", stores.in_use},
                             {"history", stores.history},
                             {"authorities", std::move(list)}});
}

Result<Response> StoreRoutes::list_makings() const {
  HUTONG_TRY(Reader reader, centre_->database().read());
  HUTONG_TRY(const auto makings, MakingRepository::newest(reader, kMakingsShown));
  Json items = Json::array();
  for (const Making& making : makings) {
    items.push_back(to_json(making));
  }
  return net::json_response({{"items", std::move(items)}});
}

Result<Response> StoreRoutes::order_making(const Request& request, const Authorized& by) const {
  const Time now = centre_->clock().now();
  HUTONG_TRY(const Making making, parse_making(request, by, now));
  HUTONG_CHECK(operators::audited_change(
      centre_->database(), by, "making.ordered", now,
      [&](Transaction& transaction, audit::Event& event) -> Status {
        event.object_kind = "making";
        event.object_id = making.id;
        event.detail = net::to_text({{"count", making.wanted}, {"due_at", to_rfc3339(making.due_at)}});
        return MakingRepository::insert(transaction, making);
      }));
  jobs_->wake();
  return net::json_response(to_json(making), 201);
}

Result<Response> StoreRoutes::list_keys(const Request& request) const {
  HUTONG_TRY(HeldKeyFilter filter, parse_filter(request));
  const std::size_t limit = filter.limit;
  ++filter.limit;
  HUTONG_TRY(Reader reader, centre_->database().read());
  HUTONG_TRY(const auto keys, KeyRepository::search(reader, filter));
  Json items = Json::array();
  for (const HeldKey& key : keys) {
    items.push_back(to_json(key));
  }
  return net::json_response(page_of(std::move(items), limit));
}

Result<Response> StoreRoutes::show_key(const Request& request) const {
  HUTONG_TRY(Reader reader, centre_->database().read());
  HUTONG_TRY(const HeldKey key, KeyRepository::find_by_id(reader, request.parameters.at("id")));
  return net::json_response(to_json(key));
}

void StoreRoutes::add_to(const GuardedRoutes& routes) const {
  routes.get("/api/v1/policy", kReadPolicy,
             [self = *this](const Request&, const Authorized&) { return self.show_policy(); });
  routes.change(
      Method::kPut, "/api/v1/policy", kSetPolicy,
      [self = *this](const Request& request, const Authorized& by) { return self.set_policy(request, by); });
  routes.get("/api/v1/statistics", kReadKeys,
             [self = *this](const Request&, const Authorized&) { return self.statistics(); });
  routes.get("/api/v1/makings", kReadKeys,
             [self = *this](const Request&, const Authorized&) { return self.list_makings(); });
  routes.change(Method::kPost, "/api/v1/makings", kMakeKeys,
                [self = *this](const Request& request, const Authorized& by) {
                  return self.order_making(request, by);
                });
  routes.get("/api/v1/keys", kReadKeys,
             [self = *this](const Request& request, const Authorized&) { return self.list_keys(request); });
  routes.get("/api/v1/keys/{id}", kReadKeys,
             [self = *this](const Request& request, const Authorized&) { return self.show_key(request); });
}

}  // namespace hutong::kmc
