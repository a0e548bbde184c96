#include "platform/login/rate_limit.h"

namespace hutong::platform::login {

Status RateLimit::count(std::string_view who, Time now) {
  const std::int64_t minute = now.time_since_epoch().count() / 60;
  const std::lock_guard lock(mutex_);
  if (minute != minute_) {
    minute_ = minute;
    counts_.clear();
  }
  auto found = counts_.find(who);
  if (found == counts_.end()) {
    found = counts_.try_emplace(counts_.size() < kMostAskers ? std::string(who) : std::string(), 0).first;
  }
  if (++found->second > most_) {
    return Error{Errc::kLimit, "http.too_many_requests", "too many requests within a minute"};
  }
  return ok();
}

}  // namespace hutong::platform::login
