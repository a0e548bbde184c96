#include "operators/guard.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/encoding.h"
#include "operators/canonical_text.h"
#include "operators/test_support.h"

namespace hutong::operators::test {
namespace {

using namespace std::chrono_literals;

class OperatorGuard : public OperatorsTest {
 protected:
  static void set_field(net::ClientRequest& request, std::string_view name, const std::string& value) {
    for (auto& field : request.headers) {
      if (field.first == name) {
        field.second = value;
      }
    }
  }
  net::ClientRequest make_thing(const OperatorClient& client) const {
    return client.signed_request(net::Method::kPost, "/api/v1/things", R"({"name":"x"})");
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, OperatorGuard, hutong::test::every_database(), hutong::test::database_name);

TEST_P(OperatorGuard, ASignedActionGoesIntoTheRecordOfTheChange) {
  start();
  const OperatorClient client = client_of(Role::kBusinessOperator);
  const Answer made = client.post("/api/v1/things?x=%E4%B8%AD", {{"name", "值"}});
  ASSERT_EQ(made.status, 201) << made.response.body;
  const auto told = records("thing.made");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].event.actor.fingerprint, fingerprint_of(client.carrier().certificate));
  ASSERT_TRUE(told[0].event.signature);
  const auto text = as_text(told[0].event.signature->content);
  EXPECT_TRUE(text.starts_with("hutong-action-1\nPOST\n/api/v1/things?x=%E4%B8%AD\n")) << text;
  EXPECT_TRUE(crypto::verify_signature(client.carrier().key->public_key(), crypto::kSm2WithSm3,
                                       told[0].event.signature->content, told[0].event.signature->value));
}

TEST_P(OperatorGuard, AnActionWithoutItsSignatureIsRefused) {
  start();
  const OperatorClient client = client_of(Role::kBusinessOperator);
  const auto refused = [&](const net::ClientRequest& request) { return client.exchange(request).code; };
  const auto altered = [&](const auto& change) {
    net::ClientRequest request = make_thing(client);
    change(request);
    return refused(request);
  };
  EXPECT_EQ(altered([](auto& request) { request.headers.resize(1); }), "action.signature");
  EXPECT_EQ(altered([](auto& request) { request.body = R"({"name":"y"})"; }), "action.signature");
  EXPECT_EQ(altered([](auto& request) { request.target += "?a=b"; }), "action.signature");
  EXPECT_EQ(altered([](auto& request) { set_field(request, kSignatureField, "AAAA"); }), "action.signature");
  EXPECT_EQ(altered([](auto& request) { set_field(request, kSignatureField, std::string(500, 'A')); }),
            "action.signature");
  EXPECT_EQ(altered([](auto& request) { set_field(request, kTimeField, "2027-06-01T00:00:01Z"); }),
            "action.signature");
  EXPECT_EQ(refused(client.signed_request(net::Method::kPut, "/api/v1/things", "")), "http.method");
  net::ClientRequest other_path = client.signed_request(net::Method::kPost, "/api/v1/others", "");
  other_path.target = "/api/v1/things";
  EXPECT_EQ(refused(other_path), "action.signature");
  EXPECT_EQ(records("thing.made").size(), 0U);
  EXPECT_EQ(records("access.refused").size(), 7U);
  EXPECT_TRUE(chain().whole());
}

TEST_P(OperatorGuard, TheKeyOfAnotherIsRefused) {
  start();
  const OperatorClient client = client_of(Role::kBusinessOperator);
  const OperatorClient other = client_of(Role::kAuditor);
  net::ClientRequest request = make_thing(other);  // signed with another key in another session
  set_field(request, "Authorization", "Bearer " + client.token());
  EXPECT_EQ(client.exchange(request).code, "action.signature");
}

TEST_P(OperatorGuard, ASignatureOfAnotherSessionIsRefused) {
  start();
  const OperatorClient first = client_of(Role::kBusinessOperator);
  const OperatorClient second = client_of(Role::kBusinessOperator);
  net::ClientRequest request = make_thing(first);
  set_field(request, "Authorization", "Bearer " + second.token());
  EXPECT_EQ(second.exchange(request).code, "action.signature");
}

TEST_P(OperatorGuard, AReplayedActionIsRefused) {
  start();
  const OperatorClient client = client_of(Role::kBusinessOperator);
  const net::ClientRequest request = make_thing(client);
  EXPECT_EQ(client.exchange(request).status, 201);
  const Answer again = client.exchange(request);
  EXPECT_EQ(again.status, 403);
  EXPECT_EQ(again.code, "action.replayed");
  EXPECT_EQ(client.exchange(make_thing(client)).status, 201) << "the same, signed again";
  EXPECT_EQ(records("thing.made").size(), 2U);
}

TEST_P(OperatorGuard, AReplayAtTheSameTimeIsRefusedToo) {
  start();
  const OperatorClient client = client_of(Role::kBusinessOperator);
  const net::ClientRequest request = make_thing(client);
  std::array<int, 6> status{};
  {
    std::vector<std::jthread> threads;
    for (int& answer : status) {
      threads.emplace_back([&] { answer = client.exchange(request).status; });
    }
  }
  EXPECT_EQ(std::ranges::count(status, 201), 1);
  EXPECT_EQ(std::ranges::count(status, 403), 5);
}

TEST_P(OperatorGuard, ASignatureIsGoodForFiveMinutes) {
  start({.heartbeat = 0s});
  const OperatorClient client = client_of(Role::kBusinessOperator);
  const net::ClientRequest request = make_thing(client);
  clock_.move(301s);
  EXPECT_EQ(client.exchange(request).code, "action.time");
  clock_.move(-602s);
  EXPECT_EQ(client.exchange(request).code, "action.time") << "a clock that goes ahead";
  clock_.move(1s);
  EXPECT_EQ(client.exchange(request).status, 201);
  net::ClientRequest broken = make_thing(client);
  set_field(broken, kTimeField, "yesterday");
  EXPECT_EQ(client.exchange(broken).code, "action.time");
}

TEST_P(OperatorGuard, AMissingRightIsRefusedAndAudited) {
  start();
  const OperatorClient client = client_of(Role::kBusinessAdministrator);
  const Answer refused = client.post("/api/v1/things");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.code, "right.missing");
  const auto told = records("access.refused");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].event.outcome, audit::Outcome::kRefused);
  EXPECT_EQ(told[0].event.actor.fingerprint, fingerprint_of(client.carrier().certificate));
  EXPECT_NE(told[0].event.detail.find("right.missing"), std::string::npos);
}

