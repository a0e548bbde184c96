#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <utility>
#include <vector>

#include "base/file.h"
#include "platform/login/login_support.h"

namespace hutong::platform::login {
namespace {

using test::Json;
using test::must;

/// Refreshes while revocation data or the trust list are late: nothing is known against the certificate.
class LateRefresh : public test::LoginTest {
 protected:
  Json logged_in(const test::Client& system) {
    const auto tokens = redeem(system, code_for(system, issue(vendor_a_, "supplier")));
    EXPECT_EQ(tokens.status, 200) << tokens.response.body;
    return tokens.json;
  }
  void expect_postponed(const test::Client& system, const Json& tokens, const std::string& why) {
    const auto refused = refresh(system, tokens);
    EXPECT_EQ(refused.status, 503) << why << refused.response.body;
    EXPECT_EQ(refused.code, "temporarily_unavailable") << why;
    EXPECT_EQ(refused.response.headers.find("Retry-After"), "60") << why;
    EXPECT_EQ(userinfo(tokens.at("access_token")).status, 200) << why << ": the login goes on";
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, LateRefresh, hutong::test::every_database(), hutong::test::database_name);

TEST_P(LateRefresh, IsRefusedAndMayBeTriedAgain) {
  const auto system = registered();
  const Json tokens = logged_in(system);
  const auto list = trust_files_.revocation_folder / "a.crl";
  const std::vector<std::pair<std::string, std::function<void()>>> table{
      {"no revocation data", [&] { std::filesystem::remove(list); }},
      {"a stale revocation list",
       [&] {
         must(write_file(list, hutong::test::list(vendor_a_.ca, {}, clock_.now() - std::chrono::hours(48),
                                                  clock_.now() - std::chrono::hours(24))
                                   .der()));
       }},
      {"no trust list", [&] { std::filesystem::remove(trust_files_.list); }},
      {"a broken trust list",
       [&] { must(write_file(trust_files_.list, as_bytes(std::string_view("no list")))); }},
  };
  Json good = tokens;
  for (const auto& [what, happen] : table) {
    happen();
    keeper_->refresh();
    expect_postponed(system, good, what);
    expect_postponed(system, good, what + ", again");
    publish();
    const auto again = refresh(system, good);
    ASSERT_EQ(again.status, 200) << what << ": the same token was not used up" << again.response.body;
    good = again.json;
  }
  EXPECT_EQ(records("login.lapsed").size(), 0U);
  EXPECT_EQ(records("login.refresh_token_reused").size(), 0U);
}

TEST_P(LateRefresh, AnExpiredTrustListPostponesToo) {
  const auto system = registered();
  clock_.move(std::chrono::hours(24 * 30 - 1));
  const auto write_revocation = [this] {
    must(write_file(trust_files_.revocation_folder / "a.crl",
                    hutong::test::list(vendor_a_.ca, {}, clock_.now() - std::chrono::hours(1),
                                       clock_.now() + std::chrono::hours(24))
                        .der()));
    keeper_->refresh();
  };
  write_revocation();
  const Json tokens = logged_in(system);
  clock_.move(std::chrono::hours(2));
  write_revocation();
  const auto refused = refresh(system, tokens);
  EXPECT_EQ(refused.status, 503) << refused.response.body;
  EXPECT_NE(refused.json["error_description"].get<std::string>().find("trust list"), std::string::npos)
      << refused.response.body;
  publish();
  EXPECT_EQ(refresh(system, tokens).status, 200);
}

TEST_P(LateRefresh, WhatIsKnownAgainstACertificateEndsTheLoginAllTheSame) {
  const auto system = registered();
  const test::Key key =
      issue(vendor_a_, "expired meanwhile", {.until = clock_.now() + std::chrono::hours(1)});
  const auto tokens = redeem(system, code_for(system, key)).json;
  std::filesystem::remove(trust_files_.revocation_folder / "a.crl");
  keeper_->refresh();
  clock_.move(std::chrono::minutes(61));
  EXPECT_EQ(refresh(system, tokens).code, "invalid_grant");
  publish();
  EXPECT_EQ(refresh(system, tokens).code, "invalid_grant") << "it stays ended";
  const auto told = records("login.lapsed");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told.front().event.detail.find("path.expired"), std::string::npos);
}

}  // namespace
}  // namespace hutong::platform::login
