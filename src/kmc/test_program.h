#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "kmc/test_support.h"
#include "net/client.h"
#include "net/tls.h"
#include "tests/support/server_program.h"

namespace hutong::kmc::test {

/// The real hutong-kmc in a process of its own, on free ports.
class Program {
 public:
  explicit Program(const std::filesystem::path& config);
  std::uint16_t management() const { return server_.port("management.listening"); }
  std::uint16_t service() const { return server_.port("service.listening"); }
  bool alive() const { return server_.alive(); }
  std::string log() const { return server_.log(); }
  /// Ends it by this signal; the exit status.
  int end(int signal) { return server_.end(signal); }

 private:
  hutong::test::ServerProgram server_;
};

/// A CA with a TLS identity of its own, as a client over HTTPS.
class NetworkCa {
 public:
  explicit NetworkCa(std::string_view name);
  const TestCa& ca() const { return ca_; }
  const net::TlsIdentity& tls() const { return tls_; }
  Bytes tls_der() const;
  /// The connection's other end; `server`: PEM of the centre's TLS certificate.
  net::Client connect(std::uint16_t port, ByteView server) const;

 private:
  TestCa ca_;
  net::TlsIdentity tls_;
};

/// What is initialised once for the real program: a folder with configuration, TLS files, two CAs,
/// everybody's PKCS#12 file.
class ProgramFolder {
 public:
  /// `database`: a URL; empty for SQLite in the folder.
  ProgramFolder(std::filesystem::path folder, const std::string& database, std::int64_t minimum,
                std::int64_t target);
  std::filesystem::path config() const { return folder_ / "kmc.toml"; }
  const NetworkCa& first() const { return first_; }
  const NetworkCa& second() const { return second_; }
  ByteView server() const { return tls_.certificates; }
  /// "super-administrator", "custodian-1" …
  Identity person(std::string_view file) const;
  hutong::test::Carrier carrier(std::string_view file) const;
  const x509::Certificate& centre() const { return *centre_; }
  const std::filesystem::path& path() const { return folder_; }

 private:
  std::filesystem::path folder_;
  net::TlsIdentity tls_;
  NetworkCa first_{"演示CA甲"};
  NetworkCa second_{"演示CA乙"};
  std::optional<x509::Certificate> centre_;
};

inline constexpr std::string_view kAudience = "https://kmc.test";
inline constexpr std::string_view kDemonstrationPassword = "hutong-demo";

/// The message over the wire and what comes back.
net::ClientResponse post_message(const net::Client& client, ByteView message);
cms::KeyServiceResponse ask(const net::Client& client, const NetworkCa& ca, const x509::Certificate& centre,
                            std::vector<cms::KeyRequest> requests);
/// A request for a certificate that is valid now, by the system's clock.
cms::ApplyKeyRequest apply_now(std::uint32_t number, const Subscriber& subscriber);

}  // namespace hutong::kmc::test
