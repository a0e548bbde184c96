#include "storage/migration.h"

#include <string>

#include "base/encoding.h"
#include "crypto/sm3.h"

namespace hutong::storage {
namespace {

constexpr std::string_view kHistoryTable =
    "CREATE TABLE IF NOT EXISTS hutong_migrations (component TEXT NOT NULL, number INTEGER NOT NULL, name "
    "TEXT NOT NULL,"
    " sm3 TEXT NOT NULL, applied_at INTEGER NOT NULL, PRIMARY KEY (component, number))";
/// SQLite needs no lock beside its one writer. The number is arbitrary and belongs to us.
constexpr std::string_view kPostgresqlLock = "SELECT pg_advisory_xact_lock(4715276020260601)";

/// SM3 over the texts, each with its length, so that moving a word between them shows.
std::string fingerprint(const Migration& migration) {
  crypto::Sm3 hash;
  for (const std::string_view part :
       {migration.name, migration.sql, migration.sql_sqlite, migration.sql_postgresql}) {
    hash.update(as_bytes(std::to_string(part.size()) + ":"));
    hash.update(as_bytes(part));
  }
  return to_hex(hash.finish());
}

Error wrong_history(std::string_view component, std::string_view what) {
  return {Errc::kPolicy, reason::kHistory, "schema of " + std::string(component) + ": " + std::string(what)};
}

/// Compares what was recorded with what the program knows; the number of steps already done.
Result<std::size_t> steps_done(Transaction& transaction, std::string_view component,
                               std::span<const Migration> migrations) {
  HUTONG_TRY(const Rows rows,
             transaction.query("SELECT number, sm3 FROM hutong_migrations WHERE component = ?"
                               " ORDER BY number",
                               component));
  for (std::size_t at = 0; at < rows.size(); ++at) {
    const std::string step = "step " + std::to_string(at + 1);
    if (rows[at].get<std::size_t>(0) != at + 1) {
      return wrong_history(component, step + " was recorded and is missing");
    }
    if (at < migrations.size() && rows[at].text(1) != fingerprint(migrations[at])) {
      return wrong_history(component, step + " is not the one that was applied");
    }
  }
  return rows.size();
}

Status apply(Transaction& transaction, DatabaseKind kind, std::string_view component,
             const Migration& migration, Time now) {
  HUTONG_CHECK(transaction.run_script(migration.sql));
  HUTONG_CHECK(transaction.run_script(kind == DatabaseKind::kSqlite ? migration.sql_sqlite
                                                                    : migration.sql_postgresql));
  HUTONG_CHECK(
      transaction.execute("INSERT INTO hutong_migrations (component, number, name, sm3, applied_at)"
                          " VALUES (?, ?, ?, ?, ?)",
                          component, migration.number, migration.name, fingerprint(migration), now));
  return ok();
}

/// One step, or the finding that none is left.
enum class Progress { kApplied, kComplete };
Result<Progress> advance(Database& database, std::string_view component,
                         std::span<const Migration> migrations, Time now) {
  return in_transaction(database, [&](Transaction& transaction) -> Result<Progress> {
    if (database.kind() == DatabaseKind::kPostgresql) {
      HUTONG_CHECK(transaction.run_script(kPostgresqlLock));
    }
    HUTONG_CHECK(transaction.run_script(kHistoryTable));
    HUTONG_TRY(const std::size_t done, steps_done(transaction, component, migrations));
    if (done >= migrations.size()) {
      return Progress::kComplete;
    }
    HUTONG_CHECK(apply(transaction, database.kind(), component, migrations[done], now));
    return Progress::kApplied;
  });
}

}  // namespace

Status migrate(Database& database, std::string_view component, std::span<const Migration> migrations,
               const Clock& clock) {
  for (std::size_t at = 0; at < migrations.size(); ++at) {
    if (migrations[at].number != static_cast<int>(at) + 1) {
      return wrong_history(component, "the program's steps are not numbered 1, 2, 3 …");
    }
  }
  for (;;) {
    HUTONG_TRY(const Progress progress, advance(database, component, migrations, clock.now()));
    if (progress == Progress::kComplete) {
      return ok();
    }
  }
}

}  // namespace hutong::storage
