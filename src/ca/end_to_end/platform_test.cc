#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <csignal>
#include <mutex>

#include "base/encoding.h"
#include "ca/end_to_end/ca_home.h"
#include "ca/vendor/webhooks.h"
#include "crypto/signature.h"
#include "net/router.h"
#include "tests/support/operator_client.h"
#include "x509/builder.h"
#include "x509/certificate.h"

namespace hutong::ca {
namespace {

using net::Json;
using test::must;
using testing::HasSubstr;

/// A platform against the real hutong-ca, which has no key centre: devices have a certificate without one.
class CaForPlatforms : public test::CaHome {
 protected:
  void SetUp() override {
    CaHome::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    const Bytes former = folder_.read("ca.toml");
    folder_.write("ca.toml", as_bytes(std::string(as_text(former)) +
                                      "[platforms]\nwebhook_hosts = \"127.0.0.1\"\norder_hours = 8\n"));
  }
  std::string add_client(const std::string& name, std::vector<std::string> rights) {
    std::vector<std::string> arguments{"add-client", "--name", name};
    for (std::string& right : rights) {
      arguments.insert(arguments.end(), {"--right", std::move(right)});
    }
    const auto added = command(std::move(arguments));
    EXPECT_EQ(added.exit, 0) << added.out << added.err;
    const auto key = added.out.find("hutong-client-");
    return key == std::string::npos ? std::string() : added.out.substr(key, added.out.find('\n', key) - key);
  }
  struct Answer {
    int status = 0;
    Json json;
  };
  Answer ask(const std::string& key, net::Method method, const std::string& rest, const Json& body = {},
             const std::string& idempotency_key = {}) const {
    net::ClientRequest request{.method = method,
                               .target = "/api/v1/vendor/" + rest,
                               .headers = {{"Authorization", "Bearer " + key}},
                               .body = body.is_null() ? std::string() : net::to_text(body)};
    if (!idempotency_key.empty()) {
      request.headers.emplace_back("Idempotency-Key", idempotency_key);
    }
    const auto answer = send(request);
    return {answer.status, answer.body.empty() ? Json() : must(net::parse_json(answer.body))};
  }
  static Json order(const std::string& made_by, const std::string& name) {
    const crypto::Sm2Signer subscriber(crypto::Sm2PrivateKey::generate());
    const auto request = must(x509::sign(
        x509::TbsCertificateRequest{
            .subject = must(x509::Name::from_string("CN=x")), .challenge_password = {}, .extensions = {}},
        subscriber));
    Json subject{{"attributes", {{"O", "演示机构"}, {"CN", name}}}};
    if (made_by == "device") {
      subject["dns_names"] = {name + ".example"};
    }
    return {{"kind", "application"},
            {"applicant", {{"name", "演示机构"}, {"number", "91350100M000100Y43"}}},
            {"template", made_by},
            {"subject", std::move(subject)},
            {"request", to_base64(request.view())}};
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, CaForPlatforms, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(CaForPlatforms, ARegisteredPlatformOrdersAndTheListsFollowItsRevocation) {
  const std::string key = add_client(
      "交易平台", {"order.enter", "order.query", "order.deliver", "order.automatic", "certificate.query"});
  ASSERT_FALSE(key.empty());
  start();
  const auto service = ask(key, net::Method::kGet, "service");
  EXPECT_EQ(service.json["commitments"]["order_hours"], 8);
  const auto placed = ask(key, net::Method::kPost, "orders?automatic=true", order("device", "server-1"), "1");
  ASSERT_EQ(placed.status, 201) << placed.json;
  ASSERT_EQ(placed.json["state"], "issued") << placed.json;
  const std::string id = placed.json["id"];
  const auto objects = ask(key, net::Method::kGet, "orders/" + id + "/certificates");
  const auto certificate = must(
      x509::Certificate::parse(from_base64(objects.json["signing_certificate"].get<std::string>()).value()));
  const std::string serial = certificate.serial().to_hex();
  EXPECT_EQ(ask(key, net::Method::kPost, "orders/" + id + "/delivery", Json::object()).json["state"],
            "delivered");
  const auto revoked = ask(key, net::Method::kPost, "orders?automatic=true",
                           {{"kind", "revocation"}, {"certificate", serial}, {"reason", "superseded"}}, "2");
  EXPECT_EQ(revoked.json["state"], "done") << revoked.json;
  const auto listed = openssl({"crl", "-inform", "DER", "-noout", "-text", "-in",
                               fetch_to("/crl/" + authority() + "/0-delta.crl", "list.crl")});
  std::string upper = serial;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  EXPECT_THAT(listed.out, HasSubstr(upper)) << "at once, not when the list is due";
}

TEST_P(CaForPlatforms, WithoutKeyCentreADualOrderWaitsAndNothingIsIssued) {
  const std::string key = add_client("交易平台", {"order.enter", "order.query", "order.automatic"});
  start();
  const Json wanted = order("organization-signing", "演示机构");
  const auto placed = ask(key, net::Method::kPost, "orders?automatic=true", wanted, "1");
  EXPECT_EQ(placed.json["state"], "approved") << placed.json;
  EXPECT_EQ(placed.json["problem"]["code"], "key_centre.away");
  EXPECT_EQ(server_->end(SIGTERM), 0);
  start();
  const auto again = ask(key, net::Method::kPost, "orders?automatic=true", wanted, "1");
  EXPECT_EQ(again.json["id"], placed.json["id"]) << "also after a restart";
  auto opened = database();
  auto reader = must(opened.read());
  EXPECT_EQ(must(reader.query_one("SELECT COUNT(*) FROM certificates WHERE order_id <> ''")).integer(0), 0);
  EXPECT_TRUE(must(audit::verify_chain(reader)).whole());
}

TEST_P(CaForPlatforms, WebhooksComeSignedByTheServiceKey) {
  struct Heard {
    std::string id, time, signature, body;
  };
  std::mutex mutex;
  std::vector<Heard> heard;
  net::Router router;
  router.add({.method = net::Method::kPost,
              .pattern = "/hook",
              .body_limit = 10'000,
              .handler = [&](const net::Request& request) -> Result<net::Response> {
                const std::scoped_lock lock(mutex);
                const auto field = [&](const char* name) {
                  return std::string(request.headers.find(name).value_or(""));
                };
                heard.push_back({field("Hutong-Event"), field("Hutong-Time"), field("Hutong-Signature"),
                                 std::string(as_text(request.body))});
                return net::Response{.status = 204};
              }});
  const hutong::test::RunningServer listener(router);
  const std::string key = add_client("交易平台", {"order.enter", "order.query", "order.automatic"});
  start();
  ASSERT_EQ(ask(key, net::Method::kPut, "webhook", {{"url", listener.url() + "/hook"}}).status, 204);
  ask(key, net::Method::kPost, "orders?automatic=true", order("device", "server-1"), "1");
  for (int i = 0; i < 200; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const std::scoped_lock lock(mutex);
    if (!heard.empty()) {
      break;
    }
  }
  const std::scoped_lock lock(mutex);
  ASSERT_EQ(heard.size(), 1U);
  const Heard& event = heard.front();
  EXPECT_THAT(event.body, HasSubstr("\"issued\""));
  const auto named = ask(key, net::Method::kGet, "service").json["webhook_certificate"].get<std::string>();
  const auto certificate = must(x509::Certificate::parse(from_base64(named).value()));
  const std::string text = vendor::webhook_text(event.id, event.time, event.body);
  EXPECT_TRUE(crypto::verify_signature(*certificate.public_key(), crypto::kSm2WithSm3, as_bytes(text),
                                       from_base64(event.signature).value()));
}

TEST_P(CaForPlatforms, WrongRightsAreNotRegistered) {
  for (const char* right : {"order.review", "no.such"}) {
    const auto added = command({"add-client", "--name", "x", "--right", right});
    EXPECT_EQ(added.exit, 2) << right;
    EXPECT_THAT(added.err, HasSubstr("right.")) << right;
  }
}

}  // namespace
}  // namespace hutong::ca
