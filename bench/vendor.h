#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "audit/audit_log.h"
#include "base/encoding.h"
#include "ca/registration/registration_system.h"
#include "ca/registration/schema.h"
#include "ca/registration/template_grants.h"
#include "ca/rights.h"
#include "ca/test_support.h"
#include "ca/vendor/schema.h"
#include "ca/vendor/vendor_handlers.h"
#include "cms/enveloped_key.h"
#include "crypto/sm3.h"
#include "net/client.h"
#include "net/log.h"
#include "operators/client_repository.h"
#include "operators/operator_system.h"
#include "operators/schema.h"
#include "tests/support/operator_client.h"
#include "x509/builder.h"

/// A vendor's CA as the load runs need it: everything but the key centre, whose answers are made before.
namespace hutong::bench {

using ca::registration::EscrowedKey;
using ca::registration::KeyCentre;
using net::Json;

template <typename T>
T need(Result<T> result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().reason) + ": " + result.error().detail);
  }
  return std::move(result).value();
}

/// Answers that were made before, by the subscriber's key.
class PreparedCentre final : public KeyCentre {
 public:
  void prepare(const crypto::PublicKey& subscriber) {
    const auto key = crypto::Sm2PrivateKey::generate();
    const EscrowedKey answer{crypto::PublicKey(key.public_key()),
                             need(cms::wrap_key_pair(key, *subscriber.sm2()))};
    const std::lock_guard lock(mutex_);
    answers_.emplace(subscriber.to_spki(), answer);
  }
  Result<Keys> apply(std::span<const cms::ApplyKeyRequest> requests, Time /*now*/) const override {
    Keys keys;
    const std::lock_guard lock(mutex_);
    for (const auto& request : requests) {
      keys.emplace_back(answers_.at(request.user_spki));
    }
    return keys;
  }
  Result<Keys> restore(std::span<const cms::RestoreKeyRequest> /*requests*/, Time /*now*/) const override {
    return Error{Errc::kPolicy, "key_centre.refused", "not here"};
  }
  Result<std::vector<Status>> revoke(std::span<const cms::RevokeKeyRequest> requests,
                                     Time /*now*/) const override {
    return std::vector<Status>(requests.size(), ok());
  }

 private:
  mutable std::mutex mutex_;
  std::map<Bytes, EscrowedKey> answers_;
};

inline const std::string kKey = "hutong-client-" + std::string(64, 'a');

/// A vendor with one trusted platform, served over HTTP.
class Vendor {
 public:
  Vendor() : ca_({.crl = "http://ca.example/ca.crl", .ocsp = "http://ca.example/ocsp"}) {
    net::set_log_level(net::LogLevel::kError);  // the report is for figures
    auto& database = ca_.database();
    const auto migrate = [&](std::string_view component, std::span<const storage::Migration> steps) {
      need(storage::migrate(database, component, steps, clock_));
    };
    migrate("audit", audit::migrations());
    migrate(operators::kComponent, operators::migrations());
    migrate(ca::registration::kRegistrationComponent, ca::registration::registration_migrations());
    migrate(ca::vendor::kVendorComponent, ca::vendor::vendor_migrations());
    add_rows();
    seal_.emplace(need(ca::registration::PersonalSeal::load(database, ca_.keys())));
    system_.emplace(ca::registration::RegistrationSystem::Parts{.database = database,
                                                                .seal = *seal_,
                                                                .signing = ca_.signing(),
                                                                .key_centre = centre_,
                                                                .clock = clock_});
    operators_ = need(operators::OperatorSystem::create({.database = database,
                                                         .rights = ca::rights(),
                                                         .settings = {.audiences = {"https://ca.example"}},
                                                         .authority = carriers_.authority(),
                                                         .clock = clock_}));
    webhooks_.emplace(database, ca_.signing().issuer().signer(), ca::vendor::Webhooks::Options{});
    ca::vendor::add_vendor_routes(router_, {.system = *system_,
                                            .guard = operators_->guard(),
                                            .webhooks = *webhooks_,
                                            .vendor_name = "演示CA甲",
                                            .webhook_certificate = ca_.signing().issuer().certificate()});
    server_ = std::make_unique<test::RunningServer>(router_);
  }
  static Vendor& the() {
    static Vendor vendor;
    return vendor;
  }

  /// An order nobody has placed, with its answer at the key centre.
  Json fresh_order() {
    const crypto::Sm2Signer subscriber(crypto::Sm2PrivateKey::generate());
    centre_.prepare(subscriber.public_key());
    const auto request =
        need(x509::sign(x509::TbsCertificateRequest{.subject = need(x509::Name::from_string("CN=演示机构")),
                                                    .challenge_password = {},
                                                    .extensions = {}},
                        subscriber));
    return {{"kind", "application"},
            {"applicant",
             {{"name", "演示机构"},
              {"number", "91350100M000100Y43"},
              {"region", "150100"},
              {"contact", "张三"},
              {"phone", "13800138000"}}},
            {"template", "organization-signing"},
            {"subject", {{"attributes", {{"O", "演示机构"}, {"CN", "演示机构"}}}}},
            {"request", to_base64(request.view())}};
  }
  std::string fresh_idempotency_key() { return std::to_string(++keys_); }
  int place(const net::Client& client, std::string target, std::string body, const std::string& key = {}) {
    net::ClientRequest request{
        .method = net::Method::kPost,
        .target = "/api/v1/vendor/" + std::move(target),
        .headers = {{"Authorization", "Bearer " + kKey}, {"Content-Type", "application/json"}},
        .body = std::move(body)};
    if (!key.empty()) {
      request.headers.emplace_back("Idempotency-Key", key);
    }
    const auto answer = need(client.send(request));
    if (answer.status != 201 || answer.body.find("\"problem\"") != std::string::npos) {
      throw std::runtime_error(answer.body);
    }
    return answer.status;
  }
  net::Client client() const { return need(net::Client::create(server_->url())); }
  const ca::SigningSystem& signing() const { return ca_.signing(); }
  storage::Database& database() { return ca_.database(); }
  Time now() const { return clock_.now(); }

 private:
  void add_rows() {
    const auto digest = crypto::sm3(as_bytes(kKey));
    need(storage::in_transaction(ca_.database(), [&](storage::Transaction& transaction) -> Status {
      HUTONG_CHECK(ca::registration::TemplateGrants::grant_defaults(transaction, clock_.now()));
      HUTONG_CHECK(ca::registration::TemplateGrants::synchronise(transaction, clock_.now()));
      return operators::ClientRepository::insert(transaction,
                                                 {.id = "01ARZ3NDEKTSV4RRFFQ69G5FAV",
                                                  .display_name = "platform",
                                                  .rights = {"order.enter", "order.query", "order.automatic"},
                                                  .fingerprint = {},
                                                  .created_by = {}},
                                                 {.key_sm3 = Bytes(digest.begin(), digest.end())});
    }));
  }

  test::MovableClock clock_{test::kMid2027};
  test::CarrierIssuer carriers_;
  PreparedCentre centre_;
  ca::test::TestCa ca_;
  std::optional<ca::registration::PersonalSeal> seal_;
  std::optional<ca::registration::RegistrationSystem> system_;
  std::unique_ptr<operators::OperatorSystem> operators_;
  std::optional<ca::vendor::Webhooks> webhooks_;
  net::Router router_;
  std::unique_ptr<test::RunningServer> server_;
  std::size_t keys_ = 0;
};

}  // namespace hutong::bench
