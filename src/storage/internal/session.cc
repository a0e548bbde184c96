#include "storage/internal/session.h"

#include <string>
#include <utility>

#include "base/encoding.h"

namespace hutong::storage {

Status check_parameters(std::span<const Parameter> values) {
  for (const Parameter& parameter : values) {
    const auto* text = std::get_if<std::string_view>(&parameter.view());
    if (text != nullptr && (text->find('\0') != std::string_view::npos || !is_utf8(*text))) {
      return Error{Errc::kMalformed, reason::kText, "text must be UTF-8 without NUL octets"};
    }
  }
  return ok();
}

Status Session::ready() const {
  switch (state_) {
    case State::kOpen:
      return ok();
    case State::kAborted:
      return Error{Errc::kConflict, reason::kAborted, "an earlier statement of this transaction failed"};
    case State::kWalking:
      return Error{Errc::kInternal, reason::kStatement,
                   "a statement inside the walk over another one's rows"};
    case State::kEnded:
      break;
  }
  return Error{Errc::kInternal, reason::kStatement, "the transaction has ended"};
}

Result<std::int64_t> Session::execute(std::string_view sql, std::span<const Parameter> values) {
  HUTONG_CHECK(ready());
  HUTONG_CHECK(check_parameters(values));
  auto changed = do_execute(sql, values);
  if (!changed) {
    state_ = State::kAborted;
  }
  return changed;
}

Status Session::visit(std::string_view sql, std::span<const Parameter> values, Delivery delivery,
                      const RowStep& step) {
  HUTONG_CHECK(ready());
  HUTONG_CHECK(check_parameters(values));
  state_ = State::kWalking;
  Status walked = do_visit(sql, values, delivery, step);
  state_ = walked ? State::kOpen : State::kAborted;
  return walked;
}

Result<Rows> Session::lock_rows(std::string_view sql, std::span<const Parameter> values, RowLock lock) {
  Rows rows;
  const std::string locking = std::string(sql).append(lock_clause(lock));
  HUTONG_CHECK(visit(locking, values, Delivery::kWhole, [&rows](Row& row) {
    rows.push_back(std::move(row));
    return Step::kNext;
  }));
  return rows;
}

Status Session::run_script(std::string_view sql) {
  HUTONG_CHECK(ready());
  Status done = do_script(sql);
  if (!done) {
    state_ = State::kAborted;
  }
  return done;
}

Status Session::commit() {
  HUTONG_CHECK(ready());
  state_ = State::kEnded;
  return do_commit();
}

}  // namespace hutong::storage
