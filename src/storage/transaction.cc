#include "storage/transaction.h"

#include <utility>

#include "storage/internal/session.h"

namespace hutong::storage {

Reader::Reader(std::unique_ptr<Session> session) : session_(std::move(session)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Rows> Reader::all_rows(std::string_view sql, std::span<const Parameter> values) {
  Rows rows;
  HUTONG_CHECK(session_->visit(sql, values, Delivery::kWhole, [&rows](Row& row) {
    rows.push_back(std::move(row));
    return Step::kNext;
  }));
  return rows;
}

Result<std::optional<Row>> Reader::first_row(std::string_view sql, std::span<const Parameter> values) {
  std::optional<Row> first;
  HUTONG_CHECK(session_->visit(sql, values, Delivery::kWhole, [&first](Row& row) {
    first = std::move(row);
    return Step::kStop;
  }));
  return first;
}

Result<Row> Reader::required_row(std::string_view sql, std::span<const Parameter> values) {
  HUTONG_TRY(auto first, first_row(sql, values));
  if (!first) {
    return Error{Errc::kNotFound, reason::kNotFound, "there is no such row"};
  }
  return *std::move(first);
}

Status Reader::walk(const Visit& visit, std::string_view sql, std::span<const Parameter> values) {
  Status verdict = ok();
  HUTONG_CHECK(session_->visit(sql, values, Delivery::kStreamed, [&](Row& row) {
    verdict = visit(row);
    return verdict ? Step::kNext : Step::kStop;
  }));
  return verdict;
}

Result<std::int64_t> Transaction::change(std::string_view sql, std::span<const Parameter> values) {
  return session().execute(sql, values);
}

Status Transaction::change_one(std::string_view sql, std::span<const Parameter> values) {
  HUTONG_TRY(const std::int64_t changed, session().execute(sql, values));
  if (changed > 1) {
    return Error{Errc::kInternal, reason::kStatement, "a compare-and-set names more than one row"};
  }
  return changed == 1
             ? ok()
             : Status(Error{Errc::kConflict, reason::kConflict, "the row was changed by someone else"});
}

Result<Rows> Transaction::lock_rows(std::string_view sql, Lock lock, std::span<const Parameter> values) {
  return session().lock_rows(sql, values, lock == Lock::kWait ? RowLock::kWait : RowLock::kSkip);
}

Status Transaction::run_script(std::string_view sql) { return session().run_script(sql); }

Status Transaction::commit() { return session().commit(); }

}  // namespace hutong::storage
