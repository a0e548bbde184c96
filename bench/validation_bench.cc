// The recognition service over HTTP, client and server on the same machine: detached signatures over 1 KiB,
// the path to the trust list's root known, with and without keeping the reports on disk; beside what the bare
// HTTP server does with the same requests and a constant answer of the same size, and what the verdict alone
// costs. Arguments: connections, requests in flight on each.

#include <benchmark/benchmark.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "base/file.h"
#include "bench/http_load.h"
#include "cms/sign.h"
#include "demonstration/region.h"
#include "net/log.h"
#include "net/server.h"
#include "net/url.h"
#include "platform/config.h"
#include "platform/validation/batch.h"
#include "platform/validation/handlers.h"
#include "recognition/judge.h"
#include "tests/support/operator_client.h"

namespace hutong::bench {
namespace {

constexpr Time kNow{std::chrono::seconds(1'795'000'000)};
constexpr std::size_t kSignatures = 200;
constexpr std::string_view kPath = "/api/v1/validations";
constexpr std::string_view kValid = R"("indication":"valid")";

/// The trust files of the demonstration region, in a folder of their own.
class TrustFolder {
 public:
  explicit TrustFolder(const demonstration::Region& region)
      : path_(std::filesystem::temp_directory_path() / ("hutong-bench-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_ / "revocation");
    write("list", demonstration::make_trust_list(region, {}).value());
    write("signer", to_bytes(region.list_signer.certificate.der()));
    for (const auto& [name, list] : region.lists) {
      write(std::filesystem::path("revocation") / name, list);
    }
  }
  ~TrustFolder() { std::filesystem::remove_all(path_); }
  platform::TrustFiles files() const {
    return {
        .list = path_ / "list", .list_signer = path_ / "signer", .revocation_folder = path_ / "revocation"};
  }
  std::filesystem::path reports() const { return path_ / "reports"; }

 private:
  void write(const std::filesystem::path& name, const Bytes& content) const {
    if (!write_file(path_ / name, content)) {
      throw std::runtime_error("cannot write " + (path_ / name).string());
    }
  }
  std::filesystem::path path_;
};

net::Route route(net::Weight weight, net::Handler handler) {
  return {.method = net::Method::kPost,
          .pattern = std::string(kPath),
          .weight = weight,
          .body_limit = 1 << 20,
          .handler = std::move(handler)};
}

class Service {
 public:
  Service()
      : region_(demonstration::make_region(kNow).value()), folder_(region_), trust_(folder_.files(), clock_) {
    net::set_log_level(net::LogLevel::kError);
    for (std::size_t i = 0; i < kSignatures; ++i) {
      contents_.emplace_back(1024, static_cast<std::uint8_t>(i));
      signatures_.push_back(sign(contents_.back()));
      const std::string question = body(contents_.back(), signatures_.back());
      requests_.push_back(post_request(kPath, "application/json", question + "}"));
      brief_requests_.push_back(
          post_request(kPath, "application/json", question + R"(,"report":"summary"})"));
    }
    reports_ = platform::ReportStore::open({}, {}).value();
    kept_reports_ = platform::ReportStore::open(folder_.reports(), {}).value();
    evidence_ =
        platform::EvidenceStore::open(folder_.reports() / "evidence", std::chrono::hours(24), clock_).value();
    serve(forgetting_, forgetting_server_, *reports_);
    serve(keeping_, keeping_server_, *kept_reports_);
    batches_ = std::make_unique<platform::ValidateBatch>(*forgetting_.handler);
    platform::Upload upload;
    upload.file = signatures_[0];
    upload.content = contents_[0];
    upload.form = platform::ReportForm::kSummary;
    example_ = forgetting_.handler->process(upload)->json;
    bare_.add(route(net::Weight::kLight, [this](const net::Request&) -> Result<net::Response> {
      return net::Response{.body = example_};
    }));
    bare_server_ = std::make_unique<test::RunningServer>(bare_, as_the_program_does());
  }
  static Service& the() {
    static Service service;
    return service;
  }

  const std::vector<std::string>& requests() const { return requests_; }
  const std::vector<std::string>& brief_requests() const { return brief_requests_; }
  const test::RunningServer& forgetting() const { return *forgetting_server_; }
  const test::RunningServer& keeping() const { return *keeping_server_; }
  const test::RunningServer& bare() const { return *bare_server_; }
  const platform::ValidateBatch& batches() const { return *batches_; }
  /// All of the one supplier.
  net::Request batch(std::size_t questions) const {
    return batch_of(questions, [this](std::size_t i) {
      return body(contents_[i % kSignatures], signatures_[i % kSignatures]);
    });
  }
  /// Each of a supplier with a new certificate of the same authority.
  net::Request batch_of_new_signers(std::size_t questions) const {
    const demonstration::Validity present{kNow - demonstration::kDay, kNow + demonstration::kDay};
    const auto extensions =
        demonstration::signing_extensions(demonstration::credit_code("91150100MA0DEMX12"));
    return batch_of(questions, [&](std::size_t i) {
      const auto signer =
          region_.ca_a.issue({{"演示", "供应商 " + std::to_string(i)}, present, extensions}).value();
      const Bytes& content = contents_[i % kSignatures];
      const std::vector<cms::MessageSigner> signers = {
          {.key = signer.key, .certificate = signer.certificate}};
      return body(content, cms::sign_detached(content, signers).value());
    });
  }
  /// One verdict without HTTP and JSON; false when it is not "valid".
  bool judge(std::size_t index) const {
    const auto snapshot = trust_.current();
    const recognition::Question question{.file = signatures_[index % kSignatures],
                                         .content = ByteView(contents_[index % kSignatures]),
                                         .at = kNow};
    const auto report = recognition::judge(question, {.list = &snapshot->list,
                                                      .now = kNow,
                                                      .revocation = &snapshot->revocation,
                                                      .cache = &cache_,
                                                      .paths = &snapshot->paths});
    return report.indication == x509::Indication::kValid;
  }
  bool verify(std::size_t index) const {
    const auto& key = region_.supplier.key.public_key();
    return crypto::verify_signature(key, crypto::kSm2WithSm3, contents_[index % kSignatures],
                                    raw_[index % kSignatures]);
  }

 private:
  struct Endpoint {
    std::unique_ptr<platform::CreateValidation> handler;
    net::Router router;
  };

  Bytes sign(const Bytes& content) {
    raw_.push_back(region_.supplier.key.sign(content).value());
    const std::vector<cms::MessageSigner> signers = {
        {.key = region_.supplier.key, .certificate = region_.supplier.certificate}};
    return cms::sign_detached(content, signers).value();
  }
  template <typename Question>
  static net::Request batch_of(std::size_t questions, const Question& question) {
    std::string body = R"({"questions":[)";
    for (std::size_t i = 0; i < questions; ++i) {
      body += (i == 0 ? "" : ",") + question(i) + "}";
    }
    net::Request request;
    request.headers.add("Content-Type", "application/json");
    request.body = to_bytes(as_bytes(body + "]}"));
    return request;
  }
  static std::string body(const Bytes& content, const Bytes& signature) {
    return R"({"file":")" + to_base64(signature) + R"(","content":")" + to_base64(content) + "\"";
  }
  static net::ServerOptions as_the_program_does() {
    const platform::Config config;
    return {.io_threads = config.io_threads, .workers = config.workers};
  }
  void serve(Endpoint& endpoint, std::unique_ptr<test::RunningServer>& server,
             platform::ReportStore& reports) {
    endpoint.handler = std::make_unique<platform::CreateValidation>(platform::CreateValidation::Parts{
        .trust = trust_, .reports = reports, .evidence = *evidence_, .metrics = metrics_, .clock = clock_});
    endpoint.router.add(route(net::Weight::kHeavy, [&endpoint](const net::Request& request) {
      return net::serve(*endpoint.handler, request);
    }));
    server = std::make_unique<test::RunningServer>(endpoint.router, as_the_program_does());
  }

  FixedClock clock_{kNow};
  demonstration::Region region_;
  TrustFolder folder_;
  platform::TrustKeeper trust_;
  platform::Metrics metrics_;
  mutable x509::SignatureCache cache_;
  std::vector<Bytes> contents_;
  std::vector<Bytes> raw_;
  std::vector<Bytes> signatures_;
  std::vector<std::string> requests_;
  std::vector<std::string> brief_requests_;
  std::string example_;
  std::unique_ptr<platform::EvidenceStore> evidence_;
  std::unique_ptr<platform::ReportStore> reports_;
  std::unique_ptr<platform::ReportStore> kept_reports_;
  Endpoint forgetting_;
  Endpoint keeping_;
  std::unique_ptr<platform::ValidateBatch> batches_;
  net::Router bare_;
  std::unique_ptr<test::RunningServer> forgetting_server_;
  std::unique_ptr<test::RunningServer> keeping_server_;
  std::unique_ptr<test::RunningServer> bare_server_;
};

constexpr std::size_t kAnswers = 10'000;

void measure(benchmark::State& state, const test::RunningServer& server,
             const std::vector<std::string>& requests) {
  const Load load{.port = net::parse_url(server.url())->port,
                  .requests = &requests,
                  .answers = kAnswers,
                  .connections = static_cast<std::size_t>(state.range(0)),
                  .in_flight = static_cast<std::size_t>(state.range(1))};
  for (auto _ : state) {
    run(load, kValid);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kAnswers));
}

void BM_BareServer(benchmark::State& state) {
  measure(state, Service::the().bare(), Service::the().brief_requests());
}
void BM_Summary(benchmark::State& state) {
  measure(state, Service::the().forgetting(), Service::the().brief_requests());
}
/// How long answers take at half of the goal: 5,000 requests a second, each sent when it is due.
void BM_SummaryAtHalfLoad(benchmark::State& state) {
  const Load load{.port = net::parse_url(Service::the().forgetting().url())->port,
                  .requests = &Service::the().brief_requests(),
                  .answers = 20'000};
  std::vector<std::chrono::nanoseconds> took;
  for (auto _ : state) {
    took = run_at_a_pace(load, 5'000, kValid);
  }
  const auto milliseconds_of = [&took](double part) {
    const auto at = static_cast<std::size_t>(part * static_cast<double>(took.size() - 1));
    return std::chrono::duration<double, std::milli>(took[at]).count();
  };
  state.counters["p50_ms"] = milliseconds_of(0.5);
  state.counters["p99_ms"] = milliseconds_of(0.99);
  state.counters["longest_ms"] = milliseconds_of(1);
}
void BM_Report(benchmark::State& state) {
  measure(state, Service::the().forgetting(), Service::the().requests());
}
void BM_KeptReport(benchmark::State& state) {
  measure(state, Service::the().keeping(), Service::the().requests());
}

/// On one core.
void count(benchmark::State& state, bool (Service::*step)(std::size_t) const) {
  const Service& service = Service::the();
  std::size_t index = 0;
  for (auto _ : state) {
    if (!(service.*step)(index++)) {
      state.SkipWithError("not valid");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations());
}
void BM_VerdictAlone(benchmark::State& state) { count(state, &Service::judge); }
void BM_Sm2VerifyAlone(benchmark::State& state) { count(state, &Service::verify); }

constexpr std::size_t kQuestions = 1'000;

void answer(benchmark::State& state, const net::Request& request) {
  const auto input = platform::ValidateBatch::parse(request).value();
  const auto response = platform::ValidateBatch::render(Service::the().batches().process(input).value());
  if (response.body.find(kValid) == std::string::npos || response.body.find("invalid") != std::string::npos) {
    state.SkipWithError("not valid");
  }
}
/// A thousand questions in one request, JSON to JSON; to be compared with the verifications on all cores.
void answer_again_and_again(benchmark::State& state, const net::Request& request) {
  for (auto _ : state) {
    answer(state, request);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kQuestions));
}
void BM_Batch(benchmark::State& state) { answer_again_and_again(state, Service::the().batch(kQuestions)); }
/// A thousand signers who come again: their certificates are known.
void BM_BatchOfManySigners(benchmark::State& state) {
  answer_again_and_again(state, Service::the().batch_of_new_signers(kQuestions));
}
/// A thousand signers nobody has seen: each certificate is verified as well.
void BM_BatchOfNewSigners(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    const net::Request request = Service::the().batch_of_new_signers(kQuestions);
    state.ResumeTiming();
    answer(state, request);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kQuestions));
}

#define HUTONG_LOADS ->Args({16, 1})->Args({16, 16})->UseRealTime()->Unit(benchmark::kMillisecond)
BENCHMARK(BM_BareServer) HUTONG_LOADS;
BENCHMARK(BM_Summary) HUTONG_LOADS;
BENCHMARK(BM_SummaryAtHalfLoad)->Iterations(1)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Report) HUTONG_LOADS;
BENCHMARK(BM_KeptReport) HUTONG_LOADS;
BENCHMARK(BM_VerdictAlone);
BENCHMARK(BM_Sm2VerifyAlone)->ThreadRange(1, 2)->UseRealTime();
BENCHMARK(BM_Batch)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(BM_BatchOfManySigners)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(BM_BatchOfNewSigners)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hutong::bench

BENCHMARK_MAIN();
