#include <gtest/gtest.h>

#include <chrono>

#include "agent/test_page.h"

namespace hutong::agent::test {
namespace {

const Json& driver(const Json& list, const std::string& name) {
  for (const Json& one : list.at("drivers")) {
    if (one.at("driver") == name) {
      return one;
    }
  }
  throw std::runtime_error("no driver " + name);
}

TEST(AgentDrivers, ThatClashCrashHangAndOverrunLeaveTheGoodOnesServing) {
  const RunningAgent agent(
      {.allowed = {kShop},
       .test_drivers = {"clash_1", "clash_2", "good", "crash", "hang", "overrun", "incomplete"}});
  agent.answer_with({"12345678"});
  Page page(agent.port(), kShop);
  page.call("tokens.list");  // the first look
  const auto began = std::chrono::steady_clock::now();
  const Json list = page.call("tokens.list", {{"refresh", true}});
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_LT(took, std::chrono::seconds(6))
      << "a bound for hanging, not a measure: bench/agent_bench measures";
  EXPECT_EQ(driver(list, "software-token").at("state"), "ready") << list.dump(1);
  EXPECT_EQ(driver(list, "clash-1").at("state"), "ready");
  EXPECT_EQ(driver(list, "clash-2").at("state"), "ready");
  EXPECT_EQ(driver(list, "good").at("state"), "ready");
  EXPECT_EQ(driver(list, "crash").at("state"), "crashed");
  EXPECT_EQ(driver(list, "hang").at("state"), "hung");
  EXPECT_EQ(driver(list, "overrun").at("state"), "faulty");
  EXPECT_EQ(driver(list, "incomplete").at("state"), "refused_symbol");
  const Json application{{"token", "software-token/supplier"}, {"application", "HUTONG"}};
  EXPECT_EQ(page.refusal("login", application, "p"), "") << "the good token works all the same";
}

TEST(AgentDrivers, StateOfThoseThatAreNotInstalledIsTold) {
  const RunningAgent agent({.allowed = {kShop}, .test_drivers = {"nowhere"}});
  Page page(agent.port(), kShop);
  const Json list = page.call("tokens.list");
  EXPECT_EQ(driver(list, "nowhere").at("state"), "not_installed");
  EXPECT_EQ(driver(list, "nowhere").at("installed"), false);
}

}  // namespace
}  // namespace hutong::agent::test
