#include "platform/login/business_system.h"

#include <gtest/gtest.h>

#include "platform/desk_support.h"

namespace hutong::platform::login {
namespace {

using hutong::platform::test::BadRequest;
using net::Json;

constexpr const char* kSystems = "/api/v1/business-systems";

Json mall() {
  return {{"name_zh", "采购平台"},
          {"name_en", "Procurement"},
          {"redirect_uris", {"https://mall.example/callback", "http://127.0.0.1:9000/callback"}},
          {"after_logout_uris", {"https://mall.example/bye"}}};
}

class BusinessSystems : public hutong::platform::test::DeskTest {
 protected:
  hutong::test::Answer decide(const std::string& who, const Json& system, const char* decision) {
    return client(who).post(
        std::string(kSystems) + "/" + system["client_id"].get<std::string>() + "/decision",
        {{"decision", decision}, {"reason", "checked"}});
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, BusinessSystems, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(BusinessSystems, TakeTwoPersons) {
  const auto made = client("reviewer").post(kSystems, mall());
  ASSERT_EQ(made.status, 201) << made.response.body;
  EXPECT_EQ(made.json["state"], "proposed");
  EXPECT_EQ(decide("reviewer", made.json, "release").code, "system.four_eyes");
  const auto released = decide("security", made.json, "release");
  EXPECT_EQ(released.json["state"], "active") << released.response.body;
  EXPECT_EQ(decide("security", made.json, "release").code, "system.state");
  const auto other = client("clerk").post(kSystems, mall());
  EXPECT_EQ(decide("reviewer", other.json, "reject").json["state"], "rejected");
  EXPECT_EQ(client("idler").get(kSystems).json["items"].size(), 2U);
  EXPECT_EQ(records("system.proposed").size(), 2U);
  EXPECT_EQ(records("system.released").size(), 1U);
  EXPECT_EQ(records("system.rejected").size(), 1U);
  EXPECT_TRUE(log_is_whole());
}

TEST_P(BusinessSystems, SecretsAreShownOnceAndNotKept) {
  const auto made = client("clerk").post(kSystems, mall());
  const std::string secret = made.json["client_secret"];
  EXPECT_GE(secret.size(), 43U);
  EXPECT_EQ(client("clerk").get(kSystems).response.body.find(secret), std::string::npos);
  for (const auto& record : records("system.proposed")) {
    EXPECT_EQ(record.event.detail.find(secret), std::string::npos);
  }
}

TEST_P(BusinessSystems, BadRequests) {
  const auto with = [](const char* member, const Json& value) {
    Json body = mall();
    body[member] = value;
    return body.dump();
  };
  const std::vector<BadRequest> table{
      {"nothing", "", 400, "json.syntax"},
      {"a list", "[]", 400, "request.body"},
      {"unknown member", with("more", 1), 400, "request.unknown_member"},
      {"empty name", with("name_zh", ""), 400, "desk.member"},
      {"name of another type", with("name_en", 1), 400, "desk.member"},
      {"name too long", with("name_zh", std::string(41, 'x')), 400, "desk.member"},
      {"no address", with("redirect_uris", Json::array()), 400, "desk.member"},
      {"addresses of another type", with("redirect_uris", "https://mall.example"), 400, "desk.member"},
      {"plain http elsewhere", with("redirect_uris", Json::array({"http://mall.example/"})), 400,
       "desk.member"},
      {"with a fragment", with("redirect_uris", Json::array({"https://mall.example/#x"})), 400,
       "desk.member"},
      {"no URL", with("redirect_uris", Json::array({"javascript:alert(1)"})), 400, "desk.member"},
      {"too many", with("redirect_uris", Json(21, "https://mall.example/")), 400, "desk.member"},
      {"algorithm of nobody", with("id_token_signed_response_alg", "none"), 400, "desk.member"},
      {"algorithm of another type", with("id_token_signed_response_alg", 1), 400, "desk.member"},
      {"too large", with("name_zh", std::string(33 << 10, 'x')), 413, "upload.too_large"},
  };
  for (const auto& bad : table) {
    const auto answer = client("clerk").send(net::Method::kPost, kSystems, bad.body, "application/json");
    EXPECT_EQ(answer.status, bad.status) << bad.what << ' ' << answer.response.body;
    EXPECT_EQ(answer.code, bad.code) << bad.what;
  }
  EXPECT_EQ(client("reviewer")
                .post(std::string(kSystems) + "/nobody/decision", {{"decision", "release"}, {"reason", "x"}})
                .code,
            "system.unknown");
  EXPECT_EQ(client("clerk").post(std::string(kSystems) + "/nobody/retirement", {{"reason", "x"}}).code,
            "system.unknown");
}

}  // namespace
}  // namespace hutong::platform::login
