#include "ca/cmp/cmp_transactions.h"

#include <charconv>
#include <string_view>

namespace hutong::ca {
namespace {

using State = CmpTransaction::State;

constexpr std::string_view kColumns =
    "SELECT id, sender, request_sm3, answer_kind, request_ids, order_id, state FROM cmp_transactions WHERE "
    "id = ?";
constexpr std::string_view kInsertTransaction =
    "INSERT INTO cmp_transactions (id, sender, request_sm3, answer_kind, request_ids, order_id, state, "
    "created_at) "
    "VALUES (?, ?, ?, ?, ?, '', 0, ?)";
constexpr std::string_view kForget = "DELETE FROM cmp_transactions WHERE created_at < ?";
constexpr std::string_view kOrdered =
    "UPDATE cmp_transactions SET order_id = ?, state = 1 WHERE id = ? AND state = 0";
constexpr std::string_view kClose = "UPDATE cmp_transactions SET state = 2 WHERE id = ?";

std::string text_of(const std::vector<std::int64_t>& ids) {
  std::string text;
  for (const std::int64_t id : ids) {
    text += (text.empty() ? "" : " ") + std::to_string(id);
  }
  return text;
}

std::vector<std::int64_t> ids_from(std::string_view text) {
  std::vector<std::int64_t> ids;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  while (at < end) {
    std::int64_t id = 0;
    at = std::from_chars(at, end, id).ptr + 1;
    ids.push_back(id);
  }
  return ids;
}

CmpTransaction transaction_from(const storage::Row& row) {
  return {.id = row.bytes(0),
          .sender = row.text(1),
          .request_sm3 = row.bytes(2),
          .answer_kind = row.get<cmp::BodyType>(3),
          .request_ids = ids_from(row.text(4)),
          .order = row.text(5),
          .state = row.get<State>(6)};
}

Error taken() { return {Errc::kConflict, "cmp.transaction", "another transaction has this identifier"}; }

}  // namespace

Result<CmpTransaction> CmpTransactions::begin(const CmpTransaction& wanted, Time now) const {
  return storage::in_transaction(
      *database_, [&](storage::Transaction& transaction) -> Result<CmpTransaction> {
        HUTONG_CHECK(transaction.execute(kForget, now - kKept));
        HUTONG_TRY(const auto row, transaction.query_optional(kColumns, wanted.id));
        if (!row) {
          HUTONG_CHECK(transaction.execute(kInsertTransaction, wanted.id, wanted.sender, wanted.request_sm3,
                                           static_cast<std::int64_t>(wanted.answer_kind),
                                           text_of(wanted.request_ids), now));
          return wanted;
        }
        auto known = transaction_from(*row);
        if (known.sender != wanted.sender || known.request_sm3 != wanted.request_sm3) {
          return taken();
        }
        return known;
      });
}

Status CmpTransactions::ordered(const Bytes& id, const std::string& order) const {
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    HUTONG_CHECK(transaction.execute(kOrdered, order, id));
    return ok();
  });
}

Status CmpTransactions::close(const Bytes& id) const {
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    HUTONG_CHECK(transaction.execute(kClose, id));
    return ok();
  });
}

Result<CmpTransaction> CmpTransactions::find(const Bytes& id, const std::string& sender) const {
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(const auto row, reader.query_optional(kColumns, id));
  if (!row || row->text(1) != sender) {
    return Error{Errc::kConflict, "cmp.no_transaction", "no transaction of this sender has this identifier"};
  }
  return transaction_from(*row);
}

}  // namespace hutong::ca
