#include "bench/ratio_reporter.h"

#include <algorithm>
#include <iomanip>
#include <optional>
#include <sstream>
#include <string_view>

namespace hutong::bench {
namespace {

constexpr std::string_view kOurs = "ours";
constexpr std::string_view kPeer = "openssl";

struct Side {
  std::string label;  ///< the name without the side
  std::string_view side;
};

/// "Sm3/ours/16384" is the side "ours" of "Sm3/16384".
std::optional<Side> side_of(const std::string& name) {
  for (const std::string_view side : {kOurs, kPeer}) {
    const std::string middle = "/" + std::string(side);
    const auto at = name.find(middle);
    const auto end = at + middle.size();
    if (at != std::string::npos && (end == name.size() || name[end] == '/')) {
      return Side{name.substr(0, at) + name.substr(end), side};
    }
  }
  return std::nullopt;
}

void keep_fastest(double& kept, double seconds) { kept = kept == 0 ? seconds : std::min(kept, seconds); }

/// A time in the unit that suits it.
std::string readable(double seconds) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(2);
  if (seconds < 1e-6) {
    out << seconds * 1e9 << " ns";
  } else if (seconds < 1e-3) {
    out << seconds * 1e6 << " us";
  } else {
    out << seconds * 1e3 << " ms";
  }
  return out.str();
}

}  // namespace

RatioReporter::Pair& RatioReporter::pair_of(const std::string& label) {
  if (pairs_.find(label) == pairs_.end()) {
    order_.push_back(label);
  }
  return pairs_[label];
}

void RatioReporter::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    const auto side = side_of(run.run_name.str());
    if (!side || run.error_occurred || run.run_type != Run::RT_Iteration || run.iterations == 0) {
      continue;
    }
    const double seconds = run.cpu_accumulated_time / static_cast<double>(run.iterations);
    Pair& pair = pair_of(side->label);
    keep_fastest(side->side == kOurs ? pair.ours : pair.peer, seconds);
  }
  ConsoleReporter::ReportRuns(runs);
}

void RatioReporter::Finalize() {
  std::ostream& out = GetOutputStream();
  constexpr int kLabelWidth = 32;
  constexpr int kTimeWidth = 14;
  out << "\n"
      << std::left << std::setw(kLabelWidth) << "ours against OpenSSL" << std::right << std::setw(kTimeWidth)
      << "ours" << std::setw(kTimeWidth) << "OpenSSL" << std::setw(kTimeWidth) << "times faster"
      << "\n";
  for (const std::string& label : order_) {
    const Pair& pair = pairs_.at(label);
    out << std::left << std::setw(kLabelWidth) << label << std::right << std::setw(kTimeWidth)
        << (pair.ours > 0 ? readable(pair.ours) : "-") << std::setw(kTimeWidth)
        << (pair.peer > 0 ? readable(pair.peer) : "-") << std::setw(kTimeWidth);
    if (pair.ours > 0 && pair.peer > 0) {
      out << std::fixed << std::setprecision(2) << pair.peer / pair.ours << "\n";
    } else {
      out << "-"
          << "\n";
    }
  }
  out << std::flush;
}

int run_with_ratios(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::Shutdown();
  return 0;
}

}  // namespace hutong::bench
