#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <type_traits>

#include "base/result.h"
#include "storage/transaction.h"

namespace hutong::storage {

enum class DatabaseKind { kSqlite, kPostgresql };

struct DatabaseOptions {
  std::size_t connections = 8;  ///< most connections at a time (SQLite: readers beside one writer)
  std::chrono::milliseconds patience{
      5'000};                          ///< most waiting for a connection or a lock, then "storage.busy"
  std::int64_t sqlite_page_limit = 0;  ///< most pages of 4096 octets in the file, 0 for no limit
};

/// A database and the pool of its connections. Thread-safe; open one per program and hand it down by
/// reference.
///
/// SQLite: one file in WAL mode, synchronous=FULL. Transactions of threads that wait for the writer are
/// joined into one fsync: each keeps its own rollback, and commit() returns only after the fsync of the
/// group. PostgreSQL: a lost connection is replaced when it is next used.
class Database {
 public:
  /// "sqlite:FILE" (made with mode 0600 when absent; its folder must exist) or a libpq URL "postgresql://…".
  /// "storage.url", "storage.unavailable", "storage.damaged".
  static Result<Database> open(std::string_view url, const DatabaseOptions& options = {});
  Database(Database&&) noexcept;
  Database& operator=(Database&&) = delete;
  ~Database();

  DatabaseKind kind() const;

  /// A snapshot to read from.
  Result<Reader> read() const;
  /// A transaction that may write; prefer in_transaction(), which also retries.
  Result<Transaction> begin();

  /// A consistent copy while others write, complete when it appears under its name. SQLite only;
  /// PostgreSQL answers "storage.unsupported": its operators use pg_dump.
  Status backup_to(const std::filesystem::path& file) const;

  /// One database behind the two kinds; defined inside the module.
  class Backend;

 private:
  explicit Database(std::unique_ptr<Backend> backend);
  std::unique_ptr<Backend> backend_;
};

/// Decides whether a transaction is run again: at most kMostAttempts times and not after kLongest, with
/// growing, random pauses.
class Retry {
 public:
  static constexpr int kMostAttempts = 8;
  static constexpr std::chrono::seconds kLongest{5};
  /// True when `error` is transient and an attempt is left; then it has already waited.
  bool again(const Error& error);

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  int attempts_ = 1;
};

/// Runs `body(Transaction&)`, which returns a Result, and commits when it is good; rolls back when it is an
/// error, which is returned. Transient failures (lost connection, deadlock, busy) run the body again from the
/// start, so the body changes nothing outside the transaction until it is called for the last time.
template <typename Body>
std::invoke_result_t<Body&, Transaction&> in_transaction(Database& database, Body&& body) {
  for (Retry retry;;) {
    auto outcome = [&]() -> std::invoke_result_t<Body&, Transaction&> {
      HUTONG_TRY(Transaction transaction, database.begin());
      auto answer = body(transaction);
      if (answer) {
        HUTONG_CHECK(transaction.commit());
      }
      return answer;
    }();
    if (outcome || !retry.again(outcome.error())) {
      return outcome;
    }
  }
}

}  // namespace hutong::storage
