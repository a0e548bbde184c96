// The status service over HTTP, client and server on the same machine: answers signed before, by POST and by
// GET, beside what the bare HTTP server does with a constant answer of the same size in the same run; and
// answers signed for the occasion (with a nonce), beside what the signature alone costs.
// Arguments: connections, requests in flight on each.

#include <benchmark/benchmark.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/http_load.h"
#include "ca/publishing/publishing_routes.h"
#include "ca/test_support.h"
#include "net/log.h"
#include "net/server.h"
#include "net/url.h"
#include "tests/support/operator_client.h"

namespace hutong::bench {
namespace {

constexpr std::size_t kCertificates = 1'000;
constexpr std::string_view kRequestType = "application/ocsp-request";
constexpr std::string_view kResponseType = "application/ocsp-response";
constexpr std::string_view kOcspBasic = "\x2b\x06\x01\x05\x05\x07\x30\x01\x01";  ///< in every signed answer

/// A CA of a thousand certificates whose status service is served, and a server that always says the same.
class Service {
 public:
  Service()
      : ca_({.crl = "http://ca.example/ca.crl", .ocsp = "http://ca.example/ocsp"}),
        ocsp_(ca_.database(), ca_.signing(), ca::test::delegates_of(ca_),
              {.longest_blindness = std::chrono::hours(1)}),
        routes_(ca_.database(), ca_.signing(), ocsp_, clock_) {
    net::set_log_level(net::LogLevel::kError);
    if (!ocsp_.refresh()) {
      throw std::runtime_error("no database");
    }
    const auto& issuer = ca_.signing().issuer().certificate();
    for (std::size_t i = 0; i < kCertificates; ++i) {
      const auto certificate = ca_.issue_device("设备" + std::to_string(i));
      x509::OcspRequest request{.certificates = {x509::OcspCertId::of(certificate, issuer)}};
      const Bytes der = request.to_der();
      example_ = *ocsp_.answer(der, clock_.now()).der;
      posts_.push_back(post_request("/ocsp", kRequestType, as_text(der)));
      gets_.push_back(get_request("/ocsp/" + x509::ocsp_get_path(der)));
      request.nonce = x509::OcspNonce{.value = Bytes(32, static_cast<std::uint8_t>(i))};
      nonces_.push_back(post_request("/ocsp", kRequestType, as_text(request.to_der())));
    }
    routes_.add_routes(router_);
    bare_router_.add({.method = net::Method::kPost,
                      .pattern = "/ocsp",
                      .weight = net::Weight::kLight,
                      .body_limit = 1 << 20,
                      .handler = [this](const net::Request&) -> Result<net::Response> {
                        return net::Response{.content_type = std::string(kResponseType),
                                             .body = std::string(as_text(example_))};
                      }});
    server_ = std::make_unique<test::RunningServer>(router_);
    bare_server_ = std::make_unique<test::RunningServer>(bare_router_);
  }
  static Service& the() {
    static Service service;
    return service;
  }

  const std::vector<std::string>& posts() const { return posts_; }
  const std::vector<std::string>& gets() const { return gets_; }
  const std::vector<std::string>& nonces() const { return nonces_; }
  const test::RunningServer& server() const { return *server_; }
  const test::RunningServer& bare_server() const { return *bare_server_; }

 private:
  FixedClock clock_{test::kMid2027};
  ca::test::TestCa ca_;
  ca::OcspResponder ocsp_;
  ca::PublishingRoutes routes_;
  Bytes example_;
  std::vector<std::string> posts_;
  std::vector<std::string> gets_;
  std::vector<std::string> nonces_;
  net::Router router_;
  net::Router bare_router_;
  std::unique_ptr<test::RunningServer> server_;
  std::unique_ptr<test::RunningServer> bare_server_;
};

void measure(benchmark::State& state, const test::RunningServer& server,
             const std::vector<std::string>& requests, std::size_t answers) {
  const Load load{.port = net::parse_url(server.url())->port,
                  .requests = &requests,
                  .answers = answers,
                  .connections = static_cast<std::size_t>(state.range(0)),
                  .in_flight = static_cast<std::size_t>(state.range(1))};
  for (auto _ : state) {
    run(load, kOcspBasic);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(answers));
}

constexpr std::size_t kManyAnswers = 40'000;
constexpr std::size_t kFewAnswers = 4'000;

void BM_BareServer(benchmark::State& state) {
  measure(state, Service::the().bare_server(), Service::the().posts(), kManyAnswers);
}
void BM_OcspByPost(benchmark::State& state) {
  measure(state, Service::the().server(), Service::the().posts(), kManyAnswers);
}
void BM_OcspByGet(benchmark::State& state) {
  measure(state, Service::the().server(), Service::the().gets(), kManyAnswers);
}
void BM_OcspWithNonce(benchmark::State& state) {
  measure(state, Service::the().server(), Service::the().nonces(), kFewAnswers);
}
/// The limit of answers with a nonce: the signature, on one core.
void BM_SignatureOnly(benchmark::State& state) {
  const crypto::Sm2Signer signer(crypto::Sm2PrivateKey::generate());
  const Bytes message(500, 0x5a);
  for (auto _ : state) {
    auto signature = signer.sign(message);
    benchmark::DoNotOptimize(signature);
  }
  state.SetItemsProcessed(state.iterations());
}

#define HUTONG_LOADS ->Args({16, 1})->Args({16, 16})->UseRealTime()->Unit(benchmark::kMillisecond)
BENCHMARK(BM_BareServer) HUTONG_LOADS;
BENCHMARK(BM_OcspByPost) HUTONG_LOADS;
BENCHMARK(BM_OcspByGet) HUTONG_LOADS;
BENCHMARK(BM_OcspWithNonce)->Args({16, 1})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(BM_SignatureOnly)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace hutong::bench

BENCHMARK_MAIN();
