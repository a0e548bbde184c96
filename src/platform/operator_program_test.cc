#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "audit/audit_log.h"
#include "base/file.h"
#include "crypto/key_file.h"
#include "crypto/pem.h"
#include "net/client.h"
#include "net/json.h"
#include "platform/desk_support.h"
#include "recognition/list_signers.h"
#include "storage/database.h"
#include "tests/support/operator_client.h"
#include "tests/support/program.h"
#include "tests/support/server_program.h"
#include "tests/support/test_database.h"
#include "tests/tools/test_ca.h"

namespace hutong::platform {
namespace {

using hutong::test::Carrier;
using hutong::test::Folder;
using hutong::test::OperatorClient;
using hutong::test::Outcome;
using hutong::test::ServerProgram;
using test::must;

/// The real hutong-platform with operators, in a folder of its own, on either database.
class OperatorProgram : public testing::TestWithParam<storage::DatabaseKind> {
 protected:
  void SetUp() override {
    HUTONG_NEED_DATABASE(home_);
    write_certificate("operators.pem", issuer_.certificate());
    write_certificate("system.cer", system_.certificate);
    write_certificate("security.cer", security_.certificate);
    write_certificate("audit.cer", audit_.certificate);
    write_config("[database]\nurl = \"" + home_.url() + "\"\n[operators]\nauthorities = \"operators.pem\"\n");
  }

