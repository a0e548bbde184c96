#include <gtest/gtest.h>

#include <filesystem>

#include "base/encoding.h"
#include "platform/login/login_support.h"
#include "tests/support/program.h"
#include "tests/support/server_program.h"
#include "tests/support/support.h"

namespace hutong::platform::login {
namespace {

/// openid-client (npm) as a business system: discovery, login, ID token, userinfo, device, refresh, logout.
class StockClient : public test::LoginTest {
 protected:
  StockClient() {
    clock_.move(SystemClock().now() - clock_.now());  // the client has a clock of its own
    server_options_.port = hutong::test::free_port();
    login_settings_.device_interval = std::chrono::seconds(1);
    login_settings_.issuer = "http://127.0.0.1:" + std::to_string(server_options_.port);
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, StockClient, testing::Values(storage::DatabaseKind::kSqlite),
                         hutong::test::database_name);

TEST_P(StockClient, DiscoversLogsInRefreshesAndLogsOut) {
  const auto script = hutong::test::data_path("../openid/stock_client.mjs");
  if (!std::filesystem::exists(script.parent_path() / "node_modules" / "openid-client")) {
    GTEST_SKIP() << "skipped: openid-client is not installed";
  }
  const auto system = registered();
  enter_company({"supplier"});
  const test::Key key = issue(vendor_a_, "supplier");
  net::Router agent;
  agent.add(
      {.method = net::Method::kPost,
       .pattern = "/sign",
       .body_limit = 10'000,
       .handler = [&](const net::Request& request) -> Result<net::Response> {
         HUTONG_TRY(const auto challenge, net::parse_json(as_text(request.body)));
         return net::json_response({{"message", to_base64(sign(challenge, key, login_settings_.issuer))}});
       }});
  const hutong::test::RunningServer signer(agent);
  const auto outcome =
      hutong::test::program("node", {.arguments = {script.string()},
                                     .environment = {{"ISSUER", login_settings_.issuer},
                                                     {"CLIENT_ID", system.id},
                                                     {"CLIENT_SECRET", system.secret},
                                                     {"REDIRECT", kRedirect},
                                                     {"AFTER_LOGOUT", "https://mall.example/bye"},
                                                     {"SIGNER", signer.url() + "/sign"}}});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  for (const auto* shown : {"discovery", "login", "userinfo", "device", "a key of another algorithm",
                            "refresh", "refusals", "logout", "client credentials"}) {
    EXPECT_NE(outcome.out.find("shown " + std::string(shown)), std::string::npos) << shown << '\n'
                                                                                  << outcome.out;
  }
}

}  // namespace
}  // namespace hutong::platform::login
