#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/record.h"
#include "base/result.h"
#include "base/time.h"
#include "kmc/stores/key_maker.h"
#include "storage/database.h"

namespace hutong::kmc {

/// What the super administrator decides: how full the spare store is, how long keys are kept.
struct StockPolicy {
  std::int64_t minimum = 1'000;       ///< below it the spare store is refilled …
  std::int64_t target = 5'000;        ///< … up to this
  std::int64_t expired_days = 30;     ///< after the certificate's end: from the in-use to the history store
  std::int64_t history_days = 3'650;  ///< then deleted
  std::int64_t version = 1;
};
inline constexpr std::int64_t kMostSpareKeys = 10'000'000;
/// kMalformed "policy.value": 0 <= minimum <= target <= 10 million, expired_days up to 3,650, history_days 1
/// to 36,500.
Status check_policy(const StockPolicy& policy);

class PolicyRepository {
 public:
  static Status insert(storage::Transaction& transaction, const StockPolicy& policy);
  /// kUnavailable "kmc.not_initialised".
  static Result<StockPolicy> find(storage::Reader& reader);
  /// `policy.version` is the one that was read; kConflict "storage.conflict".
  static Status update(storage::Transaction& transaction, const StockPolicy& policy);
};

/// An order to make key pairs, at once or at a time (K27).
struct Making {
  std::string id;  ///< ULID
  std::int64_t wanted = 0;
  std::int64_t made = 0;
  Time due_at{};
  std::string requested_by;
  Time created_at{};
  std::optional<Time> finished_at = std::nullopt;
};
class MakingRepository {
 public:
  static Status insert(storage::Transaction& transaction, const Making& making);
  static Result<std::vector<Making>> newest(storage::Reader& reader, std::size_t limit);
  /// Locked; the oldest one due, or nothing.
  static Result<std::optional<Making>> next_due(storage::Transaction& transaction, Time now);
  static Status advance(storage::Transaction& transaction, const Making& making, std::int64_t more, Time now);
};

/// Keeps the spare store filled: orders that are due first, then up to the target when it is below the
/// minimum. Nodes on one database take turns at a row that is locked with each portion, so that together they
/// make what is missing and no more; a node that dies loses the portion it was making. Any thread.
class StockKeeper {
 public:
  StockKeeper(storage::Database& database, const KeyMaker& maker, const Clock& clock)
      : database_(&database), maker_(&maker), clock_(&clock) {}

  /// Everything that is to be made now; the number of key pairs. Stops early when `keep_on` says no.
  template <typename KeepOn>
  Result<std::int64_t> fill(KeepOn keep_on) const {
    std::int64_t total = 0;
    bool below = false;
    while (keep_on()) {
      HUTONG_TRY(const std::int64_t made, make_portion(below));
      if (made == 0) {
        break;
      }
      total += made;
    }
    return total;
  }

  /// Moves expired keys to the history store, deletes old history, closes overdue recovery cases: one record
  /// in the log when anything happened. The number of rows.
  Result<std::int64_t> retire_and_forget() const;

 private:
  /// At most kPortion keys. `below`: the store was found below its minimum and is being filled to its target.
  Result<std::int64_t> make_portion(bool& below) const;
  Result<std::int64_t> store(storage::Transaction& transaction, const MadeKeys& made, bool& below,
                             Time now) const;
  /// True when a look at the tables says that there is something to do.
  Result<std::int64_t> missing(bool below, Time now) const;

  storage::Database* database_;
  const KeyMaker* maker_;
  const Clock* clock_;
};

/// Key pairs in one transaction.
inline constexpr std::int64_t kPortion = 1'000;

}  // namespace hutong::kmc
