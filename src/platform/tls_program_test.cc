#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "base/file.h"
#include "platform/program_support.h"

namespace hutong::platform {
namespace {

using std::chrono::hours;

net::TlsIdentity identity(const std::string& name) {
  const Time now = SystemClock().now();
  auto made = net::make_self_signed(
      {.name = name, .hosts = {"localhost"}, .not_before = now - hours(1), .not_after = now + hours(1)});
  return made ? std::move(*made) : throw std::runtime_error(made.error().detail);
}

/// The real program with a [tls] section and nothing else.
class TlsProgram : public testing::Test {
 protected:
  TlsProgram()
      : folder_(std::filesystem::path(testing::TempDir()) /
                ("hutong-tls-program-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
    write("server.pem", server_.certificates);
    write("server.key", server_.key.expose());
    write("clients.pem", client_.certificates);
  }
  ~TlsProgram() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, ByteView content) { ASSERT_TRUE(write_file(folder_ / name, content)); }
  std::filesystem::path config(const std::string& more) {
    write("platform.toml", as_bytes("[server]\nport = 0\n[tls]\ncertificate = \"server.pem\"\n" + more));
    return folder_ / "platform.toml";
  }
  /// The status of /healthz, or the reason why there is none.
  std::string health(const test::Program& program, const net::TlsIdentity* shown = nullptr) const {
    auto tls = net::ClientTls::create(server_.certificates, shown);
    const auto answer =
        net::fetch("https://localhost:" + std::to_string(program.port()) + "/healthz", {}, {.tls = *tls});
    return answer ? std::to_string(answer->status) : std::string(answer.error().reason);
  }

  net::TlsIdentity server_ = identity("server");
  net::TlsIdentity client_ = identity("client");
  std::filesystem::path folder_;
};

TEST_F(TlsProgram, ServesHttps) {
  test::Program program(config("key = \"server.key\"\n"));
  EXPECT_NE(program.log().find("\"url\":\"https://"), std::string::npos) << program.log();
  EXPECT_EQ(health(program), "200");
  EXPECT_THROW(program.get("/healthz"), std::runtime_error) << "plain HTTP is not served beside";
}

TEST_F(TlsProgram, MayAskForClientCertificates) {
  test::Program program(config("key = \"server.key\"\nclient_authorities = \"clients.pem\"\n"));
  EXPECT_EQ(health(program, &client_), "200");
  EXPECT_EQ(health(program), "client.tls");
  EXPECT_EQ(health(program, &server_), "client.tls");
}

TEST_F(TlsProgram, DoesNotStartHalfConfigured) {
  EXPECT_THROW(test::Program{config("")}, std::runtime_error);
  EXPECT_THROW(test::Program{config("key = \"clients.pem\"\n")}, std::runtime_error);
  EXPECT_THROW(test::Program{config("key = \"nowhere.key\"\n")}, std::runtime_error);
}

}  // namespace
}  // namespace hutong::platform
