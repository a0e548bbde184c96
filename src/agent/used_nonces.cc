#include "agent/used_nonces.h"

#include <utility>

namespace hutong::agent {

Status UsedNonces::use(ByteView nonce, Time time, Time now) {
  if (time < now - lifetime_ || time > now + lifetime_) {
    return Error{Errc::kUnauthorized, "agent.challenge_expired", "made at " + to_rfc3339(time)};
  }
  const std::lock_guard lock(lock_);
  while (!by_time_.empty() && by_time_.begin()->first < now - lifetime_) {
    used_.erase(by_time_.begin()->second);
    by_time_.erase(by_time_.begin());
  }
  if (used_.size() >= kMost) {
    return Error{Errc::kLimit, "agent.too_many_requests",
                 "too many challenges were signed in the last minutes"};
  }
  Bytes octets = to_bytes(nonce);
  if (!used_.insert(octets).second) {
    return Error{Errc::kUnauthorized, "agent.challenge_replayed", "this nonce was signed before"};
  }
  by_time_.emplace(time, std::move(octets));
  return ok();
}

}  // namespace hutong::agent
