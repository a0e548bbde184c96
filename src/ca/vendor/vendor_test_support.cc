#include "ca/vendor/vendor_test_support.h"

#include "base/encoding.h"
#include "ca/rights.h"
#include "ca/vendor/schema.h"
#include "ca/vendor/vendor_handlers.h"
#include "crypto/sm3.h"
#include "operators/client_repository.h"
#include "operators/schema.h"

namespace hutong::ca::vendor::test {

using hutong::test::Answer;
using net::Json;

void VendorTest::SetUp() {
  RegistrationTest::SetUp();
  if (IsSkipped()) {
    return;
  }
  must(storage::migrate(database(), operators::kComponent, operators::migrations(), clock_));
  must(storage::migrate(database(), kVendorComponent, vendor_migrations(), clock_));
  operators_ = must(operators::OperatorSystem::create({.database = database(),
                                                       .rights = rights(),
                                                       .settings = {.audiences = {"https://ca.example"}},
                                                       .authority = issuer_.authority(),
                                                       .clock = clock_}));
  webhooks_ = std::make_unique<Webhooks>(database(), ca_->signing().issuer().signer(),
                                         Webhooks::Options{.hosts = {"127.0.0.1"}, .most_attempts = 3});
  observer_ = webhooks_->observer();
  const operators::RightSet usual = {"order.enter", "order.query", "order.deliver", "certificate.query"};
  operators::RightSet trusted = usual;
  trusted.emplace("order.automatic");
  add_client("采购平台", kPlatformKey, usual);
  add_client("交易平台", kTrustedKey, trusted);
  add_client("统计平台", kWatcherKey, {"order.query"});
  add_vendor_routes(router_, {.system = *system_,
                              .guard = operators_->guard(),
                              .webhooks = *webhooks_,
                              .vendor_name = "演示CA甲",
                              .webhook_certificate = ca_->signing().issuer().certificate()});
  server_ = std::make_unique<hutong::test::RunningServer>(router_);
}

void VendorTest::add_client(const char* name, const std::string& key, operators::RightSet rights_of_client) {
  const std::string id = "01ARZ3NDEKTSV4RRFFQ69G5FA" + std::to_string(clients_++);
  const auto digest = crypto::sm3(as_bytes(key));
  must(storage::in_transaction(database(), [&](storage::Transaction& transaction) {
    return operators::ClientRepository::insert(
        transaction,
        {.id = id, .display_name = name, .rights = rights_of_client, .fingerprint = {}, .created_by = {}},
        {.key_sm3 = to_bytes(digest)});
  }));
}

Answer VendorTest::deliver(net::ClientRequest request) const {
  auto response = must(must(net::Client::create(server_->url())).send(request));
  auto json = response.body.empty() ? Json() : must(net::parse_json(response.body));
  const std::string code = json.contains("code") ? json["code"].get<std::string>() : std::string();
  return {response.status, json, code, std::move(response)};
}

Answer VendorTest::send(const std::string& key, net::Method method, const std::string& rest, const Json& body,
                        const std::string& idempotency_key) const {
  net::ClientRequest request{.method = method, .target = "/api/v1/vendor/" + rest};
  request.headers.emplace_back("Authorization", "Bearer " + key);
  if (!body.is_null()) {
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = net::to_text(body);
  }
  if (!idempotency_key.empty()) {
    request.headers.emplace_back("Idempotency-Key", idempotency_key);
  }
  return deliver(std::move(request));
}

Answer VendorTest::send_text(const std::string& key, const std::string& rest, std::string body,
                             const std::string& idempotency_key) const {
  return deliver({.method = net::Method::kPost,
                  .target = "/api/v1/vendor/" + rest,
                  .headers = {{"Authorization", "Bearer " + key}, {"Idempotency-Key", idempotency_key}},
                  .body = std::move(body)});
}

Json VendorTest::application_json(const registration::test::Subscriber& subscriber) {
  return application_json(subscriber.request());
}

Json VendorTest::application_json(const Bytes& request) {
  return {{"kind", "application"},
          {"applicant", {{"name", "演示机构"}, {"number", registration::test::kCreditCode}}},
          {"template", "organization-signing"},
          {"subject", {{"attributes", {{"O", "演示机构"}, {"CN", "演示机构"}}}}},
          {"request", to_base64(request)}};
}

}  // namespace hutong::ca::vendor::test
