#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "audit/audit_log.h"
#include "base/time.h"
#include "crypto/key_file.h"
#include "net/client.h"
#include "net/json.h"
#include "storage/database.h"
#include "tests/support/operator_client.h"
#include "tests/support/program.h"
#include "tests/support/server_program.h"
#include "tests/support/test_database.h"

namespace hutong::ca::test {

inline constexpr std::string_view kPassword = "仅供测试";

template <typename T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().reason) + " " + result.error().detail);
  }
  return std::move(result).value();
}

/// The real hutong-ca in a folder of its own, on either database, under a root that the ceremony makes.
class CaHome : public testing::TestWithParam<storage::DatabaseKind> {
 protected:
  void SetUp() override {
    HUTONG_NEED_DATABASE(home_);
    folder_.write("password", as_bytes(std::string(kPassword) + "\n"));
    write_config("ca.toml", home_.url(), "keys");
    const auto made = run({"init", "--config", file("ca.toml"), "--organization", "演示认证中心", "--name",
                           "演示CA甲", "--root-name", "演示根甲", "--root-folder", file("root"),
                           "--demonstration", file("password"), "--output", file("")});
    ASSERT_EQ(made.exit, 0) << made.out << made.err;
  }

  /// `port`: of another node; 0 for ours.
  void write_config(const std::string& name, const std::string& database, const std::string& keys,
                    std::uint16_t port = 0) {
    const std::string text =
        "[ca]\nvendor = \"演示CA甲\"\n[server]\nport = " + std::to_string(port == 0 ? port_ : port) +
        "\n[storage]\ndatabase = \"" + database + "\"\n[keys]\nfolder = \"" + keys +
        "\"\npassword_file = \"password\"\n[publishing]\nurl = \"" + url() +
        "\"\njobs_seconds = 1\nfolder = \"published\"\n[timestamps]\nordering = true\n" + more_;
    folder_.write(name, as_bytes(text));
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::string file(const std::string& name) const { return folder_.file(name); }
  static hutong::test::Outcome run(std::vector<std::string> arguments) {
    return hutong::test::program(HUTONG_CA, {.arguments = std::move(arguments)});
  }
  hutong::test::Outcome command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin() + 1, {"--config", file("ca.toml")});
    return run(std::move(arguments));
  }
  static hutong::test::Outcome openssl(std::vector<std::string> arguments) {
    return hutong::test::program("openssl", {.arguments = std::move(arguments)});
  }

  /// Starts it and waits until everything is published, also as files.
  void start(const std::string& config = "ca.toml") {
    server_.emplace(std::vector<std::string>{HUTONG_CA, "--config", file(config)}, file("log"),
                    std::vector<std::string>{"server.listening"});
    const std::string last = "published/ca/" + authority() + ".cer";
    for (int i = 0; i < 600 && !(get("/readyz").status == 200 && folder_.has(last)); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ASSERT_TRUE(folder_.has(last)) << server_->log();
  }

  net::ClientResponse send(const net::ClientRequest& request) const {
    return must(net::fetch("127.0.0.1", port_, request, std::chrono::seconds(120)));
  }
  net::ClientResponse get(const std::string& target) const { return send({.target = target}); }
  net::Json system() { return must(net::parse_json(get("/api/v1/system").body)); }
  std::string authority() { return system()["authority"]["id"]; }
  std::string fetch_to(const std::string& target, const std::string& name) {
    const auto response = get(target);
    EXPECT_EQ(response.status, 200) << target;
    return folder_.write(name, as_bytes(response.body));
  }
  hutong::test::Carrier carrier(const std::string& name) const {
    auto content = must(crypto::read_pkcs12(folder_.read(name + ".p12"), kPassword));
    return {std::make_shared<crypto::Sm2Signer>(std::move(*content.key)),
            must(x509::Certificate::parse(content.certificates.front()))};
  }
  storage::Database database() { return must(storage::Database::open(home_.url())); }

  hutong::test::TestDatabase home_{GetParam()};
  hutong::test::Folder folder_;
  std::string more_;  ///< sections of the configuration besides
  std::uint16_t port_ = hutong::test::free_port();
  std::optional<hutong::test::ServerProgram> server_;
};

}  // namespace hutong::ca::test
