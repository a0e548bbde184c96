#include "platform/rate_limit.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "net/problem.h"

namespace hutong::platform {
namespace {

constexpr std::size_t kMostAddress = 64;
constexpr std::size_t kOctetsOfOne = 4096;

using Count = std::function<Status(const net::Request&)>;

net::Handler limited(net::Handler handler, const Count& count) {
  return [handler = std::move(handler), count](const net::Request& request) -> Result<net::Response> {
    HUTONG_CHECK(count(request));
    return handler(request);
  };
}

net::QuickHandler limited_quick(net::QuickHandler handler, const Count& count) {
  return [handler = std::move(handler), count](const net::Request& request) {
    const Status counted = count(request);
    return counted ? handler(request) : std::optional(net::to_problem(counted.error(), request.id));
  };
}

}  // namespace

Status RateLimit::count(std::string_view who, Time now, std::uint64_t weight) {
  if (most_ == 0) {
    return ok();
  }
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
  // Whoever has asked for nothing yet may ask for something large.
  const bool is_over = found->second >= most_;
  found->second += weight;
  if (is_over) {
    return Error{Errc::kLimit, "http.too_many_requests", "too many requests within a minute"};
  }
  return ok();
}

std::string_view address_of(const net::Request& request, std::string_view field) {
  const auto given = field.empty() ? std::nullopt : request.headers.find(field);
  if (!given) {
    return request.remote;
  }
  const std::string_view last = given->substr(given->rfind(',') + 1);  // npos + 1: from the start
  const auto begin = last.find_first_not_of(' ');
  if (begin == std::string_view::npos || last.size() > kMostAddress) {
    return request.remote;
  }
  return last.substr(begin, last.find_last_not_of(' ') - begin + 1);
}

std::uint64_t weight_of(const net::Request& request) { return 1 + request.body.size() / kOctetsOfOne; }

net::Router limited_routes(const net::Router& router, std::initializer_list<std::string_view> free,
                           Count count) {
  net::Router routes;
  for (net::Route route : router.routes()) {
    if (std::ranges::find(free, route.pattern) == free.end()) {
      if (route.quick) {  // tried first, so it counts for both
        route.quick = limited_quick(std::move(route.quick), count);
      } else {
        route.handler = limited(std::move(route.handler), count);
      }
    }
    routes.add(std::move(route));
  }
  return routes;
}

}  // namespace hutong::platform
