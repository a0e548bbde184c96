#include "net/tls.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "base/encoding.h"
#include "net/client.h"
#include "net/server.h"
#include "tests/support/support.h"

namespace hutong::net {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kLimit = 4 << 20;

Time now() { return SystemClock().now(); }

TlsIdentity identity(const std::string& name, std::vector<std::string> hosts = {"localhost"}) {
  auto made = make_self_signed({.name = name,
                                .hosts = std::move(hosts),
                                .not_before = now() - hours(1),
                                .not_after = now() + hours(1)});
  EXPECT_TRUE(made) << made.error().detail;
  return std::move(*made);
}

Bytes der_of(const TlsIdentity& owner) {
  BIO* in = BIO_new_mem_buf(owner.certificates.data(), static_cast<int>(owner.certificates.size()));
  X509* certificate = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
  std::uint8_t* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  Bytes out(der, der + size);
  OPENSSL_free(der);
  X509_free(certificate);
  BIO_free(in);
  return out;
}

/// A server with TLS that echoes, waits, and tells who asks.
class TlsTest : public testing::Test {
 protected:
  TlsTest() : server_identity_(identity("server")), client_identity_(identity("client", {})) {
    add(Method::kPost, "/echo", [](const Request& request) -> Result<Response> {
      return Response{.content_type = "text/plain", .body = std::string(as_text(request.body))};
    });
    add(Method::kGet, "/who", [](const Request& request) -> Result<Response> {
      return Response{.body = std::string(as_text(request.client_certificate))};
    });
    add(Method::kGet, "/wait", [](const Request&) -> Result<Response> {
      std::this_thread::sleep_for(milliseconds(500));
      return Response{.body = "done"};
    });
    options_.header_timeout = seconds(1);
    options_.stall_timeout = seconds(1);
    options_.linger_timeout = seconds(3);
  }
  ~TlsTest() override {
    if (thread_.joinable()) {
      server_->stop();
      thread_.join();
    }
  }

  void add(Method method, std::string pattern, Handler handler) {
    router_.add({.method = method,
                 .pattern = std::move(pattern),
                 .body_limit = method == Method::kPost ? kLimit : 0,
                 .handler = std::move(handler)});
  }
  void start(ClientCertificates clients = ClientCertificates::kNone) {
    start(server_identity_, clients,
          clients == ClientCertificates::kNone ? ByteView() : ByteView(client_identity_.certificates));
  }
  void start(const TlsIdentity& shown, ClientCertificates clients, ByteView authorities) {
    auto tls = ServerTls::create(shown, clients, authorities);
    ASSERT_TRUE(tls) << tls.error().detail;
    options_.tls = *tls;
    auto server = Server::listen(options_, router_);
    ASSERT_TRUE(server) << server.error().detail;
    server_ = std::move(*server);
    thread_ = std::thread([this] { server_->run(); });
  }
  std::string url(const std::string& target, const std::string& host = "localhost") const {
    return "https://" + host + ":" + std::to_string(server_->port()) + target;
  }
  static ClientOptions believing(ByteView authorities, const TlsIdentity* shown = nullptr) {
    auto tls = ClientTls::create(authorities, shown);
    EXPECT_TRUE(tls) << tls.error().detail;
    return {.tls = *tls};
  }
  ClientOptions usual() const { return believing(server_identity_.certificates); }
  std::string reason(const std::string& address, const ClientOptions& options) const {
    const auto answer = fetch(address, {}, options);
    return answer ? "answered" : std::string(answer.error().reason);
  }

  TlsIdentity server_identity_;
  TlsIdentity client_identity_;
  Router router_;
  ServerOptions options_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

TEST_F(TlsTest, CarriesBodiesBothWays) {
  start();
  std::string body(kLimit, 'x');
  body[17] = '\0';
  const auto answer = fetch(url("/echo"), {.method = Method::kPost, .body = body}, usual());
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, body);
  EXPECT_TRUE(answer->headers.find("x-request-id"));
  const auto client = Client::create(url(""), usual());
  ASSERT_TRUE(client);
  for (int i = 0; i < 5; ++i) {
    const auto again = client->send({.method = Method::kPost, .target = "/echo", .body = std::to_string(i)});
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_EQ(again->body, std::to_string(i));
  }
}

TEST_F(TlsTest, TheServerMustBeWhoWasAskedFor) {
  start();
  EXPECT_EQ(reason(url("/who"), usual()), "answered");
  EXPECT_EQ(reason(url("/who"), believing(identity("other").certificates)), "client.tls");
  EXPECT_EQ(reason(url("/who", "127.0.0.1"), usual()), "client.tls")
      << "the certificate names localhost only";
  EXPECT_EQ(reason(url("/who"), {}), "client.no_tls");
  EXPECT_EQ(Client::create(url("/who"), {}).error().reason, "client.no_tls");
}

TEST_F(TlsTest, AnAddressIsANameOfItsOwn) {
  const auto shown = identity("server", {"127.0.0.1", "::1"});
  start(shown, ClientCertificates::kNone, {});
  EXPECT_EQ(reason(url("/who", "127.0.0.1"), believing(shown.certificates)), "answered");
  EXPECT_EQ(reason(url("/who"), believing(shown.certificates)), "client.tls");
}

TEST_F(TlsTest, AnExpiredServerIsNotBelieved) {
  auto old = make_self_signed(
      {.name = "old", .hosts = {"localhost"}, .not_before = now() - hours(2), .not_after = now() - hours(1)});
  ASSERT_TRUE(old);
  start(*old, ClientCertificates::kNone, {});
  const auto answer = fetch(url("/who"), {}, believing(old->certificates));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, "client.tls");
  EXPECT_NE(answer.error().detail.find("expired"), std::string::npos) << answer.error().detail;
}

