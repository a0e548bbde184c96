// What pages meet at the token agent: TLS, WebSocket, the driver's process and the software token, from one
// page's call to its answer.

#include <benchmark/benchmark.h>

#include <memory>

#include "agent/test_supplier.h"
#include "base/encoding.h"

namespace hutong::bench {
namespace {

using agent::test::Json;
using agent::test::Page;
using agent::test::RunningAgent;
using agent::test::Supplier;

using agent::test::kShop;

/// A running agent with a certified token, and a page that is logged in.
struct Scene {
  RunningAgent agent{RunningAgent::Options{}};
  Page page{agent.port(), kShop};
  Supplier supplier{agent, page, "a"};
};

void must(const Json& answer, benchmark::State& state) {
  if (answer.contains("problem")) {
    state.SkipWithError(answer.dump().c_str());
  }
}

/// A page may ask 600 times at once, so the rounds are fewer.
void BM_PageToPageSignature(benchmark::State& state) {
  Scene scene;
  const Json params = Supplier::at("a", {{"data", to_base64(Bytes(1'000, 7))}});
  for (auto _ : state) {
    must(scene.page.call("sign.data", params, Supplier::kPurpose), state);
  }
  state.counters["peak_MiB"] = static_cast<double>(scene.agent.peak_mebibytes());
}
BENCHMARK(BM_PageToPageSignature)->Iterations(400)->UseRealTime()->Unit(benchmark::kMillisecond);

void BM_Hello(benchmark::State& state) {
  RunningAgent agent{RunningAgent::Options{}};
  Page page(agent.port(), kShop);
  for (auto _ : state) {
    must(page.call("hello"), state);
  }
  state.counters["peak_MiB"] = static_cast<double>(agent.peak_mebibytes());
}
BENCHMARK(BM_Hello)->Iterations(400)->UseRealTime()->Unit(benchmark::kMillisecond);

/// Eight drivers, one of which hangs.
void BM_EightDriversOneHung(benchmark::State& state) {
  RunningAgent agent(
      {.allowed = {kShop}, .test_drivers = {"good", "clash_1", "clash_2", "wide", "aligned", "der", "hang"}});
  Page page(agent.port(), kShop);
  for (auto _ : state) {
    must(page.call("tokens.list", {{"refresh", true}}), state);
  }
}
BENCHMARK(BM_EightDriversOneHung)->UseRealTime()->Unit(benchmark::kMillisecond)->Iterations(3);

/// A file through the agent, encrypted there or decrypted in the token; peak_MiB is the agent's memory.
void stream_file(benchmark::State& state, bool decrypt) {
  Scene scene;
  const Bytes content(static_cast<std::size_t>(state.range(0)) << 20, 7);
  Bytes message;
  const Json recipients{{"certificates", {scene.supplier.encryption()}}};
  if (decrypt) {
    message.reserve(content.size() + 10'000);
    must(scene.page.stream("encrypt.envelope", recipients, content, &message), state);
  }
  for (auto _ : state) {
    Bytes out;
    out.reserve(content.size() + 10'000);
    must(decrypt ? scene.page.stream("decrypt.envelope", Supplier::at("a"), message, &out, Supplier::kPurpose)
                 : scene.page.stream("encrypt.envelope", recipients, content, &out),
         state);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0) << 20);
  state.counters["peak_MiB"] = static_cast<double>(scene.agent.peak_mebibytes());
}
void BM_EncryptFile(benchmark::State& state) { stream_file(state, false); }
void BM_DecryptFile(benchmark::State& state) { stream_file(state, true); }
BENCHMARK(BM_EncryptFile)->Arg(1'024)->UseRealTime()->Unit(benchmark::kSecond)->Iterations(1);
BENCHMARK(BM_DecryptFile)->Arg(1'024)->UseRealTime()->Unit(benchmark::kSecond)->Iterations(1);

}  // namespace
}  // namespace hutong::bench

BENCHMARK_MAIN();
