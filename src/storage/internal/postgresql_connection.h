#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "storage/internal/session.h"
#include "storage/internal/text_hash.h"

namespace hutong::storage {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PostgresqlResult = std::unique_ptr<PGresult, ClearResult>;

/// The Error behind a result that reports failure; `result` may be null (no memory, no connection).
Error postgresql_error(PGconn* connection, const PGresult* result);

/// One row of an answer in binary format.
Status read_postgresql_row(const PGresult* result, int at, Row& row);

/// One connection with its prepared statements. One thread at a time. Parameters and answers travel in
/// binary.
class PostgresqlConnection {
 public:
  static Result<std::unique_ptr<PostgresqlConnection>> open(const std::string& url,
                                                            std::chrono::milliseconds patience);

  Result<std::int64_t> execute(std::string_view sql, std::span<const Parameter> values);
  Status visit(std::string_view sql, std::span<const Parameter> values, Delivery delivery,
               const RowStep& step);
  /// A statement of the protocol itself: BEGIN, ROLLBACK …
  Status run(const char* sql);
  Status begin_writing();
  /// Returns when the transaction is on the disk; "storage.outcome_unknown" when the connection breaks on the
  /// way.
  ///
  /// Locks go before the disk is waited for: the transaction commits with synchronous_commit off, then an
  /// empty message in the write-ahead log commits with it on, and what that waits for includes everything
  /// written before. Otherwise the row that orders the audit chain would let through one transaction per
  /// fsync.
  Status commit();
  Status run_script(std::string_view sql);
  bool is_idle() const { return PQtransactionStatus(connection_.get()) == PQTRANS_IDLE; }
  bool usable() const { return PQstatus(connection_.get()) == CONNECTION_OK && is_idle(); }

 private:
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  class Arguments;

  explicit PostgresqlConnection(PGconn* connection) : connection_(connection) {}
  Result<std::string> prepared(std::string_view sql, const Arguments& arguments);
  Status check(const PGresult* result);
  Status finish(const char* commit);
  Status walk_whole(const std::string& name, const Arguments& arguments, const RowStep& step);
  Status walk_streamed(const std::string& name, const Arguments& arguments, const RowStep& step);

  std::unique_ptr<PGconn, Finish> connection_;
  std::unordered_map<std::string, std::string, TextHash, std::equal_to<>>
      statements_;  ///< text and types to name
  std::uint64_t last_name_ = 0;
  bool has_written_ = false;  ///< since begin_writing()
};

}  // namespace hutong::storage
