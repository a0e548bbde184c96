#include <gtest/gtest.h>

#include "base/encoding.h"
#include "operators/canonical_text.h"
#include "operators/test_support.h"

namespace hutong::operators::test {
namespace {

using namespace std::chrono_literals;

class OperatorSessions : public OperatorsTest {
 protected:
  Answer log_in_with(OperatorClient& client, const std::string& member, const net::Json& value) {
    net::Json body = client.login_body();
    body[member] = value;
    return client.exchange(
        {.method = net::Method::kPost, .target = "/api/v1/session", .body = net::to_text(body)});
  }
  void expect_over(const OperatorClient& client, std::string_view why) {
    const Answer answer = client.get("/api/v1/session");
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.code, "session.ended");
    EXPECT_NE(answer.response.body.find(why), std::string::npos) << answer.response.body;
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, OperatorSessions, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(OperatorSessions, EveryRoleLogsInWithItsCarrier) {
  start();
  for (const Role role : kAllRoles) {
    OperatorClient client = client_of(role);
    const Answer self = client.get("/api/v1/session");
    EXPECT_EQ(self.status, 200) << self.response.body;
    EXPECT_EQ(self.json["operator"]["role"], to_string(role));
    EXPECT_EQ(self.json["session_id"], client.session());
  }
  const auto opened = records("session.opened");
  ASSERT_EQ(opened.size(), kAllRoles.size());
  EXPECT_TRUE(opened[0].event.signature) << "the login's signature is kept";
  EXPECT_TRUE(chain().whole());
}

TEST_P(OperatorSessions, EveryRoleIsRefusedWithAnotherKey) {
  start();
  for (const Role role : kAllRoles) {
    // The certificate of the role, the key of somebody else: a wrong carrier or a wrong PIN.
    OperatorClient client = this->client({issuer_.make("别人").key, carrier(role).certificate});
    const Answer refused = client.try_log_in();
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.code, "session.signature");
  }
  EXPECT_EQ(records("session.refused").size(), kAllRoles.size());
  EXPECT_EQ(records("session.opened").size(), 0U);
}

TEST_P(OperatorSessions, CertificatesThatAreNobodysAreRefused) {
  start();
  OperatorClient stranger = client(issuer_.make("陌生人"));
  EXPECT_EQ(stranger.try_log_in().code, "session.unknown_certificate");
  const auto told = records("session.refused");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].event.outcome, audit::Outcome::kRefused);
  EXPECT_NE(told[0].event.detail.find("session.unknown_certificate"), std::string::npos);
}

TEST_P(OperatorSessions, ExpiredAndRevokedCertificatesAreRefused) {
  start();
  OperatorClient client = this->client(carrier(Role::kBusinessOperator));
  issuer_.set_status(client.carrier(), CertificateStatus::kRevoked);
  EXPECT_EQ(client.try_log_in().code, "operator.certificate_revoked");
  issuer_.set_status(client.carrier(), CertificateStatus::kUnknown);
  EXPECT_EQ(client.try_log_in().code, "operator.certificate_revoked");
  issuer_.set_status(client.carrier(), CertificateStatus::kGood);
  clock_.move(24h * 366 * 10);
  EXPECT_EQ(client.try_log_in().code, "operator.certificate_expired");
}

TEST_P(OperatorSessions, AChallengeIsGoodOnceAndForTwoMinutes) {
  start();
  OperatorClient client = this->client(carrier(Role::kAuditor));
  const std::string body = net::to_text(client.login_body());
  const net::ClientRequest login{.method = net::Method::kPost, .target = "/api/v1/session", .body = body};
  EXPECT_EQ(client.exchange(login).status, 201);
  EXPECT_EQ(client.exchange(login).code, "session.challenge_used");
  const std::string old = net::to_text(client.login_body());
  clock_.move(119s);
  const std::string fresh = net::to_text(client.login_body());
  clock_.move(1s);
  const auto late = client.exchange({.method = net::Method::kPost, .target = "/api/v1/session", .body = old});
  EXPECT_EQ(late.status, 403);
  EXPECT_EQ(late.code, "session.challenge");
  EXPECT_EQ(
      client.exchange({.method = net::Method::kPost, .target = "/api/v1/session", .body = fresh}).status,
      201);
}

