#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "net/router.h"

namespace hutong::platform {

/// How often somebody may ask within a minute, counted by each node for itself. Memory is bounded: when there
/// are too many askers in one minute, those that nobody knows yet share one count. Any thread.
class RateLimit {
 public:
  /// 0: as often as they like.
  explicit RateLimit(std::uint32_t most) : most_(most) {}
  /// `weight`: for how many requests this one counts. kLimit "http.too_many_requests" (429).
  Status count(std::string_view who, Time now, std::uint64_t weight = 1);

 private:
  static constexpr std::size_t kMostAskers = 100'000;
  const std::uint32_t most_;
  std::mutex mutex_;
  std::int64_t minute_ = 0;
  std::map<std::string, std::uint64_t, std::less<>> counts_;
};

/// The address a request came from: as a proxy of ours tells in this header field, whose last entry is its
/// own, or that of the peer where `field` is empty or the request has none.
std::string_view address_of(const net::Request& request, std::string_view field);

/// For how many requests one with this body counts: large ones and batches take longer.
std::uint64_t weight_of(const net::Request& request);

/// The same routes; `count` says of each request whether it is still let in, but for the `free` ones.
net::Router limited_routes(const net::Router& router, std::initializer_list<std::string_view> free,
                           std::function<Status(const net::Request&)> count);

}  // namespace hutong::platform
