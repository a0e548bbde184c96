#include "ca/registration/remote_limiter.h"

namespace hutong::ca::registration {

Status RemoteLimiter::count(std::string_view remote, Time now) {
  const std::lock_guard lock(mutex_);
  if (windows_.size() >= kMostAddresses) {
    windows_.clear();
  }
  auto found = windows_.find(remote);
  if (found == windows_.end()) {
    found = windows_.emplace(std::string(remote), Window{now, 0}).first;
  }
  Window& window = found->second;
  if (now - window.begun >= window_ || now < window.begun) {
    window = {now, 0};
  }
  if (window.times == most_) {
    return Error{Errc::kUnavailable, "http.too_many_requests", "too many requests from this address: wait"};
  }
  ++window.times;
  return ok();
}

}  // namespace hutong::ca::registration
