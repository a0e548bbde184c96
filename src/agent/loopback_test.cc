#include <gtest/gtest.h>

#include "agent/browsers.h"
#include "agent/loopback_identity.h"
#include "agent/test_page.h"
#include "net/client.h"
#include "x509/input.h"

namespace hutong::agent::test {
namespace {

Time now() { return SystemClock().now(); }

TEST(LoopbackIdentity, IsKeptUntilItIsAboutToExpire) {
  const hutong::test::Folder folder;
  const auto path = std::filesystem::path(folder.file("."));
  const auto first = keep_loopback_identity(path, now());
  ASSERT_TRUE(first) << first.error().detail;
  const auto again = keep_loopback_identity(path, now() + std::chrono::days(600));
  ASSERT_TRUE(again);
  EXPECT_EQ(first->tls.certificates, again->tls.certificates);
  const auto renewed = keep_loopback_identity(path, now() + std::chrono::days(710));
  ASSERT_TRUE(renewed);
  EXPECT_NE(first->tls.certificates, renewed->tls.certificates);
  folder.write("loopback.key", as_bytes("broken"));
  const auto repaired = keep_loopback_identity(path, now());
  ASSERT_TRUE(repaired);
  const auto permissions = std::filesystem::status(path / "loopback.key").permissions();
  EXPECT_EQ(permissions & std::filesystem::perms::all,
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(LoopbackIdentity, ItsAuthorityIsConfinedToThisMachine) {
  const hutong::test::Folder folder;
  const auto identity = keep_loopback_identity(folder.file("."), now());
  ASSERT_TRUE(identity) << identity.error().detail;
  const auto authority = x509::read_certificate(folder.read("loopback-authority.crt"));
  ASSERT_TRUE(authority);
  ASSERT_TRUE(authority->extensions().name_constraints);
  EXPECT_EQ(authority->extensions().name_constraints->permitted.size(), 2U);
  EXPECT_TRUE(authority->is_ca());
  EXPECT_TRUE(authority->is_self_signed());
}

TEST(LoopbackIdentity, LetsWhoeverBelievesTheAuthorityReachTheAgent) {
  const RunningAgent agent(RunningAgent::Options{});
  const auto authority = read_file(agent.file("state/loopback-authority.crt"), 65'536);
  ASSERT_TRUE(authority);
  auto tls = net::ClientTls::create(*authority);
  ASSERT_TRUE(tls) << tls.error().detail;
  for (const char* host : {"127.0.0.1", "localhost"}) {
    const auto client = net::Client::create(
        "https://" + std::string(host) + ":" + std::to_string(agent.port()), {.tls = *tls});
    ASSERT_TRUE(client);
    const auto answer =
        client->send({.target = "/agent/v1/status", .headers = {{"Origin", "https://shop.example"}}});
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_EQ(answer->status, 200) << answer->body;
  }
}

TEST(BrowserStores, BelieveTheAuthorityForServersOnly) {
  const hutong::test::Folder home;
  ASSERT_TRUE(keep_loopback_identity(home.file("."), now()));
  std::filesystem::create_directories(home.file(".mozilla/firefox/x.default"));
  const auto stores = browser_stores(home.file("."));
  ASSERT_EQ(stores.size(), 1U) << "a profile without certificates is none";
  for (int i = 0; i < 2; ++i) {  // the second replaces the first
    const auto done = trust_in_store(stores[0], home.file("loopback-authority.crt"));
    ASSERT_TRUE(done) << done.error().detail;
  }
  const auto listed =
      hutong::test::program("certutil", {.arguments = {"-L", "-d", "sql:" + stores[0].string()}});
  EXPECT_NE(listed.out.find("hutong-agent"), std::string::npos) << listed.out;
  EXPECT_NE(listed.out.find("C,,"), std::string::npos) << listed.out;
  ASSERT_TRUE(forget_in_store(stores[0]));
  const auto after =
      hutong::test::program("certutil", {.arguments = {"-L", "-d", "sql:" + stores[0].string()}});
  EXPECT_EQ(after.out.find("hutong-agent"), std::string::npos) << after.out;
}

}  // namespace
}  // namespace hutong::agent::test
