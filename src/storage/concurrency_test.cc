#include <atomic>
#include <barrier>
#include <thread>
#include <utility>
#include <vector>

#include "storage/contract_fixture.h"

namespace hutong::storage {
namespace {

using ConcurrencyContract = Contract;
INSTANTIATE_TEST_SUITE_P(Storage, ConcurrencyContract, test::both_databases(), test::database_name);

constexpr int kThreads = 6;

template <typename Work>
void in_parallel(const Work& work) {
  std::vector<std::jthread> threads;
  for (int index = 0; index < kThreads; ++index) {
    threads.emplace_back([&work, index] { work(index); });
  }
}

TEST_P(ConcurrencyContract, NoLostUpdateByCompareAndSet) {
  Database database = open();
  run(database,
      "CREATE TABLE counters (id INTEGER PRIMARY KEY, total INTEGER NOT NULL, version INTEGER NOT NULL);"
      "INSERT INTO counters (id, total, version) VALUES (1, 0, 0)");
  constexpr int kEach = 15;

  in_parallel([&](int) {
    for (int done = 0; done < kEach;) {
      const Row seen = read_one(database, "SELECT total, version FROM counters WHERE id = 1");
      const Status changed = in_transaction(database, [&](Transaction& transaction) {
        return transaction.compare_and_set(
            "UPDATE counters SET total = ?, version = version + 1 WHERE id = 1 AND version = ?",
            seen.integer(0) + 1, seen.integer(1));
      });
      ASSERT_TRUE(changed || changed.error().reason == reason::kConflict) << changed.error().detail;
      done += changed ? 1 : 0;
    }
  });
  EXPECT_EQ(read_one(database, "SELECT total FROM counters").integer(0), kThreads * kEach);
}

TEST_P(ConcurrencyContract, NoLostUpdateByLockedRead) {
  Database database = open();
  run(database,
      "CREATE TABLE counters (id INTEGER PRIMARY KEY, total INTEGER NOT NULL);"
      "INSERT INTO counters (id, total) VALUES (1, 0)");
  constexpr int kEach = 50;
  in_parallel([&](int) {
    for (int round = 0; round < kEach; ++round) {
      const Status done = in_transaction(database, [](Transaction& transaction) -> Status {
        HUTONG_TRY(const Rows rows,
                   transaction.query_for_update("SELECT total FROM counters WHERE id = ?", 1));
        HUTONG_CHECK(
            transaction.execute("UPDATE counters SET total = ? WHERE id = 1", rows[0].integer(0) + 1));
        return ok();
      });
      ASSERT_TRUE(done) << done.error().detail;
    }
  });
  EXPECT_EQ(read_one(database, "SELECT total FROM counters").integer(0), kThreads * kEach);
}

TEST_P(ConcurrencyContract, JobsAreClaimedOnce) {
  Database database = open();
  run(database, "CREATE TABLE jobs (id INTEGER PRIMARY KEY, owner INTEGER)");
  constexpr int kJobs = 120;
  for (int job = 0; job < kJobs; ++job) {
    ASSERT_TRUE(write(database, "INSERT INTO jobs (id) VALUES (?)", job));
  }
  std::atomic<int> claimed = 0;
  in_parallel([&](int worker) {
    for (;;) {
      const auto got = in_transaction(database, [&](Transaction& transaction) -> Result<bool> {
        HUTONG_TRY(const Rows rows,
                   transaction.claim("SELECT id FROM jobs WHERE owner IS NULL ORDER BY id LIMIT 3"));
        for (const Row& row : rows) {
          HUTONG_CHECK(transaction.compare_and_set("UPDATE jobs SET owner = ? WHERE id = ? AND owner IS NULL",
                                                   worker, row.integer(0)));
        }
        claimed += static_cast<int>(rows.size());
        return !rows.empty();
      });
      ASSERT_TRUE(got) << got.error().detail;
      if (!*got) {
        return;
      }
    }
  });
  EXPECT_EQ(claimed, kJobs);
  EXPECT_EQ(read_one(database, "SELECT count(*) FROM jobs WHERE owner IS NULL").integer(0), 0);
}

TEST_P(ConcurrencyContract, ARollbackUndoesNobodyElsesWork) {
  Database database = open();
  run(database, "CREATE TABLE marks (id INTEGER PRIMARY KEY)");
  constexpr int kEach = 60;
  in_parallel([&](int worker) {
    for (int round = 0; round < kEach; ++round) {
      const int id = worker * kEach + round;
      const Status done = in_transaction(database, [&](Transaction& transaction) -> Status {
        HUTONG_CHECK(transaction.execute("INSERT INTO marks (id) VALUES (?)", id));
        return id % 3 == 0 ? Status(Error{Errc::kPolicy, "test.refused", ""}) : ok();
      });
      ASSERT_EQ(reason_of(done), id % 3 == 0 ? "test.refused" : "ok");
      const auto there = read_one(database, "SELECT count(*) FROM marks WHERE id = ?", id).integer(0);
      ASSERT_EQ(there, id % 3 == 0 ? 0 : 1) << "an acknowledged row is visible, a refused one is not";
    }
  });
  EXPECT_EQ(read_one(database, "SELECT count(*) FROM marks WHERE id % 3 = 0").integer(0), 0);
  EXPECT_EQ(read_one(database, "SELECT count(*) FROM marks").integer(0), kThreads * kEach * 2 / 3);
}

TEST_P(ConcurrencyContract, DeadlocksAreRunAgain) {
  Database database = open();
  run(database,
      "CREATE TABLE pairs (id INTEGER PRIMARY KEY, n INTEGER NOT NULL);"
      "INSERT INTO pairs (id, n) VALUES (0, 0), (1, 0)");
  std::barrier both(2);
  std::atomic<int> runs = 0;
  const auto cross = [&](int first) {
    bool met = GetParam() == DatabaseKind::kSqlite;  // SQLite's second writer waits before it starts
    const Status done = in_transaction(database, [&](Transaction& transaction) -> Status {
      ++runs;
      HUTONG_CHECK(transaction.execute("UPDATE pairs SET n = n + 1 WHERE id = ?", first));
      if (!std::exchange(met, true)) {
        both.arrive_and_wait();
      }
      HUTONG_CHECK(transaction.execute("UPDATE pairs SET n = n + 1 WHERE id = ?", 1 - first));
      return ok();
    });
    EXPECT_TRUE(done) << done.error().detail;
  };
  {
    const std::jthread one([&] { cross(0); });
    const std::jthread other([&] { cross(1); });
  }
  EXPECT_EQ(read_one(database, "SELECT sum(n) FROM pairs").integer(0), 4);
  EXPECT_EQ(runs, GetParam() == DatabaseKind::kSqlite ? 2 : 3);
}

TEST_P(ConcurrencyContract, ThePoolIsBoundedAndSaysBusy) {
  Database database = open({.connections = 2, .patience = std::chrono::milliseconds(50)});
  {
    auto first = database.read();
    auto second = database.read();
    ASSERT_TRUE(first && second);
    EXPECT_EQ(reason_of(database.read()), reason::kBusy);
  }
  EXPECT_TRUE(database.read());
}

TEST_P(ConcurrencyContract, ALockHeldTooLongIsBusy) {
  Database database = open({.patience = std::chrono::milliseconds(60)});
  run(database, "CREATE TABLE marks (id INTEGER PRIMARY KEY); INSERT INTO marks (id) VALUES (1)");
  auto holder = database.begin();
  ASSERT_TRUE(holder);
  ASSERT_TRUE(holder->execute("DELETE FROM marks"));
  std::string_view refused;
  std::jthread([&] {
    auto other = database.begin();
    refused = other ? reason_of(other->execute("DELETE FROM marks")) : reason_of(other);
  }).join();
  EXPECT_EQ(refused, reason::kBusy);
  ASSERT_TRUE(holder->commit());
  EXPECT_TRUE(write(database, "INSERT INTO marks (id) VALUES (1)"));
}

}  // namespace
}  // namespace hutong::storage
