#include "kmc/test_program.h"

#include <chrono>
#include <stdexcept>

#include "base/file.h"
#include "crypto/key_file.h"
#include "crypto/pem.h"
#include "tests/support/program.h"

namespace hutong::kmc::test {
namespace {

net::TlsIdentity tls_identity(std::string_view name) {
  const Time now = SystemClock().now();
  return must(net::make_self_signed({.name = std::string(name),
                                     .hosts = {"127.0.0.1"},
                                     .not_before = now - std::chrono::hours(1),
                                     .not_after = now + std::chrono::hours(24)}));
}

void write(const std::filesystem::path& file, ByteView content) { must(write_file(file, content)); }

}  // namespace

Program::Program(const std::filesystem::path& config)
    : server_({HUTONG_KMC, "--config", config.string()}, config.string() + ".log",
              {"management.listening", "service.listening"}) {}

NetworkCa::NetworkCa(std::string_view name) : ca_(name), tls_(tls_identity("tls of a CA")) {}

Bytes NetworkCa::tls_der() const { return must(crypto::read_pem(as_text(tls_.certificates))).front().der; }

net::Client NetworkCa::connect(std::uint16_t port, ByteView server) const {
  return must(net::Client::create("https://127.0.0.1:" + std::to_string(port),
                                  {.tls = must(net::ClientTls::create(server, &tls_))}));
}

ProgramFolder::ProgramFolder(std::filesystem::path folder, const std::string& database, std::int64_t minimum,
                             std::int64_t target)
    : folder_(std::move(folder)), tls_(tls_identity("centre")) {
  write(folder_ / "server.pem", tls_.certificates);
  write(folder_ / "server.key", tls_.key.expose());
  Bytes clients = first_.tls().certificates;
  append(clients, second_.tls().certificates);
  write(folder_ / "clients.pem", clients);
  write(folder_ / "keys.password", as_bytes("a password for keys\n"));
  write(folder_ / "demo.password", as_bytes(std::string(kDemonstrationPassword) + "\n"));
  std::vector<std::string> arguments{"init",
                                     "--config",
                                     config().string(),
                                     "--output",
                                     folder_.string(),
                                     "--demonstration",
                                     (folder_ / "demo.password").string(),
                                     "--minimum",
                                     std::to_string(minimum),
                                     "--target",
                                     std::to_string(target)};
  int number = 0;
  for (const NetworkCa* ca : {&first_, &second_}) {
    const std::string base = (folder_ / ("ca-" + std::to_string(++number))).string();
    write(base + ".cer", ca->ca().certificate().der());
    write(base + "-tls.pem", ca->tls().certificates);
    arguments.insert(arguments.end(), {"--authority", "演示CA" + std::to_string(number) + "," + base +
                                                          ".cer," + base + "-tls.pem"});
  }
  write(
      config(),
      as_bytes("[server]\nport = 0\ntls = false\n[service]\nport = 0\nclient_authorities = \"clients.pem\"\n"
               "[tls]\ncertificate = \"server.pem\"\nkey = \"server.key\"\n[operators]\naudience = \"" +
               std::string(kAudience) + "\"\n[stores]\nrefill_seconds = 1\n[database]\nurl = \"" +
               (database.empty() ? "sqlite:kmc.db" : database) + "\"\n"));
  const auto done = hutong::test::program(HUTONG_KMC, {.arguments = arguments});
  if (done.exit != 0) {
    throw std::runtime_error("init: " + done.err);
  }
  centre_ = must(x509::Certificate::parse(must(read_file(folder_ / "centre.cer", 1 << 20))));
}

Identity ProgramFolder::person(std::string_view file) const {
  const Bytes pkcs12 = must(read_file(folder_ / (std::string(file) + ".p12"), 1 << 20));
  auto content = must(crypto::read_pkcs12(pkcs12, kDemonstrationPassword));
  return {.key = std::move(*content.key),
          .certificate = must(x509::Certificate::parse(content.certificates.front()))};
}

hutong::test::Carrier ProgramFolder::carrier(std::string_view file) const {
  Identity identity = person(file);
  return {.key = std::make_shared<const crypto::Sm2Signer>(std::move(identity.key)),
          .certificate = identity.certificate};
}

net::ClientResponse post_message(const net::Client& client, ByteView message) {
  return must(client.send({.method = net::Method::kPost,
                           .target = "/key-service",
                           .headers = {{"Content-Type", "application/octet-stream"}},
                           .body = std::string(as_text(message))}));
}

cms::KeyServiceResponse ask(const net::Client& client, const NetworkCa& ca, const x509::Certificate& centre,
                            std::vector<cms::KeyRequest> requests) {
  const auto answer = post_message(client, ca.ca().message(std::move(requests), SystemClock().now()));
  if (answer.status != 200) {
    throw std::runtime_error(answer.body);
  }
  return must(cms::read_key_service_response(as_bytes(answer.body), centre));
}

cms::ApplyKeyRequest apply_now(std::uint32_t number, const Subscriber& subscriber) {
  const Time now = SystemClock().now();
  return {.certificate = serial(number),
          .user_spki = subscriber.spki(),
          .not_before = now,
          .not_after = now + std::chrono::days(365)};
}

}  // namespace hutong::kmc::test
