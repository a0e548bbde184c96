// The snapshot of a revocation list of 10,000,000 entries: looking up serials that are listed and that are
// not, all over the list, and what of the file lies in memory.

#include <benchmark/benchmark.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/stream.h"
#include "bench/crl_material.h"
#include "x509/crl.h"

namespace hutong::bench {
namespace {

constexpr std::size_t kEntries = 10'000'000;
constexpr std::size_t kLookups = 1 << 16;
constexpr std::string_view kOrigin = "bench";

const std::filesystem::path& snapshot_file() {
  static const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("hutong-bench-" + std::to_string(getpid()) + ".snapshot");
  return file;
}

/// Resident memory of this process, by kind ("RssAnon", "RssFile"), in MiB.
double resident(const std::string& kind) {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with(kind + ":")) {
      return std::stod(line.substr(kind.size() + 1)) / 1024;
    }
  }
  return 0;
}

void look_up(benchmark::State& state, const x509::Crl& list, Sought sought) {
  const auto serials = sought_serials(sought, kEntries, kLookups);
  std::size_t next = 0;
  for (auto _ : state) {
    if (list.find(serials[next++ % kLookups]).has_value() != (sought == Sought::kListed)) {
      state.SkipWithError("wrong answer");
      break;
    }
  }
  state.counters["heap_MiB"] = resident("RssAnon");
  state.counters["file_MiB"] =
      resident("RssFile");  // the kernel's cache, given back when it is needed elsewhere
}

Result<x509::Crl> open_snapshot() {
  HUTONG_TRY(auto file, MappedFile::open(snapshot_file()));
  return x509::Crl::open_snapshot(std::move(file), kOrigin);
}

Status make_snapshot() {
  HUTONG_TRY(const auto list, x509::Crl::parse(make_list(kEntries)));
  HUTONG_TRY(auto out, FileSink::create(snapshot_file()));
  HUTONG_CHECK(list.write_snapshot(out, kOrigin));
  return out.commit();
}

void open_file(benchmark::State& state) {
  for (auto _ : state) {
    const auto list = open_snapshot();
    if (!list || list->entry_count() != kEntries) {
      state.SkipWithError("not opened");
      break;
    }
  }
}

}  // namespace
}  // namespace hutong::bench

int main(int argc, char** argv) {
  using namespace hutong;
  bench::snapshot_file();  // named before the processes part
  // Made in a process of its own, so that what this leaves in the heap is not counted. It ends by _exit,
  // for it is a copy of this one; without a snapshot nothing is measured, and the program fails.
  const pid_t maker = fork();
  if (maker == 0) {
    _exit(bench::make_snapshot() ? 0 : 1);
  }
  int status = 1;
  waitpid(maker, &status, 0);
  const auto file = bench::snapshot_file();
  const auto list = bench::open_snapshot();
  if (status != 0 || !list) {
    std::cerr << "the snapshot could not be made\n";
    return 2;
  }
  std::cout << "snapshot " << (std::filesystem::file_size(file) >> 20) << " MiB, list "
            << (list->der().size() >> 20) << " MiB\n";
  benchmark::RegisterBenchmark("SnapshotLookup10M/listed",
                               [&](auto& state) { bench::look_up(state, *list, bench::Sought::kListed); });
  benchmark::RegisterBenchmark("SnapshotLookup10M/good",
                               [&](auto& state) { bench::look_up(state, *list, bench::Sought::kNotListed); });
  benchmark::RegisterBenchmark("SnapshotOpen10M", bench::open_file)->Unit(benchmark::kMillisecond);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  std::filesystem::remove(file);
  return 0;
}