TEST_F(TlsTest, ARequiredClientCertificateReachesTheHandler) {
  start(ClientCertificates::kRequired);
  const auto answer = fetch(url("/who"), {}, believing(server_identity_.certificates, &client_identity_));
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(to_bytes(as_bytes(answer->body)), der_of(client_identity_));
  EXPECT_EQ(reason(url("/who"), usual()), "client.tls") << "no certificate at all";
  const auto stranger = identity("stranger", {});
  EXPECT_EQ(reason(url("/who"), believing(server_identity_.certificates, &stranger)), "client.tls");
}

TEST_F(TlsTest, AClientCertificateMayBeLeftOut) {
  start(ClientCertificates::kIfGiven);
  const auto nobody = fetch(url("/who"), {}, usual());
  ASSERT_TRUE(nobody) << nobody.error().detail;
  EXPECT_EQ(nobody->body, "");
  const auto known = fetch(url("/who"), {}, believing(server_identity_.certificates, &client_identity_));
  ASSERT_TRUE(known) << known.error().detail;
  EXPECT_EQ(to_bytes(as_bytes(known->body)), der_of(client_identity_));
  const auto stranger = identity("stranger", {});
  EXPECT_EQ(reason(url("/who"), believing(server_identity_.certificates, &stranger)), "client.tls");
}

TEST_F(TlsTest, PlainHttpAndNoiseAreDropped) {
  start();
  for (const std::string& noise :
       {std::string("GET /who HTTP/1.1\r\nHost: x\r\n\r\n"), std::string(3'000, '\x16'),
        std::string("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", 10)}) {
    const auto answer = exchange_raw("127.0.0.1", server_->port(), noise, AfterSending::kHalfClose);
    EXPECT_TRUE(!answer || answer->find("HTTP/1.1") == std::string::npos);
  }
  const auto before = SteadyClock::now();
  const auto silent = exchange_raw("127.0.0.1", server_->port(), "\x16", AfterSending::kKeepOpen);
  EXPECT_TRUE(!silent || silent->empty()) << "a handshake has the time of a header";
  EXPECT_LT(SteadyClock::now() - before, seconds(4));
  EXPECT_EQ(reason(url("/who"), usual()), "answered");
}

TEST_F(TlsTest, AnEarlyAnswerReachesAClientThatIsStillSending) {
  start();
  const auto answer =
      fetch(url("/echo"), {.method = Method::kPost, .body = std::string(3 * kLimit, 'x')}, usual());
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->status, 413);
}

TEST_F(TlsTest, TheClientHasLimits) {
  start();
  auto hasty = usual();
  hasty.timeout = milliseconds(100);
  const auto before = SteadyClock::now();
  EXPECT_EQ(reason(url("/wait"), hasty), "client.transfer");
  EXPECT_LT(SteadyClock::now() - before, milliseconds(450));
  auto frugal = usual();
  frugal.answer_limit = 100;
  const auto large = fetch(url("/echo"), {.method = Method::kPost, .body = std::string(101, 'x')}, frugal);
  ASSERT_FALSE(large) << large->status << large->body.size();
  EXPECT_EQ(large.error().reason, "client.too_large");
}

TEST_F(TlsTest, TheClientSendsNoBrokenRequest) {
  start();
  const auto client = Client::create(url("/base/"), usual());
  ASSERT_TRUE(client);
  EXPECT_EQ(client->send({.target = "/who"})->status, 404) << "the base path goes before the target";
  for (const ClientRequest& bad : std::initializer_list<ClientRequest>{{.target = "/a\r\nX: y"},
                                                                       {.target = "/a b"},
                                                                       {.target = "a"},
                                                                       {.headers = {{"A", "b\r\nC: d"}}},
                                                                       {.headers = {{"A: b", "c"}}},
                                                                       {.headers = {{"", "c"}}}}) {
    const auto answer = client->send(bad);
    ASSERT_FALSE(answer) << bad.target;
    EXPECT_EQ(answer.error().reason, "client.request");
  }
  EXPECT_EQ(fetch("ftp://localhost/").error().reason, "client.url");
}

TEST_F(TlsTest, StoppingLetsRequestsFinish) {
  start();
  std::string body;
  std::thread waiting([&] {
    const auto answer = fetch(url("/wait"), {}, usual());
    body = answer ? answer->body : answer.error().detail;
  });
  std::this_thread::sleep_for(milliseconds(200));
  server_->stop();
  thread_.join();
  waiting.join();
  EXPECT_EQ(body, "done");
}

