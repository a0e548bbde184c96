#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "net/server.h"
#include "recognition/report.h"
#include "recognition/trust_list.h"

namespace hutong::platform {

/// What the platform counts, in the text format of Prometheus (0.0.4). Label values come from fixed sets
/// (kinds, codes, route patterns), never from input, so the number of series is bounded. Any thread may call.
class Metrics {
 public:
  void count(const recognition::RecognitionReport& report);
  void count(const net::RequestRecord& request);
  void count_trust_reload();
  std::string expose(const recognition::LoadedTrustList& list, std::size_t revocation_objects,
                     Time now) const;

 private:
  static constexpr std::array<double, 10> kBuckets = {0.001, 0.0025, 0.005, 0.01, 0.025,
                                                      0.1,   0.25,   1,     2.5,  10};
  struct Histogram {
    std::array<std::uint64_t, kBuckets.size()> counts{};  ///< not cumulative
    std::uint64_t total = 0;
    double sum = 0;
  };
  using Counters = std::map<std::string, std::uint64_t>;  ///< by labels, written out

  mutable std::mutex mutex_;
  Counters validations_;
  Counters quirks_;
  Counters problems_;
  Counters requests_;
  std::map<std::string, Histogram> durations_;
  std::uint64_t octets_in_ = 0;
  std::uint64_t octets_out_ = 0;
  std::uint64_t trust_reloads_ = 0;
};

}  // namespace hutong::platform
