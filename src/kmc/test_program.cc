#include "kmc/test_program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "base/file.h"
#include "crypto/key_file.h"
#include "crypto/pem.h"
#include "tests/support/program.h"

extern char** environ;

namespace hutong::kmc::test {
namespace {

constexpr std::chrono::seconds kPatience{60};

std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

net::TlsIdentity tls_identity(std::string_view name) {
  const Time now = SystemClock().now();
  return must(net::make_self_signed({.name = std::string(name),
                                     .hosts = {"127.0.0.1"},
                                     .not_before = now - std::chrono::hours(1),
                                     .not_after = now + std::chrono::hours(24)}));
}

void write(const std::filesystem::path& file, ByteView content) { must(write_file(file, content)); }

}  // namespace

Program::Program(const std::filesystem::path& config) : log_file_(config.string() + ".log") {
  std::filesystem::remove(log_file_);
  const std::string program = HUTONG_KMC;
  const std::string option = "--config";
  const std::string file = config.string();
  std::vector<char*> arguments{const_cast<char*>(program.c_str()), const_cast<char*>(option.c_str()),
                               const_cast<char*>(file.c_str()), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log_file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                   0600);
  const int trouble = posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (trouble != 0) {
    throw std::runtime_error("cannot start hutong-kmc");
  }
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < until && alive()) {
    management_ = port_after("management.listening");
    service_ = port_after("service.listening");
    if (management_ != 0 && service_ != 0) {
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  throw std::runtime_error("hutong-kmc did not start: " + log());
}

Program::~Program() { end(SIGTERM); }

std::uint16_t Program::port_after(std::string_view event) const {
  const std::string text = log();
  const auto line = text.find(event);
  constexpr std::string_view kPort = "\"port\":";
  const auto at = line == std::string::npos ? line : text.find(kPort, line);
  if (at == std::string::npos || text.find('\n', at) == std::string::npos) {
    return 0;
  }
  return static_cast<std::uint16_t>(std::stoul(text.substr(at + kPort.size())));
}

bool Program::alive() const { return pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == 0; }
std::string Program::log() const { return read_text(log_file_); }

int Program::end(int signal) {
  if (pid_ <= 0) {
    return 0;
  }
  kill(pid_, signal);
  int status = -1;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return status;
}

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
