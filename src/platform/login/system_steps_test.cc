#include <gtest/gtest.h>

#include "platform/login/login_support.h"

namespace hutong::platform::login {
namespace {

using hutong::test::Answer;
using test::Client;
using test::Json;
using test::Key;

/// Business systems that are suspended, resumed, and get new secrets.
class SystemSteps : public test::LoginTest {
 protected:
  Answer suspend(const Client& system, const std::string& reason = "密钥可能泄露；正在核查") {
    return manage("clerk", system, "suspension", {{"reason", reason}});
  }
  Answer propose(const std::string& who, const Client& system, const char* step) {
    return manage(who, system, "steps", {{"step", step}, {"reason", "checked"}});
  }
  Answer decide(const std::string& who, const Client& system, const Json& step, const char* decision) {
    return manage(who, system, "steps/" + step.at("id").get<std::string>() + "/decision",
                  {{"decision", decision}, {"reason", "checked"}});
  }
  Answer own_token(const Client& system) const {
    return token(system, {{"grant_type", "client_credentials"}});
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, SystemSteps, hutong::test::every_database(), hutong::test::database_name);

TEST_P(SystemSteps, SuspendingTakesOnePersonAndEverybodyHearsWhy) {
  const auto system = registered();
  const Key key = issue(vendor_a_, "supplier");
  const auto tokens = redeem(system, code_for(system, key)).json;
  const std::string request = request_of(system);
  const auto suspended = suspend(system);
  EXPECT_EQ(suspended.json["state"], "suspended") << suspended.response.body;
  EXPECT_EQ(suspended.json["suspended_because"], "密钥可能泄露；正在核查");

  const auto sent = location(browse(authorize_target(system)));
  EXPECT_EQ(sent.at("(address)"), "https://platform.example/sign-in") << "the page says why";
  for (const std::string& ticket : {request, sent.at("request")}) {
    const auto refused = send({.method = net::Method::kPost,
                               .target = "/api/v1/login/challenges",
                               .body = Json({{"request", ticket}}).dump()});
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.code, "system.suspended");
    EXPECT_EQ(refused.json["detail"],
              "该业务系统已暂停登录：密钥可能泄露；正在核查；this business system is suspended: "
              "密钥可能泄露; 正在核查");
  }
  const auto refused = refresh(system, tokens);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.code, "unauthorized_client");
  EXPECT_NE(refused.json["error_description"].get<std::string>().find("密钥可能泄露"), std::string::npos);
  EXPECT_EQ(own_token({system.id, "wrong"}).code, "invalid_client") << "strangers do not hear it";
  EXPECT_EQ(userinfo(tokens.at("access_token")).code, "invalid_token");
  EXPECT_EQ(suspend(system).code, "system.state");
  EXPECT_EQ(records("system.suspended").size(), 1U);
}

TEST_P(SystemSteps, ResumingTakesTwo) {
  const auto system = registered();
  const auto tokens = redeem(system, code_for(system, issue(vendor_a_, "supplier"))).json;
  EXPECT_EQ(propose("clerk", system, "resumption").code, "system.state") << "it is not suspended";
  suspend(system);
  const auto step = propose("reviewer", system, "resumption");
  ASSERT_EQ(step.status, 201) << step.response.body;
  EXPECT_FALSE(step.json.contains("client_secret"));
  EXPECT_EQ(propose("clerk", system, "resumption").code, "system.step_open");
  const auto listed = client("clerk").get("/api/v1/business-systems").json["items"][0];
  EXPECT_EQ(listed["waiting"]["step"], "resumption");
  EXPECT_EQ(listed["waiting"]["id"], step.json["id"]);
  EXPECT_EQ(decide("reviewer", system, step.json, "release").code, "system.four_eyes");
  EXPECT_EQ(own_token(system).code, "unauthorized_client");
  EXPECT_EQ(decide("security", system, step.json, "reject").json["state"], "suspended");
  EXPECT_EQ(decide("security", system, step.json, "release").code, "system.state") << "decided before";
  const auto again = propose("reviewer", system, "resumption");
  EXPECT_EQ(decide("security", system, again.json, "release").json["state"], "active");
  EXPECT_FALSE(client("clerk").get("/api/v1/business-systems").json["items"][0].contains("waiting"));
  EXPECT_EQ(refresh(system, tokens).status, 200) << "logins from before go on";
  for (const auto& [action, count] :
       {std::pair{"system.resumption_proposed", 2U}, std::pair{"system.resumption_rejected", 1U},
        std::pair{"system.resumed", 1U}}) {
    EXPECT_EQ(records(action).size(), count) << action;
  }
  EXPECT_TRUE(log_is_whole());
}

TEST_P(SystemSteps, ANewSecretIsGoodWhenASecondPersonReleasedItAndTheOldOneIsVoid) {
  const auto system = registered();
  const auto step = propose("reviewer", system, "secret");
  ASSERT_EQ(step.status, 201) << step.response.body;
  const Client renewed{system.id, step.json["client_secret"]};
  EXPECT_GE(renewed.secret.size(), 43U);
  EXPECT_NE(renewed.secret, system.secret);
  EXPECT_EQ(own_token(renewed).code, "invalid_client") << "nobody released it yet";
  EXPECT_EQ(own_token(system).status, 200);
  EXPECT_EQ(decide("reviewer", system, step.json, "release").code, "system.four_eyes");
  EXPECT_EQ(decide("security", system, step.json, "release").status, 200);
  EXPECT_EQ(own_token(renewed).status, 200);
  EXPECT_EQ(own_token(system).code, "invalid_client");
  EXPECT_EQ(client("clerk").get("/api/v1/business-systems").response.body.find(renewed.secret),
            std::string::npos)
      << "shown once";
  for (const auto* action : {"system.secret_proposed", "system.secret_changed"}) {
    const auto told = records(action);
    ASSERT_EQ(told.size(), 1U) << action;
    EXPECT_EQ(told.front().event.detail.find(renewed.secret), std::string::npos) << action;
  }
}

TEST_P(SystemSteps, ARejectedSecretIsNobodys) {
  const auto system = registered();
  const auto step = propose("reviewer", system, "secret");
  EXPECT_EQ(decide("security", system, step.json, "reject").status, 200);
  EXPECT_EQ(own_token({system.id, step.json["client_secret"]}).code, "invalid_client");
  EXPECT_EQ(own_token(system).status, 200);
  EXPECT_EQ(records("system.secret_rejected").size(), 1U);
}

TEST_P(SystemSteps, ASuspendedSystemGetsANewSecretAndIsResumed) {
  const auto system = registered();
  suspend(system);
  const auto secret = propose("reviewer", system, "secret");
  EXPECT_EQ(decide("security", system, secret.json, "release").json["state"], "suspended");
  const Client renewed{system.id, secret.json["client_secret"]};
  EXPECT_EQ(own_token(renewed).code, "unauthorized_client");
  const auto resumption = propose("reviewer", system, "resumption");
  EXPECT_EQ(decide("security", system, resumption.json, "release").json["state"], "active");
  EXPECT_EQ(own_token(renewed).status, 200);
}

TEST_P(SystemSteps, EndingRejectsWhatWaits) {
  const auto system = registered();
  suspend(system);
  const auto step = propose("reviewer", system, "resumption");
  EXPECT_EQ(manage("clerk", system, "retirement", {{"reason", "closed"}}).json["state"], "retired");
  EXPECT_EQ(decide("security", system, step.json, "release").code, "system.state");
  EXPECT_EQ(propose("reviewer", system, "secret").code, "system.state");
  EXPECT_EQ(own_token(system).code, "invalid_client");
  EXPECT_FALSE(client("clerk").get("/api/v1/business-systems").json["items"][0].contains("waiting"));
}

TEST_P(SystemSteps, BadRequests) {
  const auto system = registered();
  const auto other = registered();
  suspend(other);
  const auto step = propose("reviewer", other, "resumption");
  const std::string decision = "steps/" + step.json["id"].get<std::string>() + "/decision";
  struct Row {
    std::string what;
    std::string body;
    int status;
    std::string code;
  };
  const std::vector<Row> table{
      {"suspension", "{}", 400, "request.member"},
      {"suspension", R"({"reason":""})", 400, "desk.member"},
      {"suspension", R"({"reason":"x","more":1})", 400, "request.unknown_member"},
      {"steps", R"({"reason":"x"})", 400, "request.member"},
      {"steps", R"({"reason":"x","step":"party"})", 400, "desk.member"},
      {"steps", R"({"reason":"x","step":7})", 400, "request.member"},
      {"steps", R"({"step":"secret"})", 400, "request.member"},
      {decision, R"({"decision":"release","reason":"x"})", 404, "system.unknown"},
      {"steps/nobody/decision", R"({"decision":"release","reason":"x"})", 404, "system.unknown"},
      {"steps/nobody/decision", R"({"decision":"perhaps","reason":"x"})", 400, "desk.member"},
  };
  for (const Row& row : table) {
    const std::string who = row.what.ends_with("decision") ? "security" : "clerk";
    const auto refused =
        client(who).send(net::Method::kPost, "/api/v1/business-systems/" + system.id + "/" + row.what,
                         row.body, "application/json");
    EXPECT_EQ(refused.status, row.status) << row.what << ' ' << row.body << refused.response.body;
    EXPECT_EQ(refused.code, row.code) << row.what << ' ' << row.body;
  }
  const Client nobody{"nobody", ""};
  EXPECT_EQ(suspend(nobody).code, "system.unknown");
  EXPECT_EQ(propose("clerk", nobody, "secret").code, "system.unknown");
}

}  // namespace
}  // namespace hutong::platform::login
