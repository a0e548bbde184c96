#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

namespace hutong::bench {

/// Prints what google-benchmark prints and, at the end, a table of ratios: the benchmarks "Sm2Sign/ours" and
/// "Sm2Sign/openssl" are a pair, as are "Sm3/ours/16384" and "Sm3/openssl/16384"; a ratio above 1 means that
/// ours is faster. Times are CPU times per iteration; of repetitions the fastest counts.
class RatioReporter final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

 private:
  struct Pair {
    double ours = 0;  ///< seconds; 0 when not run
    double peer = 0;
  };
  Pair& pair_of(const std::string& label);
  std::vector<std::string> order_;
  std::map<std::string, Pair> pairs_;
};

/// The main function of a benchmark program. Returns the exit code.
int run_with_ratios(int argc, char** argv);

}  // namespace hutong::bench
