#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "base/file.h"
#include "demonstration/region.h"
#include "platform/program_support.h"
#include "x509/input.h"

namespace hutong::platform {
namespace {

using test::json_of;

/// What the platform does when its trust list is missing, changed or old: it starts, says so, and calls
/// nothing valid.
class TrustFailure : public testing::Test {
 protected:
  void write(const std::string& name, ByteView content) {
    ASSERT_TRUE(write_file(region_.path() / name, content));
  }
  void start() { program_ = std::make_unique<test::Program>(region_.path() / "platform.toml"); }
  void expect_nothing_valid(const std::string& state, const std::string& code) {
    const auto ready = program_->get("/readyz");
    EXPECT_EQ(ready.status, 503);
    EXPECT_EQ(json_of(ready)["code"], code);
    EXPECT_EQ(program_->get("/healthz").status, 200);
    EXPECT_EQ(json_of(program_->get("/api/v1/trust-list"))["state"], state);
    EXPECT_NE(program_->log().find("nothing will be called valid"), std::string::npos);
    for (const auto& example : json_of(program_->get("/api/v1/examples"))) {
      std::vector<net::FormPart> parts = {part("file", example["name"])};
      if (example.contains("content")) {
        parts.push_back(part("content", example["content"]));
      }
      const auto report = json_of(program_->validate(parts));
      EXPECT_NE(report["indication"], "valid") << example["name"];
    }
  }
  net::FormPart part(const std::string& field, const std::string& name) {
    return {
        .name = field, .file_name = name, .content = std::string(as_text(region_.file("examples/" + name)))};
  }
  /// Waits for the program to see a change of its files.
  bool state_becomes(const std::string& state) {
    for (int i = 0; i < 200; ++i) {
      if (json_of(program_->get("/api/v1/trust-list"))["state"] == state) {
        return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }

  test::RegionFolder region_;
  std::unique_ptr<test::Program> program_;
};

TEST_F(TrustFailure, MissingList) {
  std::filesystem::remove(region_.path() / "trust-list.p7m");
  start();
  expect_nothing_valid("missing", "trust_list.missing");
}

TEST_F(TrustFailure, MissingSigner) {
  std::filesystem::remove(region_.path() / "list-signer.cer");
  start();
  expect_nothing_valid("missing", "trust_list.missing");
}

TEST_F(TrustFailure, NothingConfigured) {
  const auto detail = [this](const std::string& trust) {
    write("platform.toml", as_bytes("[server]\nport = 0\n" + trust));
    start();
    const auto list = json_of(program_->get("/api/v1/trust-list"));
    EXPECT_EQ(list["state"], "missing");
    return list["detail"].get<std::string>();
  };
  EXPECT_EQ(detail(""), "no trust.list_signer is configured");
  EXPECT_EQ(detail("[trust]\nlist_signer = \"list-signer.cer\"\n"), "no trust.list is configured");
}

TEST_F(TrustFailure, TamperedList) {
  Bytes list = region_.file("trust-list.p7m");
  const std::string text(as_text(list));
  list[text.find("granted")] = 'G';
  write("trust-list.p7m", list);
  start();
  expect_nothing_valid("bad_signature", "trust_list.bad_signature");
}

TEST_F(TrustFailure, SomebodyElsesList) {
  const auto other = *demonstration::make_region(SystemClock().now());
  write("trust-list.p7m", *demonstration::make_trust_list(other, {}));
  start();
  expect_nothing_valid("bad_signature", "trust_list.bad_signature");
}

TEST_F(TrustFailure, ExpiredList) {
  const auto old = *demonstration::make_region(SystemClock().now() - std::chrono::hours(24 * 365));
  write("trust-list.p7m", *demonstration::make_trust_list(old, {}));
  write("list-signer.cer", old.list_signer.certificate.der());
  start();
  expect_nothing_valid("expired", "trust_list.expired");
}

TEST_F(TrustFailure, AChangedListCountsAtOnce) {
  const Bytes good = region_.file("trust-list.p7m");
  start();
  EXPECT_EQ(json_of(program_->validate({part("file", "good.cer")}))["indication"], "valid");
  write("trust-list.p7m", as_bytes("nonsense"));
  ASSERT_TRUE(state_becomes("bad_signature"));
  EXPECT_EQ(json_of(program_->validate({part("file", "good.cer")}))["indication"], "indeterminate");
  write("trust-list.p7m", good);
  ASSERT_TRUE(state_becomes("current"));
  EXPECT_EQ(json_of(program_->validate({part("file", "good.cer")}))["indication"], "valid");
}

TEST_F(TrustFailure, AFolderOfNonsenseDoesNotHurt) {
  write("revocation/nonsense.crl", as_bytes("nonsense"));
  write("revocation/empty.crl", {});
  start();
  EXPECT_EQ(program_->get("/readyz").status, 200);
  EXPECT_NE(program_->log().find("revocation.unreadable"), std::string::npos);
  EXPECT_EQ(json_of(program_->validate({part("file", "revoked.cer")}))["indication"], "invalid");
}

}  // namespace
}  // namespace hutong::platform
