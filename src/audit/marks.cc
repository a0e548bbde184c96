#include <algorithm>

#include "audit/audit_log.h"

namespace hutong::audit {

Result<std::int64_t> mark_audited(storage::Transaction& transaction, std::int64_t first, std::int64_t last,
                                  std::string_view auditor, Time now) {
  return transaction.execute(
      "UPDATE audit_records SET audited_at = ?, audited_by = ? WHERE sequence BETWEEN ? AND ? AND audited_at "
      "IS NULL",
      now, auditor, first, last);
}

Result<std::int64_t> mark_archived(storage::Transaction& transaction, std::int64_t last, Time now) {
  return transaction.execute(
      "UPDATE audit_records SET archived_at = ? WHERE sequence <= ? AND archived_at IS NULL", now, last);
}

Result<std::int64_t> prune(storage::Transaction& transaction, std::int64_t last) {
  HUTONG_CHECK(transaction.query_for_update("SELECT sequence FROM audit_head WHERE id = 1"));
  HUTONG_TRY(const storage::Row open,
             transaction.query_one("SELECT min(sequence) FROM audit_records WHERE archived_at IS NULL"));
  const std::int64_t most = open.is_null(0) ? last : std::min(last, open.integer(0) - 1);
  HUTONG_TRY(const auto end,
             transaction.query_optional("SELECT sequence, hash FROM audit_records WHERE sequence <= ?"
                                        " ORDER BY sequence DESC LIMIT 1",
                                        most));
  if (!end) {
    return std::int64_t{0};
  }
  HUTONG_CHECK(transaction.execute("UPDATE audit_head SET before_sequence = ?, before_hash = ? WHERE id = 1",
                                   end->integer(0), end->bytes(1)));
  return transaction.execute("DELETE FROM audit_records WHERE sequence <= ?", end->integer(0));
}

}  // namespace hutong::audit
