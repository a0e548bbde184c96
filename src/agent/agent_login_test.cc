#include <gtest/gtest.h>

#include <csignal>

#include "agent/test_supplier.h"

namespace hutong::agent::test {
namespace {

const Json kApplication = Supplier::application();
constexpr const char* kPin = "12345678";
constexpr const char* kWrong = "00000000";

class AgentLogin : public testing::Test {
 protected:
  void SetUp() override { agent_.answer_with({}); }
  RunningAgent agent_{{.allowed = {kShop, "https://other.example"}}};
};

TEST_F(AgentLogin, ListsTheToken) {
  Page page(agent_.port(), kShop);
  const Json list = page.call("tokens.list");
  ASSERT_EQ(list.at("tokens").size(), 1U) << list.dump();
  const Json& token = list.at("tokens")[0];
  EXPECT_EQ(token.at("token"), "software-token/supplier");
  EXPECT_EQ(token.at("label"), "演示钥匙");
  EXPECT_EQ(token.at("applications")[0].at("application"), "HUTONG");
  EXPECT_EQ(token.at("applications")[0].at("logged_in"), false);
  EXPECT_EQ(token.at("applications")[0].at("user_pin").at("tries_left"), 10);
  EXPECT_EQ(list.at("drivers")[0].at("state"), "ready");
  EXPECT_EQ(page.call("device.info", {{"token", "software-token/supplier"}}).at("label"), "演示钥匙");
  EXPECT_EQ(page.refusal("device.info", {{"token", "software-token/none"}}), "agent.token_unknown");
  EXPECT_EQ(page.refusal("pin.state", {{"token", "none"}, {"application", "HUTONG"}}), "agent.token_unknown");
}

TEST_F(AgentLogin, AsksForThePinInItsOwnWindow) {
  Page page(agent_.port(), kShop);
  EXPECT_EQ(page.refusal("login", kApplication), "agent.purpose");
  agent_.answer_with({kPin});
  const Json answer = page.call("login", kApplication, "登录采购平台");
  EXPECT_EQ(answer, (Json{{"logged_in", true}, {"tries_left", 10}}));
  EXPECT_NE(agent_.shown().find("shop.example"), std::string::npos) << agent_.shown();
  EXPECT_NE(agent_.shown().find("登录采购平台"), std::string::npos);
  EXPECT_NE(agent_.shown().find("演示钥匙"), std::string::npos);
  EXPECT_TRUE(page.call("tokens.list").at("tokens")[0].at("applications")[0].at("logged_in"));
  EXPECT_EQ(page.call("status").at("logins")[0].at("purpose"), "登录采购平台");
}

TEST_F(AgentLogin, CountsTriesAndLocks) {
  Page page(agent_.port(), kShop);
  agent_.answer_with({kWrong, kPin});
  EXPECT_EQ(page.call("login", kApplication, "p").at("logged_in"), true) << "the second try is right";
  EXPECT_NE(agent_.shown().find("SETERROR"), std::string::npos);
  agent_.answer_with({kWrong, kWrong, kWrong});
  const Json problem = page.call("login", kApplication, "p").at("problem");
  EXPECT_EQ(problem.at("code"), "token.pin_incorrect");
  EXPECT_EQ(problem.at("tries_left"), 7);
  for (int i = 0; i < 7; ++i) {
    agent_.answer_with({kWrong});
    page.call("login", kApplication, "p");
  }
  agent_.answer_with({kPin});
  EXPECT_EQ(page.refusal("login", kApplication, "p"), "token.pin_locked");
  agent_.answer_with({"88888888", "new12345", "new12345"});
  EXPECT_EQ(page.call("pin.unblock", kApplication, "unblock"), (Json{{"unblocked", true}}));
  agent_.answer_with({"new12345"});
  EXPECT_EQ(page.call("login", kApplication, "p").at("tries_left"), 10);
}

TEST_F(AgentLogin, ChangesThePinWhenTheNewOnesAgree) {
  Page page(agent_.port(), kShop);
  agent_.answer_with({kPin, "newpin88", "newpin99", "newpin88", "newpin88"});
  EXPECT_EQ(page.call("pin.change", kApplication, "change"), (Json{{"changed", true}}));
  agent_.answer_with({kWrong, "again123", "again123"});
  EXPECT_EQ(page.call("pin.change", kApplication, "change").at("problem").at("tries_left"), 9);
  agent_.answer_with({"newpin88"});
  EXPECT_EQ(page.refusal("login", kApplication, "p"), "");
  Json administrator = kApplication;
  administrator["role"] = "administrator";
  agent_.answer_with({"88888888", "adminpin", "adminpin"});
  EXPECT_EQ(page.refusal("pin.change", administrator, "change"), "");
  administrator["role"] = "guest";
  EXPECT_EQ(page.refusal("pin.change", administrator, "change"), "agent.request");
}

TEST_F(AgentLogin, IsTheOriginsOwn) {
  Page page(agent_.port(), kShop);
  Page other(agent_.port(), "https://other.example");
  agent_.answer_with({kPin});
  ASSERT_EQ(page.refusal("login", kApplication, "p"), "");
  EXPECT_EQ(page.refusal("keys.generate", Supplier::at("a"), "p"), "");
  EXPECT_EQ(other.refusal("keys.generate", Supplier::at("b"), "p"), "agent.not_logged_in")
      << "the token is logged in, this website is not";
  EXPECT_FALSE(other.call("tokens.list").at("tokens")[0].at("applications")[0].at("logged_in"));
  agent_.answer_with({kPin});
  ASSERT_EQ(other.refusal("login", kApplication, "p"), "");
  EXPECT_EQ(page.call("logout", kApplication), (Json{{"logged_in", false}}));
  EXPECT_EQ(page.event("login.ended").at("reason"), "logout");
  EXPECT_EQ(other.refusal(
                "sign.data",
                [] {
                  Json params = Supplier::at("a");
                  params["data"] = "AA==";
                  return params;
                }(),
                "p"),
            "")
      << "the other's login stays";
  EXPECT_EQ(page.refusal("keys.generate", Supplier::at("c"), "p"), "agent.not_logged_in");
}

TEST_F(AgentLogin, EndsWithTheLastConnection) {
  {
    Page page(agent_.port(), kShop);
    agent_.answer_with({kPin});
    ASSERT_EQ(page.refusal("login", kApplication, "p"), "");
    page.close();
  }
  std::string refusal;
  for (int i = 0; i < 100 && refusal.empty(); ++i) {
    Page page(agent_.port(), "https://other.example");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    page.close();
    Page again(agent_.port(), kShop);
    refusal = again.refusal("keys.generate", Supplier::at("a" + std::to_string(i)), "p");
  }
  EXPECT_EQ(refusal, "agent.not_logged_in");
}

TEST_F(AgentLogin, AnotherPurposeIsConfirmed) {
  Page page(agent_.port(), kShop);
  agent_.answer_with({kPin});
  ASSERT_EQ(page.refusal("login", kApplication, "登录"), "");
  agent_.refuse_confirmations(true);
  EXPECT_EQ(page.refusal("keys.generate", Supplier::at("a"), "付款"), "agent.refused_by_user");
  EXPECT_NE(agent_.shown().find("付款"), std::string::npos);
  EXPECT_EQ(page.refusal("keys.generate", Supplier::at("a"), "登录"), "") << "the purpose that was agreed to";
  agent_.refuse_confirmations(false);
  EXPECT_EQ(page.refusal("keys.generate", Supplier::at("b"), "付款"), "");
  agent_.refuse_confirmations(true);
  EXPECT_EQ(page.refusal("keys.generate", Supplier::at("c"), "付款"), "") << "once is enough";
}

TEST_F(AgentLogin, StopsWithPagesThatSayNothing) {
  Page page(agent_.port(), kShop);
  EXPECT_EQ(page.refusal("login", kApplication, "p"), "agent.refused_by_user");
  EXPECT_EQ(agent_.end(SIGTERM), 0);
}

}  // namespace
}  // namespace hutong::agent::test