TEST_P(OperatorGuard, ARevokedOrExpiredCertificateStopsAnOpenSession) {
  start({.idle = 24h * 366 * 20, .longest = 24h * 366 * 20, .heartbeat = 0s});
  OperatorClient client = client_of(Role::kBusinessOperator);
  issuer_.set_status(client.carrier(), CertificateStatus::kSuspended);
  EXPECT_EQ(client.exchange(make_thing(client)).code, "operator.certificate_revoked");
  issuer_.set_status(client.carrier(), CertificateStatus::kGood);
  EXPECT_EQ(client.get("/api/v1/session").code, "session.ended") << "the session does not come back";
  client.log_in();
  issuer_.set_status(client.carrier(), CertificateStatus::kRevoked);
  EXPECT_EQ(client.get("/api/v1/session").code, "operator.certificate_revoked") << "reading, too";
  issuer_.set_status(client.carrier(), CertificateStatus::kGood);
  client.log_in();
  EXPECT_EQ(client.exchange(make_thing(client)).status, 201);
  clock_.move(24h * 366 * 10);
  EXPECT_EQ(client.get("/api/v1/session").code, "session.ended");
  const auto told = records("session.closed");
  ASSERT_EQ(told.size(), 3U);
  EXPECT_NE(told[0].event.detail.find("certificate"), std::string::npos);
}

TEST_P(OperatorGuard, ARetiredOperatorsSessionEnds) {
  start();
  const OperatorClient client = client_of(Role::kBusinessOperator);
  const OperatorClient governor = client_of(Role::kBusinessAdministrator);
  EXPECT_EQ(
      governor.post("/api/v1/operators/" + id_of(Role::kBusinessOperator) + "/retirement", {{"version", 1}})
          .status,
      200);
  const Answer answer = client.exchange(make_thing(client));
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.code, "session.ended");
  OperatorClient again = this->client(client.carrier());
  EXPECT_EQ(again.try_log_in().code, "session.unknown_certificate");
}

