#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/time.h"
#include "net/tls.h"
#include "storage/database.h"
#include "tests/support/program.h"
#include "tests/support/server_program.h"
#include "tests/support/test_database.h"

namespace hutong::ca::test {

/// The real hutong-kmc beside a CA's home, in a folder `kmc` below it, on a database of its own of the same
/// kind. Both sides know each other by self-signed TLS certificates.
class KeyCentreHome {
 public:
  KeyCentreHome(const hutong::test::Folder& folder, storage::DatabaseKind kind)
      : folder_(folder), database_(kind) {
    std::filesystem::create_directory(file(""));
    write_identity("kmc/server");
    write_identity("kmc/client");
  }
  /// The CA's part of the configuration.
  std::string section() const {
    return "[key_centre]\nurl = \"https://127.0.0.1:" + std::to_string(port_) +
           "\"\ntls_authority = \"kmc/server.pem\"\ntls_certificate = \"kmc/client.pem\"\n"
           "tls_key = \"kmc/client.key\"\ncertificate = \"kmc/centre.cer\"\n";
  }
  /// The ceremony of the centre; `authority` is the CA's certificate, `password` a file.
  void initialise(const std::string& authority, const std::string& password) const {
    folder_.write("kmc/keys.password", as_bytes("a password for keys\n"));
    folder_.write("kmc/kmc.toml",
                  as_bytes("[server]\nport = 0\ntls = false\n[service]\nport = " + std::to_string(port_) +
                           "\nclient_authorities = \"client.pem\"\n[tls]\ncertificate = "
                           "\"server.pem\"\nkey = \"server.key\"\n[stores]\nrefill_seconds = "
                           "1\n[database]\nurl = \"" +
                           database_.url() + "\"\n"));
    const auto made = hutong::test::program(
        HUTONG_KMC, {.arguments = {"init", "--config", file("kmc.toml"), "--output", file(""),
                                   "--demonstration", password, "--minimum", "50", "--target", "100",
                                   "--authority", "演示CA甲," + authority + "," + file("client.pem")}});
    if (made.exit != 0) {
      throw std::runtime_error("hutong-kmc init: " + made.out + made.err);
    }
  }
  void start() {
    server_.emplace(std::vector<std::string>{HUTONG_KMC, "--config", file("kmc.toml")}, file("log"),
                    std::vector<std::string>{"management.listening", "service.listening"});
  }
  void end(int signal) { server_->end(signal); }
  bool runs() const { return server_ && server_->alive(); }
  const std::string& url() const { return database_.url(); }

 private:
  std::string file(const std::string& name) const { return folder_.file("kmc/" + name); }
  void write_identity(const std::string& name) const {
    const Time now = SystemClock().now();
    const auto made = net::make_self_signed({.name = name,
                                             .hosts = {"127.0.0.1"},
                                             .not_before = now - std::chrono::hours(1),
                                             .not_after = now + std::chrono::hours(24)});
    if (!made) {
      throw std::runtime_error(made.error().detail);
    }
    folder_.write(name + ".pem", made->certificates);
    folder_.write(name + ".key", made->key.expose());
  }

  const hutong::test::Folder& folder_;
  hutong::test::TestDatabase database_;
  std::uint16_t port_ = hutong::test::free_port();
  std::optional<hutong::test::ServerProgram> server_;
};

}  // namespace hutong::ca::test
