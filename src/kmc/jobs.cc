#include "kmc/jobs.h"

#include <exception>
#include <string>
#include <utility>

#include "net/log.h"

namespace hutong::kmc {
namespace {

constexpr std::chrono::hours kHour{1};

void log_failure(std::string_view job, const Error& error) {
  net::log(net::LogLevel::kError, "job.failed",
           {{"job", job}, {"reason", error.reason}, {"detail", error.detail}});
}

}  // namespace

Jobs::Jobs(const StockKeeper& stock, Metrics& metrics, std::chrono::seconds refill_every,
           std::vector<HourlyJob> hourly)
    : stock_(&stock),
      metrics_(&metrics),
      refill_every_(refill_every),
      hourly_(std::move(hourly)),
      thread_([this] { work(); }) {}

Jobs::~Jobs() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Jobs::wake() {
  {
    const std::lock_guard lock(mutex_);
    awake_ = true;
  }
  changed_.notify_all();
}

void Jobs::refill() {
  const auto keep_on = [this] {
    const std::lock_guard lock(mutex_);
    return !stopping_;
  };
  const auto made = stock_->fill(keep_on);
  if (!made) {
    metrics_->count_failed_job();
    log_failure("making", made.error());
  } else if (*made > 0) {
    metrics_->count_made(*made);
    net::log(net::LogLevel::kInfo, "keys.made", {{"count", *made}});
  }
}

void Jobs::work_hourly() {
  for (const HourlyJob& job : hourly_) {
    if (const auto done = job(); !done) {
      metrics_->count_failed_job();
      log_failure("hourly", done.error());
    }
  }
}

void Jobs::work() {
  auto hourly_at = std::chrono::steady_clock::now();
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, refill_every_, [this] { return stopping_ || awake_; });
      if (stopping_) {
        return;
      }
      awake_ = false;
    }
    try {
      refill();
      if (std::chrono::steady_clock::now() >= hourly_at) {
        work_hourly();
        hourly_at = std::chrono::steady_clock::now() + kHour;
      }
    } catch (const std::exception& failure) {  // the job runner is one of the three places with a catch-all
      metrics_->count_failed_job();
      log_failure("any", {Errc::kInternal, "internal", failure.what()});
    }
  }
}

}  // namespace hutong::kmc
