#include "operators/session.h"

namespace hutong::operators {
namespace {

constexpr std::string_view kInsertSession =
    "INSERT INTO operator_sessions (id, token_sm3, operator_id, remote, started_at, expires_at, active_at,"
    " proven_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kFindSession =
    "SELECT id, operator_id, remote, started_at, expires_at, active_at, proven_at, ended_at, end_reason"
    " FROM operator_sessions WHERE token_sm3 = ?";
constexpr std::string_view kTouch =
    "UPDATE operator_sessions SET active_at = CASE WHEN active_at < ? THEN ? ELSE active_at END,"
    " proven_at = CASE WHEN proven_at < ? THEN ? ELSE proven_at END WHERE id = ? AND ended_at IS NULL";
constexpr std::string_view kEnd =
    "UPDATE operator_sessions SET ended_at = ?, end_reason = ? WHERE id = ? AND ended_at IS NULL";
constexpr std::string_view kEndAll =
    "UPDATE operator_sessions SET ended_at = ?, end_reason = ? WHERE operator_id = ? AND ended_at IS NULL";

}  // namespace

Status SessionRepository::insert(storage::Transaction& transaction, const Session& session,
                                 ByteView token_sm3) {
  HUTONG_CHECK(transaction.execute(kInsertSession, session.id, token_sm3, session.operator_id, session.remote,
                                   session.started_at, session.expires_at, session.active_at,
                                   session.proven_at));
  return ok();
}

Result<std::optional<Session>> SessionRepository::find(storage::Reader& reader, ByteView token_sm3) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindSession, token_sm3));
  if (!row) {
    return std::optional<Session>();
  }
  return std::optional(Session{.id = row->text(0),
                               .operator_id = row->text(1),
                               .remote = row->text(2),
                               .started_at = row->time(3),
                               .expires_at = row->time(4),
                               .active_at = row->time(5),
                               .proven_at = row->time(6),
                               .ended_at = row->get<std::optional<Time>>(7),
                               .end_reason = row->get<std::optional<std::string>>(8).value_or("")});
}

Result<bool> SessionRepository::touch(storage::Transaction& transaction, const Session& seen) {
  HUTONG_TRY(const auto touched, transaction.execute(kTouch, seen.active_at, seen.active_at, seen.proven_at,
                                                     seen.proven_at, seen.id));
  return touched == 1;
}

Result<bool> SessionRepository::end(storage::Transaction& transaction, std::string_view id,
                                    std::string_view reason, Time now) {
  HUTONG_TRY(const auto ended, transaction.execute(kEnd, now, reason, id));
  return ended == 1;
}

Status SessionRepository::end_all_of(storage::Transaction& transaction, std::string_view operator_id,
                                     std::string_view reason, Time now) {
  HUTONG_CHECK(transaction.execute(kEndAll, now, reason, operator_id));
  return ok();
}

Result<std::int64_t> SessionRepository::remove_old(storage::Transaction& transaction, Time before) {
  return transaction.execute(
      "DELETE FROM operator_sessions WHERE expires_at < ? OR (ended_at IS NOT NULL AND ended_at < ?)", before,
      before);
}

Result<bool> SessionRepository::use_once(storage::Transaction& transaction, ByteView digest, Time now,
                                         Time forget_before) {
  HUTONG_CHECK(transaction.execute("DELETE FROM operator_used_once WHERE used_at < ?", forget_before));
  HUTONG_TRY(const auto inserted,
             transaction.execute("INSERT INTO operator_used_once (digest, used_at) VALUES (?, ?)"
                                 " ON CONFLICT (digest) DO NOTHING",
                                 digest, now));
  return inserted == 1;
}

}  // namespace hutong::operators