TEST_P(OperatorSessions, AChallengeThatIsNotOursIsRefused) {
  start();
  OperatorClient client = this->client(carrier(Role::kAuditor));
  const auto good = client.login_body()["challenge"].get<std::string>();
  std::string altered = good;
  altered[40] = altered[40] == '0' ? '1' : '0';
  for (const std::string& bad :
       {altered, good + "00", good.substr(2), std::string(80, '0'), std::string("x"), " " + good}) {
    EXPECT_EQ(log_in_with(client, "challenge", bad).code, "session.challenge") << bad;
  }
}

TEST_P(OperatorSessions, ALoginIsBoundToOurOrigin) {
  start();
  OperatorClient elsewhere(server_->url(), "https://evil.example", carrier(Role::kAuditor), clock_);
  EXPECT_EQ(elsewhere.try_log_in().code, "session.audience");
  // Signed for another origin, presented for ours.
  EXPECT_EQ(log_in_with(elsewhere, "audience", kOrigin).code, "session.signature");
}

TEST_P(OperatorSessions, BrokenLoginsSayWhatIsWrong) {
  start();
  OperatorClient client = this->client(carrier(Role::kAuditor));
  EXPECT_EQ(log_in_with(client, "signature", "%").code, "request.member");
  EXPECT_EQ(log_in_with(client, "signature", 1).code, "request.member");
  EXPECT_EQ(log_in_with(client, "signature", "AAAA").code, "session.signature");
  EXPECT_EQ(log_in_with(client, "extra", 1).code, "request.unknown_member");
  EXPECT_EQ(log_in_with(client, "certificate", nullptr).code, "request.member");
  EXPECT_EQ(log_in_with(client, "certificate", "MAA=").status, 400);
  for (const char* body : {"[]", "{", "\"x\"", "{\"audience\":"}) {
    const Answer answer =
        client.exchange({.method = net::Method::kPost, .target = "/api/v1/session", .body = body});
    EXPECT_EQ(answer.status, 400) << body;
  }
}

TEST_P(OperatorSessions, FailedLoginsAreSlowedDown) {
  start();
  OperatorClient wrong = client({issuer_.make("别人").key, carrier(Role::kAuditor).certificate});
  for (int at = 0; at < 3; ++at) {
    EXPECT_EQ(wrong.try_log_in().code, "session.signature");
  }
  OperatorClient right = client(carrier(Role::kAuditor));
  const Answer delayed = right.try_log_in();
  EXPECT_EQ(delayed.status, 429);
  EXPECT_EQ(delayed.code, "session.delayed");
  EXPECT_EQ(client(carrier(Role::kBusinessOperator)).try_log_in().status, 201)
      << "others are not slowed down";
  clock_.move(2s);
  EXPECT_EQ(wrong.try_log_in().code, "session.signature");
  clock_.move(2s);
  EXPECT_EQ(right.try_log_in().code, "session.delayed") << "twice as long after each failure";
  clock_.move(2s);
  EXPECT_EQ(right.try_log_in().status, 201);
  EXPECT_EQ(wrong.try_log_in().code, "session.signature") << "the count began again";
  EXPECT_EQ(records("session.refused").size(), 5U) << "delayed attempts are not written down";
}

TEST_P(OperatorSessions, LogoutEndsTheSessionWithoutTheCarrier) {
  start();
  OperatorClient client = client_of(Role::kAuditor);
  const net::ClientRequest logout{.method = net::Method::kDelete,
                                  .target = "/api/v1/session",
                                  .headers = {{"Authorization", "Bearer " + client.token()}}};
  EXPECT_EQ(client.exchange(logout).status, 200);
  expect_over(client, "logout");
  EXPECT_EQ(records("session.closed").size(), 1U);
  EXPECT_EQ(client.exchange(logout).status, 200) << "twice does no harm";
  EXPECT_EQ(records("session.closed").size(), 1U);
}

TEST_P(OperatorSessions, ASessionEndsWhenNobodyWorks) {
  start({.idle = 600s, .heartbeat = 0s});
  const OperatorClient client = client_of(Role::kAuditor);
  clock_.move(599s);
  EXPECT_EQ(client.get("/api/v1/session").status, 200);
  clock_.move(599s);
  EXPECT_EQ(client.get("/api/v1/session").status, 200) << "reading is activity";
  clock_.move(600s);
  expect_over(client, "idle");
  const auto told = records("session.closed");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told[0].event.detail.find("idle"), std::string::npos);
}

