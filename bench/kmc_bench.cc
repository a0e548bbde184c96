// What a key management centre is asked for: key pairs made ahead (beside OpenSSL's key generation in the
// same run), the spare store filled durably, applications answered with a durable commit and their audit
// records, in process and over HTTPS with mutual TLS; single and a hundred in one message. On SQLite and on a
// private PostgreSQL. The client runs on the same processor.

#include <benchmark/benchmark.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "base/file.h"
#include "bench/ratio_reporter.h"
#include "cms/enveloped_key.h"
#include "cms/key_service.h"
#include "crypto/pem.h"
#include "kmc/centre.h"
#include "kmc/initialisation/ceremony.h"
#include "net/client.h"
#include "net/router.h"
#include "net/server.h"
#include "net/tls.h"
#include "net/ulid.h"
#include "tests/support/openssl_peer.h"
#include "tests/support/test_database.h"
#include "tests/tools/test_ca.h"

namespace hutong::bench {
namespace {

using storage::DatabaseKind;

template <typename T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().reason) + ": " + result.error().detail);
  }
  return std::move(result).value();
}

const FixedClock& bench_clock() {
  static const FixedClock clock(test::kMid2027);
  return clock;
}

net::TlsIdentity tls_identity() {
  const Time now = SystemClock().now();
  return must(net::make_self_signed({.name = "bench",
                                     .hosts = {"127.0.0.1"},
                                     .not_before = now - std::chrono::hours(1),
                                     .not_after = now + std::chrono::hours(24)}));
}

/// A centre with one CA, kept for all benchmarks of one kind of database.
class Home {
 public:
  explicit Home(DatabaseKind kind) : home_(kind) {
    if (!home_.available()) {
      return;
    }
    kmc::Config config;
    config.database = home_.url();
    config.key_folder = home_.folder() / "keys";
    config.key_password_file = home_.folder() / "password";
    must(write_file(config.key_password_file, as_bytes("password"), FileMode::kPrivate));
    const Bytes tls_der = must(crypto::read_pem(as_text(client_tls_.certificates))).front().der;
    must(kmc::initialise(
        config,
        {.name = "CN=bench",
         .certificate = std::nullopt,
         .custodians = {{.name = "a"}, {.name = "b"}, {.name = "c"}},
         .super_administrator = std::nullopt,
         .audit_administrator = std::nullopt,
         .demonstration_password = "password",
         .authorities = {{.name = "CA", .certificate = certificate_, .tls_certificate = tls_der}},
         .policy = {.minimum = 0, .target = 0},
         .output = home_.folder()},
        bench_clock()));
    centre_ = must(kmc::Centre::open(config, bench_clock()));
    tls_der_ = tls_der;
    serve();
  }
  ~Home() {
    if (server_) {
      server_->stop();
      thread_.join();
    }
  }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;
  static Home& of(DatabaseKind kind) {
    static Home sqlite(DatabaseKind::kSqlite);
    static Home postgresql(DatabaseKind::kPostgresql);
    return kind == DatabaseKind::kSqlite ? sqlite : postgresql;
  }
  bool available() const { return centre_ != nullptr; }
  kmc::Centre& centre() { return *centre_; }
  ByteView tls_der() const { return tls_der_; }

  void make(std::int64_t count) {
    must(storage::in_transaction(centre_->database(), [&](storage::Transaction& transaction) {
      return kmc::MakingRepository::insert(
          transaction, {.id = net::make_ulid(std::chrono::system_clock::now(), crypto::system_random()),
                        .wanted = count,
                        .due_at = bench_clock().now(),
                        .requested_by = "bench",
                        .created_at = bench_clock().now()});
    }));
    must(centre_->stock().fill([] { return true; }));
  }

  /// A message with so many applications, for numbers never used before.
  Bytes message(std::size_t count) {
    std::vector<cms::KeyRequest> requests;
    for (std::size_t at = 0; at < count; ++at) {
      const std::uint64_t number = ++next_;
      Bytes octets(9);
      octets[0] = 0x40;
      for (std::size_t index = 0; index < 8; ++index) {
        octets[8 - index] = static_cast<std::uint8_t>(number >> (8 * index));
      }
      requests.emplace_back(cms::ApplyKeyRequest{.certificate = x509::Serial::from_magnitude(octets),
                                                 .user_spki = subscriber_,
                                                 .not_before = bench_clock().now(),
                                                 .not_after = bench_clock().now() + std::chrono::days(365)});
    }
    return must(cms::sign_key_service({.ca = cms::KeyServiceParty::of(certificate_),
                                       .requests = std::move(requests),
                                       .at = bench_clock().now(),
                                       .task = 1},
                                      *ca_.signer));
  }
  net::Client connect() const {
    return must(
        net::Client::create("https://127.0.0.1:" + std::to_string(server_->port()),
                            {.tls = must(net::ClientTls::create(server_tls_.certificates, &client_tls_))}));
  }

