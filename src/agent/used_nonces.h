#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <set>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace hutong::agent {

/// The nonces of login challenges that were signed: each is signed once, and only near its time, so that they
/// need to be remembered no longer than that. Thread-safe.
class UsedNonces {
 public:
  static constexpr std::size_t kMost = 100'000;

  explicit UsedNonces(std::chrono::seconds lifetime) : lifetime_(lifetime) {}
  /// kUnauthorized "agent.challenge_expired" (also for a time that is still to come),
  /// "agent.challenge_replayed"; kLimit "agent.too_many_requests" when there is no room.
  Status use(ByteView nonce, Time time, Time now);

 private:
  std::chrono::seconds lifetime_;
  std::mutex lock_;
  std::set<Bytes> used_;
  std::multimap<Time, Bytes> by_time_;
};

}  // namespace hutong::agent
