// Dual orders as a platform places them over the REST profile, with proof of possession, lint, audit and a
// commit to the disk (SQLite, synchronous FULL) before the answer: a thousand in one request, and one order
// per request by many connections. Client, CA and database share the machine. The key management centre is a
// program of its own: its answers are prepared before the clock starts. In the same run, what the signatures
// alone cost.

#include <benchmark/benchmark.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bench/vendor.h"

namespace hutong::bench {
namespace {

void BM_OrdersInABatch(benchmark::State& state) {
  auto& vendor = Vendor::the();
  const auto client = vendor.client();
  for (auto _ : state) {
    state.PauseTiming();
    Json orders = Json::array();
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      orders.push_back(
          {{"idempotency_key", vendor.fresh_idempotency_key()}, {"order", vendor.fresh_order()}});
    }
    std::string body = net::to_text(Json{{"orders", std::move(orders)}});
    state.ResumeTiming();
    vendor.place(client, "order-batches?automatic=true", std::move(body));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_OrdersInABatch)->Arg(1'000)->UseRealTime()->Unit(benchmark::kMillisecond);

void BM_OneOrderPerRequest(benchmark::State& state) {
  auto& vendor = Vendor::the();
  constexpr std::size_t kOrdersEach = 50;
  const auto connections = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<std::pair<std::string, std::string>> bodies;
    for (std::size_t i = 0; i < connections * kOrdersEach; ++i) {
      bodies.emplace_back(vendor.fresh_idempotency_key(), net::to_text(vendor.fresh_order()));
    }
    state.ResumeTiming();
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < connections; ++t) {
      threads.emplace_back([&, t] {
        const auto client = vendor.client();
        for (std::size_t i = t; i < bodies.size(); i += connections) {
          vendor.place(client, "orders?automatic=true", bodies[i].second, bodies[i].first);
        }
      });
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * static_cast<std::int64_t>(kOrdersEach));
}
BENCHMARK(BM_OneOrderPerRequest)->Arg(1)->Arg(8)->UseRealTime()->Unit(benchmark::kMillisecond);

/// The limit: two certificates drafted, linted and signed, on one core, with nothing around them.
void BM_TwoCertificatesOnly(benchmark::State& state) {
  const auto& signing = Vendor::the().signing();
  const auto key = ca::test::fresh_public_key();
  const ca::SubjectData subject{.attributes = {{"O", "演示机构"}, {"CN", "演示机构"}},
                                .identities = {{"credit_code", "91350100M000100Y43"}}};
  const auto find = [](const char* id) {
    for (const auto& made : ca::default_templates()) {
      if (made.id == id) {
        return made;
      }
    }
    throw std::runtime_error("no template");
  };
  const auto first = find("organization-signing");
  const auto second = find("organization-encryption");
  for (auto _ : state) {
    for (const auto* made : {&first, &second}) {
      const ca::CertificateWish wish{.template_id = made->id,
                                     .subject = subject,
                                     .holder = {},
                                     .order = {},
                                     .key = key,
                                     .not_before = test::kMid2027};
      benchmark::DoNotOptimize(need(signing.prepare(wish, *made)));
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_TwoCertificatesOnly)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace hutong::bench

BENCHMARK_MAIN();
