#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "net/exposition.h"
#include "net/server.h"

namespace hutong::net {

/// Counts the answers of a server: hand count() to it as the Observer. Any thread may call.
class RequestMetrics {
 public:
  void count(const RequestRecord& request);
  /// hutong_http_requests_total, hutong_problems_total, hutong_http_request_duration_seconds and the octets.
  void expose(Exposition& out) const;

 private:
  static constexpr std::array<double, 10> kBuckets = {0.001, 0.0025, 0.005, 0.01, 0.025,
                                                      0.1,   0.25,   1,     2.5,  10};
  struct Histogram {
    std::array<std::uint64_t, kBuckets.size()> counts{};  ///< not cumulative
    std::uint64_t total = 0;
    double sum = 0;
  };
  void expose_durations(Exposition& out) const;

  mutable std::mutex mutex_;
  Counters requests_;
  Counters problems_;
  std::map<std::string, Histogram> durations_;  ///< by route
  std::uint64_t octets_in_ = 0;
  std::uint64_t octets_out_ = 0;
};

}  // namespace hutong::net
