#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace hutong::platform::login {

/// How often somebody may ask within a minute, counted by each node for itself. Memory is bounded: when there
/// are too many askers in one minute, those that nobody knows yet share one count. Any thread.
class RateLimit {
 public:
  explicit RateLimit(std::uint32_t most) : most_(most) {}
  /// kLimit "http.too_many_requests" (429).
  Status count(std::string_view who, Time now);

 private:
  static constexpr std::size_t kMostAskers = 100'000;
  const std::uint32_t most_;
  std::mutex mutex_;
  std::int64_t minute_ = 0;
  std::map<std::string, std::uint32_t, std::less<>> counts_;
};

}  // namespace hutong::platform::login
