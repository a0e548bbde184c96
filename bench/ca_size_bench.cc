// What the number of certificates costs: orders, searches and revocations in a database of 1,000 and of as
// many as HUTONG_BENCH_CERTIFICATES says (a million takes minutes to fill); and the revocation list of so
// many entries, built and signed by the publisher, with the peak of the process's memory above what it held
// before. SQLite, synchronous FULL.

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bench/many_certificates.h"
#include "bench/vendor.h"
#include "ca/publishing/list_publisher.h"

namespace hutong::bench {
namespace {

using ca::CertificateRepository;
using ca::CertificateState;
using ca::ListKind;

constexpr std::int64_t kSmall = 1'000;
constexpr std::int64_t kRepetitions = 64;

std::int64_t large() {
  const char* const asked = std::getenv("HUTONG_BENCH_CERTIFICATES");
  return asked == nullptr ? kSmall : std::max(kSmall, std::int64_t{std::atoll(asked)});
}

/// A vendor whose database holds so many certificates, two for each order.
Vendor& vendor_of(std::int64_t certificates) {
  static std::map<std::int64_t, std::unique_ptr<Vendor>> vendors;
  auto& vendor = vendors[certificates];
  if (!vendor) {
    vendor = std::make_unique<Vendor>();
    const auto client = vendor->client();
    vendor->place(client, "orders?automatic=true", net::to_text(vendor->fresh_order()),
                  vendor->fresh_idempotency_key());
    need(multiply_orders(vendor->database(), certificates / 2));
    ::sync();  // or the first orders wait for the disk to take it all
  }
  return *vendor;
}

/// One order per request, one connection.
void BM_Order(benchmark::State& state) {
  auto& vendor = vendor_of(state.range(0));
  const auto client = vendor.client();
  std::vector<std::pair<std::string, std::string>> bodies;
  for (std::int64_t i = 0; i < kRepetitions; ++i) {
    bodies.emplace_back(vendor.fresh_idempotency_key(), net::to_text(vendor.fresh_order()));
  }
  std::size_t next = 0;
  for (auto _ : state) {
    const auto& [key, body] = bodies.at(next++);
    vendor.place(client, "orders?automatic=true", body, key);
  }
  state.SetItemsProcessed(state.iterations());
}

void search(benchmark::State& state, const ca::CertificateFilter& filter, std::size_t expected) {
  auto& vendor = vendor_of(state.range(0));
  for (auto _ : state) {
    auto reader = need(vendor.database().read());
    const auto found = need(CertificateRepository::search(reader, filter));
    if (found.size() != expected) {
      state.SkipWithError("not what was looked for");
      return;
    }
  }
  state.SetItemsProcessed(state.iterations());
}
void BM_SearchByHolder(benchmark::State& state) {
  search(state, {.holder = std::string(15, '0') + "321"}, 2);
}
/// A part that two certificates have: everything is looked at.
void BM_SearchByPartOfTheName(benchmark::State& state) { search(state, {.subject_part = "机构321,"}, 2); }
void BM_FirstPage(benchmark::State& state) { search(state, {.limit = 50}, 50); }

/// Each with a commit of its own.
void BM_Revoke(benchmark::State& state) {
  auto& vendor = vendor_of(state.range(0));
  std::vector<ca::CertificateRecord> records;
  {
    auto reader = need(vendor.database().read());
    records = need(CertificateRepository::search(
        reader, {.state = CertificateState::kValid, .limit = static_cast<std::size_t>(kRepetitions)}));
  }
  std::size_t next = 0;
  for (auto _ : state) {
    const auto& serial = records.at(next++).serial;
    need(storage::in_transaction(vendor.database(), [&](storage::Transaction& transaction) -> Status {
      HUTONG_TRY(const auto record, CertificateRepository::find_for_update(transaction, serial));
      return CertificateRepository::change_state(transaction, record,
                                                 {.to = CertificateState::kRevoked, .at = vendor.now()});
    }));
  }
  state.SetItemsProcessed(state.iterations());
}

/// A CA all of whose certificates are revoked.
struct RevokedCa {
  explicit RevokedCa(std::int64_t certificates)
      : ca({.crl = "http://ca.example/ca.crl", .delta_crl = "http://ca.example/delta.crl"}),
        publisher(ca.database(), ca.signing(), {}) {
    ca.issue_device("设备");
    need(multiply_revoked(ca.database(), certificates, test::kMid2027));
    ::sync();
  }
  static RevokedCa& of(std::int64_t certificates) {
    static std::map<std::int64_t, std::unique_ptr<RevokedCa>> all;
    auto& made = all[certificates];
    if (!made) {
      made = std::make_unique<RevokedCa>(certificates);
    }
    return *made;
  }
  Result<ca::PublishedList> publish(ListKind kind) {
    return publisher.publish(ca.signing().authority(), 0, kind, now += std::chrono::seconds(1));
  }
  ca::test::TestCa ca;
  ca::ListPublisher publisher;
  Time now = test::kMid2027;
};

/// Of this process, in mebibytes: "VmRSS" or "VmHWM", its peak.
double memory(const std::string& what) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(what + ":")) {
      return std::stod(line.substr(what.size() + 1)) / 1024;
    }
  }
  return 0;
}
void forget_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

void BM_FullList(benchmark::State& state) {
  auto& revoked = RevokedCa::of(state.range(0));
  need(revoked.publish(ListKind::kFull));
  forget_peak();
  const double before = memory("VmRSS");
  for (auto _ : state) {
    need(revoked.publish(ListKind::kFull));
  }
  state.counters["MiB_before"] = before;
  state.counters["MiB_peak"] = memory("VmHWM");
}

/// A thousand changes since the full list.
void BM_DeltaList(benchmark::State& state) {
  constexpr int kChanges = 1'000;
  auto& revoked = RevokedCa::of(state.range(0));
  std::vector<x509::Serial> serials;
  for (int i = 0; i < kChanges; ++i) {
    serials.push_back(revoked.ca.issue_device("设备").serial());
  }
  need(revoked.publish(ListKind::kFull));
  need(storage::in_transaction(revoked.ca.database(), [&](storage::Transaction& transaction) -> Status {
    for (const auto& serial : serials) {
      HUTONG_TRY(const auto record, CertificateRepository::find_for_update(transaction, serial));
      HUTONG_CHECK(CertificateRepository::change_state(
          transaction, record, {.to = CertificateState::kRevoked, .at = revoked.now}));
    }
    return ok();
  }));
  for (auto _ : state) {
    need(revoked.publish(ListKind::kDelta));
  }
}

void sizes(benchmark::internal::Benchmark* made) {
  made->Arg(kSmall);
  if (large() != kSmall) {
    made->Arg(large());
  }
}

BENCHMARK(BM_Order)->Apply(sizes)->Iterations(kRepetitions)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Revoke)->Apply(sizes)->Iterations(kRepetitions)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(BM_SearchByHolder)->Apply(sizes)->UseRealTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_SearchByPartOfTheName)->Apply(sizes)->UseRealTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_FirstPage)->Apply(sizes)->UseRealTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_DeltaList)->Apply(sizes)->Iterations(20)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(BM_FullList)->Apply(sizes)->Iterations(5)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hutong::bench

BENCHMARK_MAIN();
