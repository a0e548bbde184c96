#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>

#include "net/router.h"

namespace hutong::net::internal {

/// Requests that quick handlers answered. There may be tens of thousands a second, so the log gets one line
/// for each route and minute, "http.requests" with their number, instead of one for each. Thread-safe.
class Tally {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kEvery{60};

  /// The router must outlive it.
  explicit Tally(const Router& router);
  /// Writes what came together when the last line is a minute old.
  void count(const Route& route, std::size_t octets_in, std::size_t octets_out, Moment now);
  void write(Moment now);

 private:
  struct Entry {
    const Route* route;
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> octets_in{0};
    std::atomic<std::uint64_t> octets_out{0};
  };
  std::deque<Entry> entries_;  ///< of the routes with a quick handler; they do not move
  std::atomic<Moment> written_{std::chrono::steady_clock::now()};
};

}  // namespace hutong::net::internal
