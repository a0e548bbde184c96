#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "kmc/service/key_service.h"
#include "kmc/stores/key_pair_record.h"
#include "net/server.h"

namespace hutong::kmc {

/// What the centre counts, in the text format of Prometheus (0.0.4). Label values come from fixed sets, never
/// from input, so the number of series is bounded. Any thread may call.
class Metrics {
 public:
  void count(const net::RequestRecord& request);
  void count_made(std::int64_t keys);
  void count_failed_job();
  std::string expose(const StoreCounts& stores, const KeyService& service) const;

 private:
  struct Duration {
    std::uint64_t total = 0;
    double seconds = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::string, std::uint64_t> requests_;
  std::map<std::string, std::uint64_t> problems_;
  std::map<std::string, Duration> durations_;
  std::int64_t made_ = 0;
  std::uint64_t failed_jobs_ = 0;
};

}  // namespace hutong::kmc
