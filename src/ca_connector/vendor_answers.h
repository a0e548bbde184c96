#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

/// Answers of the vendor profile (docs/api/vendor.yaml), read strictly; members that we do not know are left
/// alone.
namespace hutong::ca_connector {

/// What a vendor says about itself and promises; absent where it says nothing.
struct Promises {
  std::string vendor = {};                                 ///< how it calls itself
  std::optional<std::int64_t> order_hours = std::nullopt;  ///< from entry to issue
  std::optional<std::int64_t> revocation_minutes = std::nullopt;
  std::optional<std::int64_t> availability_permille = std::nullopt;
};

/// What has become of an order.
enum class Outcome : std::uint8_t { kWaiting, kMade, kEnded };  ///< kEnded: refused or cancelled

struct OrderTimes {
  std::string id;
  std::string kind;  ///< "application", "renewal" …
  Outcome outcome = Outcome::kWaiting;
  Time entered_at{};
  /// When it was made; absent in lists for orders that went on since: ask for the order itself.
  std::optional<Time> made_at = std::nullopt;
};

/// All: kUnavailable "connector.answer", the detail naming the member.
Result<Promises> read_promises(std::string_view text);
Result<std::vector<OrderTimes>> read_order_list(std::string_view text);
/// One order with its steps: `made_at` is there when it was made.
Result<OrderTimes> read_order(std::string_view text);

}  // namespace hutong::ca_connector
