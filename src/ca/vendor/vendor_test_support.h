#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ca/registration/test_support.h"
#include "ca/vendor/webhooks.h"
#include "net/json.h"
#include "operators/operator_system.h"

namespace hutong::ca::vendor::test {

/// A vendor behind a server, with a platform whose orders wait for review, one that is trusted, and one that
/// may only look.
class VendorTest : public registration::test::RegistrationTest {
 protected:
  void SetUp() override;

  using Answer = hutong::test::Answer;
  Answer send(const std::string& key, net::Method method, const std::string& rest, const net::Json& body = {},
              const std::string& idempotency_key = {}) const;
  Answer send_text(const std::string& key, const std::string& rest, std::string body,
                   const std::string& idempotency_key) const;
  /// An order of the trusted platform, made at once.
  Answer place(const net::Json& order, const std::string& idempotency_key) const {
    return send(kTrustedKey, net::Method::kPost, "orders?automatic=true", order, idempotency_key);
  }
  net::Json show(const std::string& id) const {
    return send(kTrustedKey, net::Method::kGet, "orders/" + id).json;
  }
  static net::Json application_json(const registration::test::Subscriber& subscriber);
  static net::Json application_json(const Bytes& request);

  inline static const std::string kPlatformKey = "hutong-client-" + std::string(64, 'a');
  inline static const std::string kTrustedKey = "hutong-client-" + std::string(64, 'b');
  inline static const std::string kWatcherKey = "hutong-client-" + std::string(64, 'd');
  inline static const std::string kNobodysKey = "hutong-client-" + std::string(64, 'c');
  hutong::test::CarrierIssuer issuer_;
  std::unique_ptr<operators::OperatorSystem> operators_;
  std::unique_ptr<Webhooks> webhooks_;

 private:
  void add_client(const char* name, const std::string& key, operators::RightSet rights_of_client);
  Answer deliver(net::ClientRequest request) const;
  int clients_ = 0;
  net::Router router_;
  std::unique_ptr<hutong::test::RunningServer> server_;
};

}  // namespace hutong::ca::vendor::test
