// Transactions as a CA makes them (an order, two certificates, a history line, an audit record), committed to
// the disk before they count: by one thread, by many at once, and many orders in one transaction; on SQLite
// and on a private PostgreSQL. In the same run: what the disk syncs for one writer, which is the limit of a
// database that gives each transaction an fsync of its own.

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "audit/audit_log.h"
#include "storage/database.h"
#include "storage/migration.h"
#include "tests/support/test_database.h"

namespace hutong::bench {
namespace {

using storage::Database;
using storage::DatabaseKind;
using storage::Transaction;

constexpr storage::Migration kSchema[] = {
    {1, "orders and certificates",
     "CREATE TABLE orders (id TEXT PRIMARY KEY, state TEXT NOT NULL, version INTEGER NOT NULL);"
     "CREATE TABLE certificates (serial BLOB PRIMARY KEY, order_id TEXT NOT NULL, der BLOB NOT NULL);"
     "CREATE INDEX certificates_by_order ON certificates (order_id);"
     "CREATE TABLE history (order_id TEXT NOT NULL, step INTEGER NOT NULL, state TEXT NOT NULL,"
     " PRIMARY KEY (order_id, step))"},
};

/// A database with its schema, kept for all benchmarks of one kind.
class Home {
 public:
  explicit Home(DatabaseKind kind) : home_(kind) {
    if (!home_.available()) {
      return;
    }
    auto opened = Database::open(home_.url(), {.connections = 40});
    if (!opened) {
      throw std::runtime_error(opened.error().detail);
    }
    database_.emplace(std::move(opened).value());
    if (!migrate(*database_, "bench", kSchema, SystemClock()) ||
        !migrate(*database_, "audit", audit::migrations(), SystemClock())) {
      throw std::runtime_error("no schema");
    }
  }
  static Home& of(DatabaseKind kind) {
    static Home sqlite(DatabaseKind::kSqlite);
    static Home postgresql(DatabaseKind::kPostgresql);
    return kind == DatabaseKind::kSqlite ? sqlite : postgresql;
  }
  Database* database() { return database_ ? &*database_ : nullptr; }
  const std::filesystem::path& folder() const { return home_.folder(); }

 private:
  test::TestDatabase home_;
  std::optional<Database> database_;
};

std::atomic<std::uint64_t> orders_made = 0;

/// Serials without order, as real ones are: they reach all leaves of the index.
Bytes serial(std::uint64_t number) {
  Bytes octets(16);
  for (std::size_t at = 0; at < octets.size(); ++at) {
    number = number * 6364136223846793005U + 1442695040888963407U;
    octets[at] = static_cast<std::uint8_t>(number >> 56);
  }
  return octets;
}

Status make_order(Transaction& transaction, std::string& id) {
  const std::uint64_t number = ++orders_made;
  id = "01J" + std::to_string(number);
  const Bytes der(700, static_cast<std::uint8_t>(number));
  HUTONG_CHECK(
      transaction.execute("INSERT INTO orders (id, state, version) VALUES (?, ?, ?)", id, "approved", 1));
  for (const std::uint64_t half : {0U, 1U}) {
    HUTONG_CHECK(transaction.execute("INSERT INTO certificates (serial, order_id, der) VALUES (?, ?, ?)",
                                     serial(2 * number + half), id, der));
  }
  HUTONG_CHECK(transaction.compare_and_set(
      "UPDATE orders SET state = ?, version = version + 1 WHERE id = ? AND version = ?", "issued", id, 1));
  HUTONG_CHECK(
      transaction.execute("INSERT INTO history (order_id, step, state) VALUES (?, ?, ?)", id, 1, "issued"));
  return ok();
}

Status commit_orders(Database& database, std::int64_t count) {
  return in_transaction(database, [&](Transaction& transaction) -> Status {
    std::vector<audit::Event> events(static_cast<std::size_t>(count));
    for (audit::Event& event : events) {
      event.actor.subject = "CN=operator";
      event.action = "order.issued";
      event.object_kind = "order";
      HUTONG_CHECK(make_order(transaction, event.object_id));
    }
    return append(transaction, events);
  });
}

void BM_Orders(benchmark::State& state, DatabaseKind kind) {
  Database* database = Home::of(kind).database();
  if (database == nullptr) {
    state.SkipWithError("PostgreSQL not found");
    return;
  }
  for (auto _ : state) {
    if (const Status done = commit_orders(*database, state.range(0)); !done) {
      state.SkipWithError(done.error().detail.c_str());
      break;
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// 24 KiB appended and synced: about what one such transaction writes.
void BM_BareSync(benchmark::State& state) {
  const std::string file = Home::of(DatabaseKind::kSqlite).folder() / "sync";
  const int handle = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const Bytes content(24 << 10, 0x5a);
  for (auto _ : state) {
    if (::write(handle, content.data(), content.size()) < 0 || ::fdatasync(handle) != 0) {
      state.SkipWithError("cannot write");
      break;
    }
  }
  ::close(handle);
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(BM_BareSync)->UseRealTime()->Name("BareSync");
BENCHMARK_CAPTURE(BM_Orders, Sqlite, DatabaseKind::kSqlite)
    ->Arg(1)
    ->UseRealTime()
    ->Threads(1)
    ->Threads(4)
    ->Threads(32);
BENCHMARK_CAPTURE(BM_Orders, Sqlite, DatabaseKind::kSqlite)->Arg(100)->UseRealTime();
BENCHMARK_CAPTURE(BM_Orders, Postgresql, DatabaseKind::kPostgresql)
    ->Arg(1)
    ->UseRealTime()
    ->Threads(1)
    ->Threads(4)
    ->Threads(32);
BENCHMARK_CAPTURE(BM_Orders, Postgresql, DatabaseKind::kPostgresql)->Arg(100)->UseRealTime();

}  // namespace
}  // namespace hutong::bench

BENCHMARK_MAIN();
