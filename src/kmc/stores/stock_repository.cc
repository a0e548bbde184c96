#include <algorithm>

#include "kmc/stores/stock_keeper.h"

namespace hutong::kmc {
namespace {

using storage::Reader;
using storage::Row;
using storage::Transaction;

constexpr std::string_view kInsertPolicy =
    "INSERT INTO policy (id, minimum, target, expired_days, history_days, version) VALUES (1, ?, ?, ?, ?, ?)";
constexpr std::string_view kPolicy =
    "SELECT minimum, target, expired_days, history_days, version FROM policy WHERE id = 1";
constexpr std::string_view kUpdatePolicy =
    "UPDATE policy SET minimum = ?, target = ?, expired_days = ?, history_days = ?, version = version + 1 "
    "WHERE id = 1 AND version = ?";
#define HUTONG_MAKING_COLUMNS "id, wanted, made, due_at, requested_by, created_at, finished_at"
constexpr std::string_view kInsertMaking =
    "INSERT INTO makings (" HUTONG_MAKING_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kNewest = "SELECT " HUTONG_MAKING_COLUMNS " FROM makings ORDER BY id DESC LIMIT ?";
constexpr std::string_view kNextDue =
    "SELECT " HUTONG_MAKING_COLUMNS
    " FROM makings WHERE finished_at IS NULL AND due_at <= ? ORDER BY due_at, id LIMIT 1";
constexpr std::string_view kAdvance =
    "UPDATE makings SET made = ?, finished_at = ? WHERE id = ? AND made = ?";

constexpr std::int64_t kMostExpiredDays = 3'650;
constexpr std::int64_t kMostHistoryDays = 36'500;

Making making_of(const Row& row) {
  return {.id = row.text(0),
          .wanted = row.integer(1),
          .made = row.integer(2),
          .due_at = row.time(3),
          .requested_by = row.text(4),
          .created_at = row.time(5),
          .finished_at = row.get<std::optional<Time>>(6)};
}

}  // namespace

Status check_policy(const StockPolicy& policy) {
  const bool good = policy.minimum >= 0 && policy.minimum <= policy.target &&
                    policy.target <= kMostSpareKeys && policy.expired_days >= 0 &&
                    policy.expired_days <= kMostExpiredDays && policy.history_days >= 1 &&
                    policy.history_days <= kMostHistoryDays;
  return good ? ok()
              : Status(Error{
                    Errc::kMalformed, "policy.value",
                    "0 <= minimum <= target <= 10000000, expired_days 0 to 3650, history_days 1 to 36500"});
}

Status PolicyRepository::insert(Transaction& transaction, const StockPolicy& policy) {
  HUTONG_CHECK(transaction.execute(kInsertPolicy, policy.minimum, policy.target, policy.expired_days,
                                   policy.history_days, policy.version));
  return ok();
}

Result<StockPolicy> PolicyRepository::find(Reader& reader) {
  HUTONG_TRY(const auto row, reader.query_optional(kPolicy));
  if (!row) {
    return Error{Errc::kUnavailable, "kmc.not_initialised", "run hutong-kmc init first"};
  }
  return StockPolicy{.minimum = row->integer(0),
                     .target = row->integer(1),
                     .expired_days = row->integer(2),
                     .history_days = row->integer(3),
                     .version = row->integer(4)};
}

Status PolicyRepository::update(Transaction& transaction, const StockPolicy& policy) {
  return transaction.compare_and_set(kUpdatePolicy, policy.minimum, policy.target, policy.expired_days,
                                     policy.history_days, policy.version);
}

Status MakingRepository::insert(Transaction& transaction, const Making& making) {
  HUTONG_CHECK(transaction.execute(kInsertMaking, making.id, making.wanted, making.made, making.due_at,
                                   making.requested_by, making.created_at, making.finished_at));
  return ok();
}

Result<std::vector<Making>> MakingRepository::newest(Reader& reader, std::size_t limit) {
  HUTONG_TRY(const auto rows, reader.query(kNewest, limit));
  std::vector<Making> makings;
  std::ranges::transform(rows, std::back_inserter(makings), making_of);
  return makings;
}

Result<std::optional<Making>> MakingRepository::next_due(Transaction& transaction, Time now) {
  HUTONG_TRY(const auto rows, transaction.query_for_update(kNextDue, now));
  return rows.empty() ? std::nullopt : std::optional(making_of(rows.front()));
}

Status MakingRepository::advance(Transaction& transaction, const Making& making, std::int64_t more,
                                 Time now) {
  const std::int64_t made = making.made + more;
  return transaction.compare_and_set(
      kAdvance, made, made >= making.wanted ? std::optional(now) : std::nullopt, making.id, making.made);
}

}  // namespace hutong::kmc
