#include "kmc/stores/stock_keeper.h"

#include <algorithm>
#include <utility>

#include "audit/audit_log.h"
#include "kmc/recovery/recovery_case.h"
#include "kmc/stores/key_repository.h"
#include "net/json.h"

namespace hutong::kmc {
namespace {

using storage::Reader;
using storage::Transaction;

constexpr std::string_view kLock = "SELECT name FROM jobs WHERE name = ?";
constexpr std::string_view kDue =
    "SELECT coalesce(sum(wanted - made), 0) FROM makings WHERE finished_at IS NULL AND due_at <= ?";
constexpr std::size_t kMostExpired = 1'000;

/// What the store lacks: nothing until it is below the minimum, then all up to the target.
std::int64_t lacking(const StockPolicy& policy, std::int64_t spare, bool& below) {
  below = below || spare < policy.minimum;
  return below ? std::max<std::int64_t>(0, policy.target - spare) : 0;
}

audit::Event job_event(std::string_view action, std::string_view kind, std::string_view id,
                       const net::Json& detail, Time now) {
  return {.time = now,
          .action = std::string(action),
          .object_kind = std::string(kind),
          .object_id = std::string(id),
          .detail = net::to_text(detail)};
}

Status store_keys(Transaction& transaction, const MadeKeys& made, std::int64_t count) {
  HUTONG_CHECK(KeyRepository::add_batch(transaction, made.batch));
  for (std::int64_t at = 0; at < count; ++at) {
    HUTONG_CHECK(KeyRepository::add_spare(transaction, made.keys[static_cast<std::size_t>(at)]));
  }
  return ok();
}

}  // namespace

Result<std::int64_t> StockKeeper::missing(bool below, Time now) const {
  HUTONG_TRY(Reader reader, database_->read());
  HUTONG_TRY(const auto due, reader.query_one(kDue, now));
  if (due.integer(0) > 0) {
    return due.integer(0);
  }
  HUTONG_TRY(const StockPolicy policy, PolicyRepository::find(reader));
  HUTONG_TRY(const std::int64_t spare, KeyRepository::count_spare(reader));
  return lacking(policy, spare, below);
}

Result<std::int64_t> StockKeeper::store(Transaction& transaction, const MadeKeys& made, bool& below,
                                        Time now) const {
  HUTONG_CHECK(transaction.query_for_update(kLock, "making"));
  const auto at_hand = static_cast<std::int64_t>(made.keys.size());
  HUTONG_TRY(const auto making, MakingRepository::next_due(transaction, now));
  std::int64_t count = 0;
  net::Json detail;
  if (making) {
    count = std::min(at_hand, making->wanted - making->made);
    HUTONG_CHECK(MakingRepository::advance(transaction, *making, count, now));
    detail = {{"count", count}, {"making", making->id}};
  } else {
    HUTONG_TRY(const StockPolicy policy, PolicyRepository::find(transaction));
    HUTONG_TRY(const std::int64_t spare, KeyRepository::count_spare(transaction));
    count = std::min(at_hand, lacking(policy, spare, below));
    detail = {{"count", count}, {"spare_before", spare}};
  }
  if (count == 0) {
    return count;
  }
  HUTONG_CHECK(store_keys(transaction, made, count));
  HUTONG_CHECK(audit::append(transaction, job_event("keys.made", "batch", made.batch.id, detail, now)));
  return count;
}

Result<std::int64_t> StockKeeper::make_portion(bool& below) const {
  const Time now = clock_->now();
  HUTONG_TRY(const std::int64_t wanted, missing(below, now));
  if (wanted == 0) {
    return std::int64_t{0};
  }
  HUTONG_TRY(const MadeKeys made, maker_->make(static_cast<std::size_t>(std::min(wanted, kPortion)), now));
  return storage::in_transaction(
      *database_, [&](Transaction& transaction) { return store(transaction, made, below, now); });
}

Result<std::int64_t> StockKeeper::retire_and_forget() const {
  const Time now = clock_->now();
  return storage::in_transaction(*database_, [&](Transaction& transaction) -> Result<std::int64_t> {
    HUTONG_CHECK(transaction.query_for_update(kLock, "retention"));
    HUTONG_TRY(const StockPolicy policy, PolicyRepository::find(transaction));
    HUTONG_TRY(
        const auto expired,
        KeyRepository::expired(transaction, now - std::chrono::days(policy.expired_days), kMostExpired));
    for (const HeldKey& key : expired) {
      HUTONG_CHECK(KeyRepository::retire(transaction, key, Retirement::kExpired, now));
    }
    HUTONG_TRY(const std::int64_t forgotten,
               KeyRepository::forget(transaction, now - std::chrono::days(policy.history_days)));
    HUTONG_TRY(const std::int64_t overdue, RecoveryDesk::expire(transaction, now));
    const auto retired = static_cast<std::int64_t>(expired.size());
    if (retired + forgotten + overdue > 0) {
      HUTONG_CHECK(audit::append(transaction, job_event("keys.retention", "store", "history",
                                                        {{"retired_as_expired", retired},
                                                         {"deleted_from_history", forgotten},
                                                         {"recoveries_expired", overdue}},
                                                        now)));
    }
    return retired + forgotten + overdue;
  });
}

}  // namespace hutong::kmc
