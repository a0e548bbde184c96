#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hutong {

/// Whole seconds, UTC. The only time type of the code base.
using Time = std::chrono::sys_seconds;

/// RFC 3339 in UTC: "2026-06-01T00:00:00Z".
std::string to_rfc3339(Time time);
/// RFC 3339 with any offset (fractions of a second are cut), or a plain date "2026-06-01" meaning its first
/// second in UTC. kMalformed "time.rfc3339".
Result<Time> from_rfc3339(std::string_view text);
/// A civil date and time in UTC; nothing when a field is out of range (31 February, hour 24 ...). Second 60
/// is refused.
struct CivilTime {
  int year, month, day, hour, minute, second;
};
Result<Time> from_civil(const CivilTime& civil);
CivilTime to_civil(Time time);

/// Where a program gets "now" from. The core never reads a clock: it takes a Time as an argument.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }
};

class FixedClock final : public Clock {
 public:
  explicit FixedClock(Time time) : time_(time) {}
  Time now() const override { return time_; }

 private:
  Time time_;
};

}  // namespace hutong
