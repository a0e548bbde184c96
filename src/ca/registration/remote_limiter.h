#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace hutong::ca::registration {

/// How often one address may do something: at most `most` times within `window`. Remembers at most 10,000
/// addresses; when there are more, all start anew. Thread-safe.
class RemoteLimiter {
 public:
  RemoteLimiter(std::size_t most, std::chrono::seconds window) : most_(most), window_(window) {}
  /// kUnavailable "http.too_many_requests".
  Status count(std::string_view remote, Time now);

 private:
  struct Window {
    Time begun{};
    std::size_t times = 0;
  };
  static constexpr std::size_t kMostAddresses = 10'000;
  std::size_t most_;
  std::chrono::seconds window_;
  std::mutex mutex_;
  std::map<std::string, Window, std::less<>> windows_;
};

}  // namespace hutong::ca::registration