  void write_config(const std::string& sections) const {
    folder_.write("platform.toml", as_bytes("[server]\nport = " + std::to_string(port_) + "\n" + sections));
  }
  void write_certificate(const std::string& name, const x509::Certificate& certificate) const {
    folder_.write(name, as_bytes(crypto::write_pem("CERTIFICATE", certificate.der())));
  }
  Outcome init(const std::string& audit_administrator = "audit.cer") const {
    return hutong::test::program(
        HUTONG_PLATFORM,
        {.arguments = {"init", "--config", folder_.file("platform.toml"), "--system-administrator",
                       folder_.file("system.cer"), "--security-administrator", folder_.file("security.cer"),
                       "--audit-administrator", folder_.file(audit_administrator)}});
  }
  void serve() {
    server_ = std::make_unique<ServerProgram>(
        std::vector<std::string>{HUTONG_PLATFORM, "--config", folder_.file("platform.toml")},
        folder_.file("log"), std::vector<std::string>{"server.listening"});
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  net::ClientResponse get(const std::string& target) const {
    return must(net::fetch("127.0.0.1", port_, {.target = target}, std::chrono::seconds(60)));
  }
  net::Json system() const { return must(net::parse_json(get("/api/v1/system").body)); }
  OperatorClient client(const Carrier& carrier) const { return {url(), url(), carrier, clock_}; }

  SystemClock clock_;
  Folder folder_;
  hutong::test::TestDatabase home_{GetParam()};
  hutong::test::CarrierIssuer issuer_;
  const Carrier system_ = issuer_.make("系统员");
  const Carrier security_ = issuer_.make("安全员");
  const Carrier audit_ = issuer_.make("审计员");
  std::uint16_t port_ = hutong::test::free_port();
  std::unique_ptr<ServerProgram> server_;
};
INSTANTIATE_TEST_SUITE_P(Storage, OperatorProgram, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(OperatorProgram, TheThreePowersAreMadeOnceAndLogIn) {
  const Outcome made = init();
  ASSERT_EQ(made.exit, 0) << made.err;
  const Outcome again = init();
  EXPECT_EQ(again.exit, 2);
  EXPECT_NE(again.err.find("operator.bootstrap_done"), std::string::npos) << again.err;
  serve();
  EXPECT_EQ(system()["program"], "hutong-platform");
  EXPECT_EQ(system()["operators"], true);
  const std::vector<std::pair<const Carrier*, std::string>> expected = {
      {&system_, "super_administrator"},
      {&security_, "business_administrator"},
      {&audit_, "audit_administrator"}};
  for (const auto& [carrier, role] : expected) {
    OperatorClient who = client(*carrier);
    EXPECT_EQ(who.try_log_in().status, 201) << role;
    EXPECT_EQ(who.self()["role"], role);
  }
  EXPECT_EQ(client(issuer_.make("路人")).try_log_in().status, 403);
  EXPECT_EQ(server_->end(SIGTERM), 0);
  auto database = must(storage::Database::open(home_.url()));
  auto reader = must(database.read());
  EXPECT_TRUE(must(audit::verify_chain(reader)).whole());
}

TEST_P(OperatorProgram, WithoutTheInitialisationNobodyComesIn) {
  serve();
  EXPECT_EQ(client(system_).try_log_in().status, 403);
}

TEST_P(OperatorProgram, AFailedInitialisationLeavesNobodyBehind) {
  write_certificate("other.cer", hutong::test::issue(hutong::test::Party("别处CA"),
                                                     hutong::test::Party("别处的审计员"), {}));
  const Outcome refused = init("other.cer");
  EXPECT_EQ(refused.exit, 2);
  EXPECT_NE(refused.err.find("operator.certificate_untrusted"), std::string::npos) << refused.err;
  folder_.write("broken.cer", as_bytes("no certificate"));
  EXPECT_EQ(init("broken.cer").exit, 2);
  EXPECT_EQ(init("absent.cer").exit, 2);
  EXPECT_EQ(init().exit, 0) << "it was the first one after all";
}

TEST_P(OperatorProgram, WithoutADatabaseItRecognisesOnly) {
  write_config("");
  const Outcome refused = init();
  EXPECT_EQ(refused.exit, 2);
  EXPECT_NE(refused.err.find("config.database"), std::string::npos) << refused.err;
  serve();
  EXPECT_EQ(system()["operators"], false);
  EXPECT_EQ(get("/api/v1/session").status, 404);
  EXPECT_EQ(get("/api/v1/operators").status, 404);
  EXPECT_EQ(get("/healthz").status, 200);
}

TEST_P(OperatorProgram, ThePresentSignerAnnouncesTheNextOne) {
  const Carrier present = issuer_.make("列表签名者");
  const Carrier next = issuer_.make("下一任列表签名者");
  write_certificate("next.cer", next.certificate);
  folder_.write("password", as_bytes("training-only\n"));
  folder_.write("signer.p12",
                must(crypto::write_pkcs12(dynamic_cast<const crypto::Sm2Signer&>(*present.key).key(),
                                          {to_bytes(present.certificate.der())}, "training-only", "signer")));
  const auto announce = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{
        "announce-signer",        "--config", folder_.file("platform.toml"),   "--next",
        folder_.file("next.cer"), "--output", folder_.file("announcement.p7m")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return hutong::test::program(HUTONG_PLATFORM, {.arguments = std::move(arguments)});
  };
  const Outcome without = announce({});
  EXPECT_EQ(without.exit, 2);
  EXPECT_NE(without.err.find("config.trust_signer"), std::string::npos) << without.err;
  write_config(
      "[trust_signer]\nkey = \"signer.p12\"\npassword_file = \"password\"\n[trust]\nlist = \"list.p7m\"\n");
  const Outcome backwards = announce({"--until", "2001-01-01T00:00:00Z"});
  EXPECT_EQ(backwards.exit, 2);
  EXPECT_NE(backwards.err.find("announcement.time"), std::string::npos) << backwards.err;
  EXPECT_NE(announce({"--from", "tomorrow"}).err.find("announcement.time"), std::string::npos);
  const Outcome done = announce({});
  ASSERT_EQ(done.exit, 0) << done.err;
  const auto written = must(
      recognition::read_announcement(folder_.read("announcement.p7m"), present.certificate, clock_.now()));
  EXPECT_TRUE(equal(written.next.der(), next.certificate.der()));
  EXPECT_EQ(written.until, present.certificate.not_after());
}

TEST_P(OperatorProgram, ADatabaseThatCannotBeOpenedStopsTheStart) {
  write_config(
      "[database]\nurl = \"sqlite:absent/platform.db\"\n[operators]\nauthorities = \"operators.pem\"\n");
  const Outcome refused =
      hutong::test::program(HUTONG_PLATFORM, {.arguments = {"--config", folder_.file("platform.toml")}});
  EXPECT_EQ(refused.exit, 2);
  EXPECT_NE(refused.err.find("server.not_started"), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace hutong::platform
