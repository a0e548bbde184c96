#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "storage/transaction.h"

namespace hutong::operators {

/// One login of one operator. The token is known to the page alone; the table holds its SM3.
struct Session {
  std::string id;  ///< ULID; part of every signed action
  std::string operator_id;
  std::string remote;
  Time started_at{};
  Time expires_at{};  ///< the absolute end
  Time active_at{};   ///< the last request, within a tenth of the idle time
  Time proven_at{};   ///< the last signature of the carrier
  std::optional<Time> ended_at = std::nullopt;
  std::string end_reason =
      {};  ///< "logout", "idle", "expired", "carrier", "retired", "changed", "certificate"
};

/// The tables of sessions and of what is used once only. Stateless; errors are those of storage/error.h.
class SessionRepository {
 public:
  static Status insert(storage::Transaction& transaction, const Session& session, ByteView token_sm3);
  static Result<std::optional<Session>> find(storage::Reader& reader, ByteView token_sm3);
  /// Moves active_at and proven_at forward. False when the session is over.
  static Result<bool> touch(storage::Transaction& transaction, const Session& seen);
  /// False when it was over already.
  static Result<bool> end(storage::Transaction& transaction, std::string_view id, std::string_view reason,
                          Time now);
  static Status end_all_of(storage::Transaction& transaction, std::string_view operator_id,
                           std::string_view reason, Time now);
  /// Sessions that were over before `before`.
  static Result<std::int64_t> remove_old(storage::Transaction& transaction, Time before);

  /// Remembers a challenge or a signature, and forgets those used before `forget_before`. False when it was
  /// used already.
  static Result<bool> use_once(storage::Transaction& transaction, ByteView digest, Time now,
                               Time forget_before);
};

}  // namespace hutong::operators
