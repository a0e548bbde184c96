#include "platform/login/device.h"

#include <gtest/gtest.h>

#include <set>

#include "platform/login/login_support.h"
#include "platform/login/oauth_message.h"

namespace hutong::platform::login {
namespace {

using hutong::test::Answer;
using net::Method;
using test::Client;
using test::Json;
using test::Key;

TEST(UserCode, IsOfTheLettersOfTheRfcAndReadAsPeopleTypeIt) {
  std::set<std::string> made;
  for (int i = 0; i < 1'000; ++i) {
    const std::string code = make_user_code(crypto::system_random());
    ASSERT_EQ(code.size(), 9U) << code;
    EXPECT_EQ(code[4], '-');
    EXPECT_EQ(code.find_first_not_of("BCDFGHJKLMNPQRSTVWXZ-"), std::string::npos) << code;
    EXPECT_EQ(read_user_code(code), code);
    made.insert(code);
  }
  EXPECT_GT(made.size(), 990U);
  for (const auto* typed : {"WDJB-MJHT", "wdjbmjht", " wdjb mjht ", "W-D-J-B M-J-H-T"}) {
    EXPECT_EQ(read_user_code(typed), "WDJB-MJHT") << typed;
  }
  for (const auto* typed : {"", "WDJB-MJH", "WDJB-MJHTT", "WDJB-MJHA", "WDJB-MJH1", "设备"}) {
    EXPECT_EQ(read_user_code(typed), std::nullopt) << typed;
  }
  EXPECT_EQ(read_user_code(std::string(1'000, ' ') + "WDJBMJHT"), std::nullopt);
}

/// A device that shows a code, and somebody who logs in with a key on a computer.
class DeviceFlow : public test::LoginTest {
 protected:
  Answer begin(const Client& system, std::string_view scope = "openid profile offline_access") const {
    return send({.method = Method::kPost,
                 .target = "/oidc/device-authorization",
                 .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                 .body = "client_id=" + system.id + "&client_secret=" + system.secret +
                         "&scope=" + percent_encoded(scope)});
  }
  Answer ask(const Client& system, const Json& device) const {
    return token(system,
                 {{"grant_type", std::string(kDeviceGrant)}, {"device_code", device.at("device_code")}});
  }
  Answer page(const std::string& what, const Json& body) const {
    return send({.method = Method::kPost, .target = "/api/v1/login/" + what, .body = body.dump()});
  }
  std::string opened(const Json& device) const {
    const auto found = page("device-codes", {{"user_code", device.at("user_code")}});
    EXPECT_EQ(found.status, 201) << found.response.body;
    return found.json.value("request", "");
  }
  Answer log_in_for(const Json& device, const Key& key) const {
    const std::string request = opened(device);
    return answer(request, sign(challenge(request), key));
  }
  static std::string percent_encoded(std::string_view text) {
    std::string out = "?";
    add_parameter(out, "x", text);
    return out.substr(out.find('=') + 1);
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, DeviceFlow, hutong::test::every_database(), hutong::test::database_name);

TEST_P(DeviceFlow, FromTheCodeOnTheDeviceToItsTokens) {
  const auto system = registered();
  const std::string subject = enter_company({"supplier"});
  const Key key = issue(vendor_a_, "supplier");
  const auto device = begin(system);
  ASSERT_EQ(device.status, 200) << device.response.body;
  const std::string user_code = device.json["user_code"];
  EXPECT_EQ(device.json["verification_uri"], "https://platform.example/device");
  EXPECT_EQ(device.json["verification_uri_complete"],
            "https://platform.example/device?user_code=" + user_code);
  EXPECT_EQ(device.json["expires_in"], 600);
  EXPECT_EQ(device.json["interval"], 5);
  EXPECT_EQ(ask(system, device.json).code, "authorization_pending");

  const std::string request = opened(device.json);
  const Json asked = challenge(request);
  EXPECT_EQ(asked["system"]["name_zh"], "采购平台");
  EXPECT_EQ(asked["user_code"], user_code);
  EXPECT_NE(asked["purpose"].get<std::string>().find(user_code), std::string::npos)
      << "the agent's window shows it";
  const auto done = answer(request, sign(asked, key));
  ASSERT_EQ(done.status, 200) << done.response.body;
  EXPECT_EQ(done.json, Json({{"device", "accepted"}}));

  const auto tokens = ask(system, device.json);
  ASSERT_EQ(tokens.status, 200) << tokens.response.body;
  EXPECT_EQ(claims_of(tokens.json["id_token"])["sub"], subject);
  EXPECT_EQ(userinfo(tokens.json["access_token"]).json["sub"], subject);
  EXPECT_EQ(refresh(system, tokens.json).status, 200);
  const auto told = records("login.accepted");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told.front().event.detail.find("device"), std::string::npos);
  EXPECT_TRUE(log_is_whole());
}

TEST_P(DeviceFlow, ItsTokensAreGivenOnce) {
  const auto system = registered();
  const auto device = begin(system).json;
  ASSERT_EQ(log_in_for(device, issue(vendor_a_, "supplier")).status, 200);
  const auto tokens = ask(system, device);
  ASSERT_EQ(tokens.status, 200) << tokens.response.body;
  EXPECT_EQ(ask(system, device).code, "invalid_grant");
  EXPECT_EQ(userinfo(tokens.json["access_token"]).code, "invalid_token") << "somebody else had the code";
}

TEST_P(DeviceFlow, OneCodeIsForOneLogin) {
  const auto system = registered();
  const Key key = issue(vendor_a_, "supplier");
  const auto device = begin(system).json;
  const std::string request = opened(device);
  const std::string other = opened(device);
  ASSERT_EQ(answer(request, sign(challenge(request), key)).status, 200);
  const auto late = answer(other, sign(challenge(other), key));
  EXPECT_EQ(late.status, 409);
  EXPECT_EQ(late.code, "login.device_done");
  EXPECT_EQ(page("device-codes", {{"user_code", device.at("user_code")}}).code, "login.user_code");
  EXPECT_EQ(page("device-denials", {{"request", other}}).code, "login.device_done");
  EXPECT_EQ(ask(system, device).status, 200);
  EXPECT_EQ(records("login.accepted").size(), 1U);
}

TEST_P(DeviceFlow, WhoDidNotBeginItDeclines) {
  const auto system = registered();
  const auto device = begin(system).json;
  const std::string request = opened(device);
  EXPECT_EQ(page("device-denials", {{"request", request}}).json, Json({{"device", "denied"}}));
  EXPECT_EQ(ask(system, device).code, "access_denied");
  EXPECT_EQ(ask(system, device).code, "access_denied") << "however soon it asks again";
  EXPECT_EQ(answer(request, sign(challenge(request), issue(vendor_a_, "supplier"))).code,
            "login.device_done");
  EXPECT_EQ(records("login.device_denied").size(), 1U);
  const std::string of_a_browser = request_of(system);
  EXPECT_EQ(page("device-denials", {{"request", of_a_browser}}).code, "login.device_done");
}

TEST_P(DeviceFlow, WhoAsksTooOftenWaitsLonger) {
  const auto system = registered();
  const auto device = begin(system).json;
  EXPECT_EQ(ask(system, device).code, "authorization_pending");
  clock_.move(std::chrono::seconds(4));
  EXPECT_EQ(ask(system, device).code, "slow_down");
  clock_.move(std::chrono::seconds(9));
  EXPECT_EQ(ask(system, device).code, "slow_down") << "the pause is ten seconds now";
  clock_.move(std::chrono::seconds(15));
  EXPECT_EQ(ask(system, device).code, "authorization_pending") << "and fifteen";
  ASSERT_EQ(log_in_for(device, issue(vendor_a_, "supplier")).status, 200);
  EXPECT_EQ(ask(system, device).status, 200) << "nobody waits when there is an answer";
}

TEST_P(DeviceFlow, CodesExpire) {
  const auto system = registered();
  const Key key = issue(vendor_a_, "supplier");
  const auto device = begin(system).json;
  const std::string request = opened(device);
  clock_.move(std::chrono::seconds(590));
  const auto late = challenge(request);
  clock_.move(std::chrono::seconds(9));
  EXPECT_EQ(page("device-codes", {{"user_code", device.at("user_code")}}).status, 201);
  clock_.move(std::chrono::seconds(1));
  EXPECT_EQ(page("device-codes", {{"user_code", device.at("user_code")}}).code, "login.user_code");
  EXPECT_EQ(answer(request, sign(late, key)).code, "login.ticket");
  EXPECT_EQ(ask(system, device).code, "expired_token");
  clock_.move(std::chrono::hours(1));
  EXPECT_EQ(ask(system, device).code, "invalid_grant") << "forgotten";
}

TEST_P(DeviceFlow, CodesAreOfOneSystem) {
  const auto system = registered();
  const auto other = registered("https://other.example/callback");
  const auto device = begin(system).json;
  ASSERT_EQ(log_in_for(device, issue(vendor_a_, "supplier")).status, 200);
  EXPECT_EQ(ask(other, device).code, "invalid_grant");
  EXPECT_EQ(ask(system, device).status, 200) << "nobody else used it up";
}

TEST_P(DeviceFlow, BadRequests) {
  const auto system = registered();
  EXPECT_EQ(begin(system, "profile").code, "invalid_scope");
  EXPECT_EQ(begin(system, "").code, "invalid_scope");
  EXPECT_EQ(begin(system, "openid " + std::string(600, 'x')).code, "invalid_scope");
  EXPECT_EQ(begin({system.id, "wrong"}).status, 401);
  EXPECT_EQ(begin({"nobody", system.secret}).code, "invalid_client");
  EXPECT_EQ(send({.method = Method::kPost, .target = "/oidc/device-authorization"}).code, "invalid_request");
  EXPECT_EQ(token(system, {{"grant_type", std::string(kDeviceGrant)}}).code, "invalid_request");
  EXPECT_EQ(token(system, {{"grant_type", std::string(kDeviceGrant)}, {"device_code", "x"}}).code,
            "invalid_grant");
  struct Row {
    std::string what;
    std::string body;
    int status;
    std::string code;
  };
  const std::vector<Row> table{
      {"device-codes", "", 400, "request.member"},
      {"device-codes", R"({"user_code":7})", 400, "request.member"},
      {"device-codes", R"({"user_code":"x","more":1})", 400, "request.unknown_member"},
      {"device-codes", R"({"user_code":""})", 404, "login.user_code"},
      {"device-codes", R"({"user_code":"AAAA-AAAA"})", 404, "login.user_code"},
      {"device-codes", R"({"user_code":"WDJB-MJHT"})", 404, "login.user_code"},
      {"device-codes", Json({{"user_code", std::string(20'000, 'x')}}).dump(), 413, "upload.too_large"},
      {"device-denials", "", 400, "request.member"},
      {"device-denials", R"({"request":"x"})", 403, "login.ticket"},
      {"device-denials", "[]", 400, "request.body"},
  };
  for (const Row& row : table) {
    const auto refused =
        send({.method = Method::kPost, .target = "/api/v1/login/" + row.what, .body = row.body});
    EXPECT_EQ(refused.status, row.status) << row.what << ' ' << row.body.substr(0, 60);
    EXPECT_EQ(refused.code, row.code) << row.what << ' ' << row.body.substr(0, 60);
  }
}

TEST_P(DeviceFlow, GuessesAreLimitedByAddress) {
  const auto system = registered();
  const auto device = begin(system).json;
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(page("device-codes", {{"user_code", "WDJB-MJHT"}}).code, "login.user_code");
  }
  EXPECT_EQ(page("device-codes", {{"user_code", device.at("user_code")}}).status, 429);
  clock_.move(std::chrono::seconds(60));
  EXPECT_EQ(page("device-codes", {{"user_code", device.at("user_code")}}).status, 201);
}

}  // namespace
}  // namespace hutong::platform::login