 private:
  void serve() {
    router_.add({.method = net::Method::kPost,
                 .pattern = "/key-service",
                 .body_limit = 4 << 20,
                 .handler = [this](const net::Request& request) -> Result<net::Response> {
                   HUTONG_TRY(const Bytes answer,
                              centre_->service().answer(request.body, request.client_certificate));
                   return net::Response{.content_type = "application/octet-stream",
                                        .body = std::string(as_text(answer))};
                 }});
    server_ = must(
        net::Server::listen({.tls = must(net::ServerTls::create(
                                 server_tls_, net::ClientCertificates::kRequired, client_tls_.certificates))},
                            router_));
    thread_ = std::thread([this] { server_->run(); });
  }

  test::TestDatabase home_;
  test::Party ca_{"演示CA甲"};
  x509::Certificate certificate_ = test::self_signed(ca_);
  Bytes subscriber_ = crypto::PublicKey(crypto::Sm2PrivateKey::generate().public_key()).to_spki();
  net::TlsIdentity server_tls_ = tls_identity();
  net::TlsIdentity client_tls_ = tls_identity();
  Bytes tls_der_;
  std::atomic<std::uint64_t> next_ = 0;
  std::unique_ptr<kmc::Centre> centre_;
  net::Router router_;
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

void BM_MakeKeyOurs(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(crypto::Sm2PrivateKey::generate());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_MakeKeyOurs)->Name("Sm2KeyPair/ours");

void BM_MakeKeyOpenSsl(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(test::peer::Sm2Key::generate());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_MakeKeyOpenSsl)->Name("Sm2KeyPair/openssl");

bool missing(benchmark::State& state, DatabaseKind kind) {
  if (!Home::of(kind).available()) {
    state.SkipWithError("PostgreSQL not found");
    return true;
  }
  return false;
}

/// Made, wrapped twice, stored, logged and on the disk: portions of 1,000.
void BM_FillSpareStore(benchmark::State& state, DatabaseKind kind) {
  if (missing(state, kind)) {
    return;
  }
  for (auto _ : state) {
    Home::of(kind).make(kmc::kPortion);
  }
  state.SetItemsProcessed(state.iterations() * kmc::kPortion);
}
BENCHMARK_CAPTURE(BM_FillSpareStore, sqlite, DatabaseKind::kSqlite)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_FillSpareStore, postgresql, DatabaseKind::kPostgresql)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

/// range(0) applications in a message, answered without the network.
void BM_Apply(benchmark::State& state, DatabaseKind kind) {
  if (missing(state, kind)) {
    return;
  }
  Home& home = Home::of(kind);
  const auto count = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    const Bytes message = home.message(count);
    if (!home.centre().service().answer(message, home.tls_der())) {
      state.SkipWithError("refused");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// The same over HTTPS with mutual TLS, a connection for each message.
void BM_ApplyOverHttps(benchmark::State& state, DatabaseKind kind) {
  if (missing(state, kind)) {
    return;
  }
  Home& home = Home::of(kind);
  const net::Client client = home.connect();
  const auto count = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    const Bytes message = home.message(count);
    const auto answer = client.send(
        {.method = net::Method::kPost, .target = "/key-service", .body = std::string(as_text(message))});
    if (!answer || answer->status != 200) {
      state.SkipWithError("refused");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

#define HUTONG_APPLY_BENCH(function, kind_name, kind)    \
  BENCHMARK_CAPTURE(function, kind_name, kind)           \
      ->Arg(1)                                           \
      ->Arg(100)                                         \
      ->Arg(1000)                                        \
      ->UseRealTime()                                    \
      ->Unit(benchmark::kMillisecond);                   \
  BENCHMARK_CAPTURE(function, kind_name##_threads, kind) \
      ->Arg(1)                                           \
      ->Threads(8)                                       \
      ->UseRealTime()                                    \
      ->Unit(benchmark::kMillisecond)
HUTONG_APPLY_BENCH(BM_Apply, sqlite, DatabaseKind::kSqlite);
HUTONG_APPLY_BENCH(BM_Apply, postgresql, DatabaseKind::kPostgresql);
HUTONG_APPLY_BENCH(BM_ApplyOverHttps, sqlite, DatabaseKind::kSqlite);
HUTONG_APPLY_BENCH(BM_ApplyOverHttps, postgresql, DatabaseKind::kPostgresql);

}  // namespace
}  // namespace hutong::bench

int main(int argc, char** argv) { return hutong::bench::run_with_ratios(argc, argv); }
