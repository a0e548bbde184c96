#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "kmc/metrics.h"
#include "kmc/stores/stock_keeper.h"

namespace hutong::kmc {

/// The background jobs on a thread of their own: refilling every few seconds or when woken, retention once an
/// hour with whatever else is given. A failing job is logged and tried again. Stops when destroyed, within
/// one portion of keys.
class Jobs {
 public:
  using HourlyJob = std::function<Result<std::int64_t>()>;
  Jobs(const StockKeeper& stock, Metrics& metrics, std::chrono::seconds refill_every,
       std::vector<HourlyJob> hourly);
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;
  ~Jobs();
  /// There is something to make now. Any thread.
  void wake();

 private:
  void work();
  void refill();
  void work_hourly();
  const StockKeeper* stock_;
  Metrics* metrics_;
  std::chrono::seconds refill_every_;
  std::vector<HourlyJob> hourly_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool awake_ = true;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace hutong::kmc
