#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "ca_connector/vendor_answers.h"
#include "net/json.h"

namespace hutong::platform {

/// What a vendor promised when it was accredited, beside what became of the orders that it got from us.
struct CommitmentReport {
  Time measured_at{};
  std::int64_t promised_hours = 0;   ///< from entry to issue, as entered here
  ca_connector::Promises said = {};  ///< what it promises today
  std::int64_t orders = 0;           ///< that end in a certificate; refused and cancelled ones do not count
  std::int64_t in_time = 0;          ///< made within the promise
  std::int64_t late = 0;             ///< made, but later
  std::int64_t waiting = 0;          ///< not made yet, still within the promise
  std::int64_t overdue = 0;          ///< not made, and the promise is broken already
  std::optional<std::int64_t> median_seconds = std::nullopt;  ///< from entry to issue, of those made
  std::optional<std::int64_t> longest_seconds = std::nullopt;
  struct Broken {
    std::string id;  ///< the vendor's
    std::string kind;
    Time entered_at{};
    std::optional<Time> made_at = std::nullopt;
  };
  std::vector<Broken> broken = {};  ///< late and overdue ones, the longest first, 50 at most
};

CommitmentReport measure_commitments(std::span<const ca_connector::OrderTimes> orders,
                                     std::int64_t promised_hours, Time now);

net::Json to_json(const CommitmentReport& report);

}  // namespace hutong::platform