TEST_F(TlsTest, WhatCannotBeUsedIsSaid) {
  const auto code = [](const auto& made) { return made ? "made" : std::string(made.error().reason); };
  TlsIdentity mixed{.certificates = server_identity_.certificates,
                    .key = SecretBytes::copy_of(client_identity_.key.expose())};
  EXPECT_EQ(code(ServerTls::create(mixed)), "tls.key");
  mixed.key = SecretBytes::copy_of(as_bytes("no key"));
  EXPECT_EQ(code(ServerTls::create(mixed)), "tls.key");
  mixed.certificates = to_bytes(as_bytes("no certificate"));
  EXPECT_EQ(code(ServerTls::create(mixed)), "tls.certificate");
  EXPECT_EQ(code(ServerTls::create(server_identity_, ClientCertificates::kRequired, {})), "tls.authorities");
  EXPECT_EQ(code(ClientTls::create({})), "tls.authorities");
  auto cut = server_identity_.certificates;
  cut.resize(cut.size() / 2);
  EXPECT_EQ(code(ClientTls::create(cut)), "tls.authorities");
  EXPECT_EQ(
      code(make_self_signed({.name = "x", .hosts = {"a,DNS:b"}, .not_before = now(), .not_after = now()})),
      "tls.self_signed");
  EXPECT_EQ(code(read_tls_identity("/nonexistent/a.pem", "/nonexistent/b.pem")), "file.not_found");
}

/// A root, an intermediate and a server made by the openssl command, and its client as an independent peer.
class TlsPeerTest : public TlsTest {
 protected:
  TlsPeerTest()
      : folder_(std::filesystem::path(testing::TempDir()) / ("hutong-tls-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~TlsPeerTest() override { std::filesystem::remove_all(folder_); }
  int run(const std::string& command) const {
    return std::system(("cd '" + folder_.string() + "' && " + command + " >>log 2>&1").c_str());
  }
  void write(const std::string& name, ByteView content) const {
    std::ofstream(folder_ / name, std::ios::binary) << as_text(content);
  }
  Bytes file(const std::string& name) const { return test::read(folder_ / name); }

  std::filesystem::path folder_;
};

TEST_F(TlsPeerTest, AChainIsFollowedToTheRoot) {
  const std::string new_key = " -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";
  write("ca.ext", as_bytes("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n"));
  write("server.ext", as_bytes("subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n"));
  ASSERT_EQ(run("openssl req -x509" + new_key + "-keyout root.key -out root.pem -subj /CN=root -days 2"), 0);
  ASSERT_EQ(run("openssl req" + new_key + "-keyout middle.key -out middle.csr -subj /CN=middle"), 0);
  ASSERT_EQ(
      run("openssl x509 -req -in middle.csr -CA root.pem -CAkey root.key -CAcreateserial -days 2 -extfile "
          "ca.ext -out middle.pem"),
      0);
  ASSERT_EQ(run("openssl req" + new_key + "-keyout server.key -out server.csr -subj /CN=server"), 0);
  ASSERT_EQ(run("openssl x509 -req -in server.csr -CA middle.pem -CAkey middle.key -CAcreateserial -days 2 "
                "-extfile server.ext -out server.pem && cp server.pem chain.pem && cat middle.pem | tee -a "
                "chain.pem"),
            0);
  auto shown = read_tls_identity(folder_ / "chain.pem", folder_ / "server.key");
  ASSERT_TRUE(shown) << shown.error().detail;
  start(*shown, ClientCertificates::kNone, {});
  EXPECT_EQ(reason(url("/who"), believing(file("root.pem"))), "answered");
  EXPECT_EQ(reason(url("/who"), believing(file("middle.pem"))), "answered")
      << "an intermediate named as authority";
  EXPECT_EQ(reason(url("/who"), usual()), "client.tls");
  ASSERT_EQ(run("openssl ec -in server.key -aes128 -passout pass:secret -out locked.key"), 0);
  const auto locked = read_tls_identity(folder_ / "server.pem", folder_ / "locked.key");
  ASSERT_TRUE(locked);
  EXPECT_EQ(ServerTls::create(*locked).error().reason, "tls.key") << "no password is asked for";
}

TEST_F(TlsPeerTest, OldProtocolsAndWeakCiphersAreRefused) {
  start();
  write("server.pem", server_identity_.certificates);
  const std::string connect = "openssl s_client -connect 127.0.0.1:" + std::to_string(server_->port()) +
                              " -CAfile server.pem -verify_return_error ";
  EXPECT_EQ(run(connect + "-tls1_3 </dev/null"), 0);
  EXPECT_EQ(run(connect + "-tls1_2 </dev/null"), 0);
  EXPECT_NE(run(connect + "-tls1_1 -cipher DEFAULT@SECLEVEL=0 </dev/null"), 0);
  EXPECT_NE(run(connect + "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256 </dev/null"), 0);
}

}  // namespace
}  // namespace hutong::net
