#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "base/file.h"
#include "cms/enveloped_key.h"
#include "kmc/test_program.h"
#include "tests/support/program.h"

namespace hutong::kmc::test {
namespace {

namespace fs = std::filesystem;
using hutong::test::Outcome;

class MaintenanceTest : public testing::Test {
 protected:
  MaintenanceTest() : home_(storage::DatabaseKind::kSqlite), folder_(home_.folder(), "", 5, 10) {}
  static Outcome run(std::vector<std::string> arguments) {
    return hutong::test::program(HUTONG_KMC, {.arguments = std::move(arguments)});
  }
  Outcome run_here(std::string command, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{std::move(command), "--config", folder_.config().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  fs::path file(const std::string& name) const { return folder_.path() / name; }

  hutong::test::TestDatabase home_;
  ProgramFolder folder_;
};

TEST_F(MaintenanceTest, ABackupMadeWhileServingBringsEverythingBack) {
  const Subscriber subscriber;
  Bytes delivered;
  {
    const Program program(folder_.config());
    const net::Client ca = folder_.first().connect(program.service(), folder_.server());
    const auto answer = ask(ca, folder_.first(), folder_.centre(), {apply_now(1, subscriber)});
    delivered = std::get<cms::ReturnedKey>(answer.responses.at(0)).spki;
    const Outcome made = run_here("backup", {file("backup").string()});
    ASSERT_EQ(made.exit, 0) << made.err;
    EXPECT_NE(made.out.find("kmc.db"), std::string::npos);
    EXPECT_EQ(run_here("backup", {file("backup").string()}).exit, 2) << "never over another";
  }
  EXPECT_EQ(run_here("restore", {file("backup").string()}).exit, 2) << "never over what is there";
  fs::remove_all(file("keys"));
  for (const std::string name : {"kmc.db", "kmc.db-wal", "kmc.db-shm"}) {
    fs::remove(file(name));
  }
  const Outcome restored = run_here("restore", {file("backup").string()});
  ASSERT_EQ(restored.exit, 0) << restored.err;
  const Program program(folder_.config());
  const net::Client ca = folder_.first().connect(program.service(), folder_.server());
  const auto answer = ask(ca, folder_.first(), folder_.centre(), {apply_now(1, subscriber)});
  EXPECT_EQ(std::get<cms::ReturnedKey>(answer.responses.at(0)).spki, delivered);
}

TEST_F(MaintenanceTest, AnAlteredBackupIsNotRestored) {
  ASSERT_EQ(run_here("backup", {file("backup").string()}).exit, 0);
  fs::remove_all(file("keys"));
  fs::rename(file("kmc.db"), file("old.db"));
  const fs::path key = file("backup/keys/store.key");
  Bytes content = must(read_file(key, 1 << 20));
  content.back() ^= 1;
  must(write_file(key, content));
  const Outcome refused = run_here("restore", {file("backup").string()});
  EXPECT_EQ(refused.exit, 2);
  EXPECT_NE(refused.err.find("backup.altered"), std::string::npos) << refused.err;
  EXPECT_FALSE(fs::exists(file("kmc.db")));
  must(write_file(file("backup/manifest.json"),
                  as_bytes("{\"files\":[{\"name\":\"../../etc/x\",\"sm3\":\"\"}],"
                           "\"audit_head\":{\"sequence\":1,\"hash\":\"00\"}}")));
  EXPECT_NE(run_here("restore", {file("backup").string()}).err.find("backup.manifest"), std::string::npos);
}

TEST_F(MaintenanceTest, TheDoctorSaysWhatIsWrong) {
  const Outcome healthy = run_here("doctor");
  EXPECT_EQ(healthy.exit, 0) << healthy.out << healthy.err;
  EXPECT_NE(healthy.out.find("audit_chain"), std::string::npos);
  EXPECT_NE(healthy.out.find("custodians: 2 of 3"), std::string::npos) << healthy.out;
  must(write_file(file("keys.password"), as_bytes("another password\n"), FileMode::kPrivate));
  const Outcome sick = run_here("doctor");
  EXPECT_EQ(sick.exit, 1);
  EXPECT_NE(sick.out.find("key_file.password"), std::string::npos) << sick.out;
}

TEST_F(MaintenanceTest, TheAuthorityKeyComesBackWithTwoCustodians) {
  fs::remove(file("keys/authority.key"));
  const auto custodian = [this](const std::string& number) {
    return file("custodian-" + number + ".share").string() + "," +
           file("custodian-" + number + ".p12").string() + "," + file("demo.password").string();
  };
  const std::string backup = file("authority-key.backup").string();
  const Outcome one = run_here("recover-authority-key", {"--backup", backup, "--custodian", custodian("1")});
  EXPECT_EQ(one.exit, 2);
  EXPECT_NE(one.err.find("enveloped_key.open"), std::string::npos) << one.err;
  const Outcome two = run_here("recover-authority-key", {"--backup", backup, "--custodian", custodian("1"),
                                                         "--custodian", custodian("3")});
  ASSERT_EQ(two.exit, 0) << two.err;
  EXPECT_EQ(run_here("doctor").exit, 0);
  const Program program(folder_.config());
  const net::Client ca = folder_.first().connect(program.service(), folder_.server());
  EXPECT_EQ(ask(ca, folder_.first(), folder_.centre(), {apply_now(1, Subscriber())}).responses.size(), 1U)
      << "answers are signed by the key that everybody knows";
}

TEST_F(MaintenanceTest, InitialisationIsDoneOnceAndWithEverybodysCertificate) {
  const Bytes share = must(read_file(file("custodian-1.share"), 1 << 20));
  const Outcome again = run({"init", "--config", folder_.config().string(), "--output",
                             folder_.path().string(), "--demonstration", file("demo.password").string()});
  EXPECT_EQ(again.exit, 2);
  EXPECT_NE(again.err.find("kmc.initialised"), std::string::npos) << again.err;
  EXPECT_EQ(must(read_file(file("custodian-1.share"), 1 << 20)), share) << "no file was touched";
  const hutong::test::Folder other;
  other.write("keys.password", as_bytes("p\n"));
  const std::string config = other.write("kmc.toml", {});
  const Outcome bare = run({"init", "--config", config, "--output", other.file("out")});
  EXPECT_EQ(bare.exit, 2);
  const Outcome request =
      run({"init", "--config", config, "--request", other.file("request.pem"), "--name", "CN=K,C=CN"});
  EXPECT_EQ(request.exit, 0) << request.err;
  EXPECT_TRUE(other.has("request.pem"));
  const Outcome wrong = run(
      {"init", "--config", config, "--certificate", file("centre.cer").string(), "--output", other.file("")});
  EXPECT_NE(wrong.err.find("ceremony.certificate"), std::string::npos) << wrong.err;
}

TEST_F(MaintenanceTest, WhatIsTypedWrongIsSaidAndExitsWith2) {
  EXPECT_EQ(run({}).exit, 2);
  EXPECT_EQ(run({"--config", "/no/such/file"}).exit, 2);
  EXPECT_EQ(run({"doctor"}).exit, 2);
  EXPECT_EQ(run({"dance"}).exit, 2);
  EXPECT_EQ(run({"--help"}).exit, 0);
  must(write_file(folder_.config(), as_bytes("[servre]\nport = 1\n")));
  EXPECT_EQ(run_here("doctor").exit, 2);
}

}  // namespace
}  // namespace hutong::kmc::test