class ApiClients : public OperatorGuard {
 protected:
  Answer call(const OperatorClient& any, const std::string& key) {
    return any.exchange({.method = net::Method::kPost,
                         .target = "/api/v1/things",
                         .headers = {{"Authorization", "Bearer " + key}}});
  }
  net::Request tls_request(ByteView certificate) const {
    net::Request request;
    request.method = net::Method::kPost;
    request.path = request.target = "/api/v1/things";
    request.remote = "192.0.2.1";
    request.client_certificate = to_bytes(certificate);
    return request;
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, ApiClients, hutong::test::every_database(), hutong::test::database_name);

TEST_P(ApiClients, AKeyOpensWhatItWasGranted) {
  start();
  const OperatorClient super = client_of(Role::kSuperAdministrator);
  const Answer added = super.post("/api/v1/clients", {{"display_name", "平台"}, {"rights", {"thing.make"}}});
  ASSERT_EQ(added.status, 201) << added.response.body;
  const auto key = added.json["key"].get<std::string>();
  const auto id = added.json["id"].get<std::string>();
  const Answer made = call(super, key);
  EXPECT_EQ(made.status, 201) << made.response.body;
  EXPECT_EQ(made.json["by"], id);
  const auto told = records("thing.made");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].event.actor.subject, "client:平台");
  EXPECT_FALSE(told[0].event.signature);
  EXPECT_EQ(call(super, key + "0").code, "client.unknown");
  EXPECT_EQ(super.put("/api/v1/clients/" + id, {{"version", 1}, {"rights", net::Json::array()}}).status, 200);
  EXPECT_EQ(call(super, key).code, "right.missing");
  EXPECT_EQ(super.post("/api/v1/clients/" + id + "/retirement", {{"version", 1}}).code, "storage.conflict");
  EXPECT_EQ(super.post("/api/v1/clients/" + id + "/retirement", {{"version", 2}}).status, 200);
  EXPECT_EQ(call(super, key).code, "client.unknown");
  EXPECT_EQ(super.put("/api/v1/clients/" + id, {{"version", 3}}).code, "client.retired");
  const Answer list = super.get("/api/v1/clients");
  EXPECT_EQ(list.json["items"].size(), 1U);
  EXPECT_EQ(list.response.body.find(key), std::string::npos) << "a key is shown once";
}

TEST_P(ApiClients, KeysComeFromThisMachineOnly) {
  start();
  const OperatorClient super = client_of(Role::kSuperAdministrator);
  const Answer added = super.post("/api/v1/clients", {{"display_name", "平台"}, {"rights", {"thing.make"}}});
  net::Request request = tls_request({});
  request.headers.add("Authorization", "Bearer " + added.json["key"].get<std::string>());
  const auto far = system_->guard().authorize(request, "thing.make");
  ASSERT_FALSE(far);
  EXPECT_EQ(far.error().reason, "client.key_refused");
  request.remote = "127.0.0.1";
  EXPECT_TRUE(system_->guard().authorize(request, "thing.make"));
}

TEST_P(ApiClients, ATlsCertificateOpensWhatItWasGranted) {
  start();
  const OperatorClient super = client_of(Role::kSuperAdministrator);
  const Carrier machine = issuer_.make("平台");
  const net::Json wanted = {{"display_name", "平台"},
                            {"rights", {"thing.make"}},
                            {"certificate", to_base64(machine.certificate.der())}};
  const Answer added = super.post("/api/v1/clients", wanted);
  ASSERT_EQ(added.status, 201) << added.response.body;
  EXPECT_FALSE(added.json.contains("key"));
  EXPECT_EQ(super.post("/api/v1/clients", wanted).code, "client.certificate_taken");
  const auto by = system_->guard().authorize(tls_request(machine.certificate.der()), "thing.make");
  ASSERT_TRUE(by);
  EXPECT_EQ(by->client->id, added.json["id"]);
  EXPECT_FALSE(by->operator_);
  const auto other = system_->guard().authorize(tls_request(program_.certificate.der()), "thing.make");
  EXPECT_EQ(other.error().reason, "client.unknown");
}

TEST_P(ApiClients, OnlyMarkedRightsAreForMachines) {
  start();
  const OperatorClient super = client_of(Role::kSuperAdministrator);
  const auto code = [&](const net::Json& body) { return super.post("/api/v1/clients", body).code; };
  EXPECT_EQ(code({{"display_name", "x"}, {"rights", {"thing.configure"}}}), "right.not_for_machines");
  EXPECT_EQ(code({{"display_name", "x"}, {"rights", {"nothing"}}}), "right.unknown");
  EXPECT_EQ(code({{"display_name", ""}, {"rights", net::Json::array()}}), "operator.display_name");
  EXPECT_EQ(code({{"display_name", "x"}, {"certificate", "MAA="}}), "asn1.truncated");
  EXPECT_EQ(code({{"display_name", "x"}, {"rights", "thing.make"}}), "request.member");
}

}  // namespace
}  // namespace hutong::operators::test
