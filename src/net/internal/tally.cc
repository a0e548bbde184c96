#include "net/internal/tally.h"

#include <algorithm>

#include "net/log.h"

namespace hutong::net::internal {

Tally::Tally(const Router& router) {
  for (const Route& route : router.routes()) {
    if (route.quick) {
      entries_.emplace_back().route = &route;
    }
  }
}

void Tally::count(const Route& route, std::size_t octets_in, std::size_t octets_out, Moment now) {
  const auto entry =
      std::ranges::find_if(entries_, [&route](const Entry& known) { return known.route == &route; });
  entry->requests += 1;
  entry->octets_in += octets_in;
  entry->octets_out += octets_out;
  Moment written = written_;
  if (now - written >= kEvery && written_.compare_exchange_strong(written, now)) {
    write(now);
  }
}

void Tally::write(Moment now) {
  written_ = now;
  for (Entry& entry : entries_) {
    const std::uint64_t requests = entry.requests.exchange(0);
    if (requests != 0) {
      log(LogLevel::kInfo, "http.requests",
          {{"route", entry.route->pattern},
           {"method", to_string(entry.route->method)},
           {"requests", requests},
           {"octets_in", entry.octets_in.exchange(0)},
           {"octets_out", entry.octets_out.exchange(0)}});
    }
  }
}

}  // namespace hutong::net::internal
