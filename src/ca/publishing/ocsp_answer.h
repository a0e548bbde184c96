#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/time.h"

namespace hutong::ca {

struct OcspOptions {
  std::chrono::seconds validity{std::chrono::hours(1)};    ///< from thisUpdate to nextUpdate
  std::chrono::seconds renewal{std::chrono::minutes(30)};  ///< answers with less left are signed anew
  std::size_t kept_answers = 1'000'000;                    ///< the oldest make room
  std::size_t most_certificates = 32;                      ///< in one request
  /// How old the last look at the changes in the database may be: above, nothing kept is said again.
  std::chrono::milliseconds longest_blindness{std::chrono::seconds(10)};
  /// How far in the future an answer may have been produced: the clocks of nodes differ a little.
  std::chrono::seconds clock_skew{std::chrono::minutes(1)};
};

/// An answer on its way out; shared with the responder's memory, so cheap to copy.
struct OcspAnswer {
  std::shared_ptr<const Bytes> der;
  /// For a web cache; nothing when it is for this asker alone, and the two after it are empty.
  std::optional<Time> fresh_until = std::nullopt;
  Time produced_at{};
  std::string entity_tag = {};  ///< with its quotes, as in ETag
};

}  // namespace hutong::ca