TEST_P(OperatorSessions, ASessionHasAnAbsoluteEnd) {
  start({.idle = 600s, .longest = 1'000s, .heartbeat = 0s});
  const OperatorClient client = client_of(Role::kAuditor);
  clock_.move(500s);
  EXPECT_EQ(client.get("/api/v1/session").status, 200);
  clock_.move(500s);
  expect_over(client, "expired");
}

TEST_P(OperatorSessions, APulledCarrierEndsTheSession) {
  start({.idle = 120s, .heartbeat = 30s, .heartbeat_grace = 15s});
  const OperatorClient client = client_of(Role::kBusinessOperator);
  for (int at = 0; at < 3; ++at) {
    clock_.move(30s);
    EXPECT_EQ(client.post("/api/v1/session/heartbeat").status, 200);
  }
  EXPECT_EQ(client.get("/api/v1/session").status, 200);
  clock_.move(46s);  // the carrier is gone: nothing is signed any more
  expect_over(client, "carrier");
  EXPECT_EQ(client.post("/api/v1/things").code, "session.ended");
}

TEST_P(OperatorSessions, HeartbeatsAreNoActivity) {
  start({.idle = 100s, .heartbeat = 30s, .heartbeat_grace = 15s});
  const OperatorClient client = client_of(Role::kBusinessOperator);
  for (int at = 0; at < 3; ++at) {
    clock_.move(30s);
    EXPECT_EQ(client.post("/api/v1/session/heartbeat").status, 200);
  }
  clock_.move(10s);
  expect_over(client, "idle");
}

TEST_P(OperatorSessions, AHeartbeatIsSigned) {
  start();
  const OperatorClient client = client_of(Role::kAuditor);
  const Answer unsigned_one = client.exchange({.method = net::Method::kPost,
                                               .target = "/api/v1/session/heartbeat",
                                               .headers = {{"Authorization", "Bearer " + client.token()}}});
  EXPECT_EQ(unsigned_one.code, "action.signature");
}

TEST_P(OperatorSessions, AnotherNodeKnowsChallengesAndSessions) {
  start();
  const auto second = node(settings_);
  net::Router router;
  second->add_routes(router);
  const hutong::test::RunningServer other(router);
  OperatorClient client = this->client(carrier(Role::kAuditor));
  const std::string body = net::to_text(client.login_body());
  const OperatorClient there(other.url(), std::string(kOrigin), client.carrier(), clock_);
  const Answer opened =
      there.exchange({.method = net::Method::kPost, .target = "/api/v1/session", .body = body});
  ASSERT_EQ(opened.status, 201) << "challenge from one node, login at the other";
  const Answer self =
      client.exchange({.method = net::Method::kGet,
                       .target = "/api/v1/session",
                       .headers = {{"Authorization", "Bearer " + opened.json["token"].get<std::string>()}}});
  EXPECT_EQ(self.status, 200);
  EXPECT_EQ(client.exchange({.method = net::Method::kPost, .target = "/api/v1/session", .body = body}).code,
            "session.challenge_used");
}

TEST_P(OperatorSessions, NoTokenNoEntry) {
  start();
  const OperatorClient client = this->client(carrier(Role::kAuditor));
  for (const char* field : {"", "Bearer ", "Bearer 00", "Basic QQ==", "bearer x"}) {
    const Answer answer = client.exchange(
        {.method = net::Method::kGet, .target = "/api/v1/session", .headers = {{"Authorization", field}}});
    EXPECT_EQ(answer.status, 401) << field;
    EXPECT_EQ(answer.code, "session.missing") << field;
    EXPECT_EQ(answer.response.headers.find("WWW-Authenticate"), "Bearer");
  }
}

TEST_P(OperatorSessions, OldSessionsAreForgotten) {
  start();
  client_of(Role::kAuditor);
  clock_.move(24h * 29);
  EXPECT_EQ(must(system_->remove_old_sessions()), 0);
  clock_.move(24h * 2);
  EXPECT_EQ(must(system_->remove_old_sessions()), 1);
}

}  // namespace
}  // namespace hutong::operators::test
