#pragma once

#include <cstdint>
#include <mutex>

#include "kmc/service/key_service.h"
#include "kmc/stores/key_pair_record.h"
#include "net/exposition.h"

namespace hutong::kmc {

/// What the centre counts beside its requests. Any thread may call.
class Metrics {
 public:
  void count_made(std::int64_t keys);
  void count_failed_job();
  void expose(net::Exposition& out, const StoreCounts& stores, const KeyService& service) const;

 private:
  mutable std::mutex mutex_;
  std::int64_t made_ = 0;
  std::uint64_t failed_jobs_ = 0;
};

}  // namespace hutong::kmc
