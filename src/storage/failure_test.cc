#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "storage/contract_fixture.h"

namespace hutong::storage {
namespace {

using FailureContract = Contract;
INSTANTIATE_TEST_SUITE_P(Storage, FailureContract, test::both_databases(), test::database_name);

constexpr std::string_view kMarks = "CREATE TABLE marks (id INTEGER PRIMARY KEY, content BLOB)";

/// Commits without end from several threads and tells each commit on the pipe; ends only by being killed.
[[noreturn]] void commit_until_killed(const std::string& url, int pipe, int round) {
  auto database = Database::open(url);
  if (!database) {
    ::_exit(1);
  }
  std::vector<std::jthread> threads;
  for (int worker = 0; worker < 4; ++worker) {
    threads.emplace_back([&, worker] {
      for (std::int64_t at = 0;; ++at) {
        const std::int64_t id = round * 1'000'000 + at * 4 + worker;
        const Status done = in_transaction(*database, [&](Transaction& transaction) -> Status {
          HUTONG_CHECK(transaction.execute("INSERT INTO marks (id) VALUES (?)", id));
          HUTONG_CHECK(transaction.execute("INSERT INTO marks (id) VALUES (?)", -id - 1));
          return ok();
        });
        if (!done || ::write(pipe, &id, sizeof id) != sizeof id) {
          ::_exit(1);
        }
      }
    });
  }
  ::pause();
  ::_exit(1);
}

/// What the child acknowledged before it was killed in the middle of its work.
std::set<std::int64_t> acknowledged_by_killed_child(const std::string& url, int round) {
  int pipe[2];
  if (::pipe(pipe) != 0) {
    throw std::runtime_error("pipe");
  }
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(pipe[0]);
    commit_until_killed(url, pipe[1], round);
  }
  ::close(pipe[1]);
  std::set<std::int64_t> acknowledged;
  std::int64_t id = 0;
  const std::size_t enough = 20 + static_cast<std::size_t>(round) * 13;
  while (::read(pipe[0], &id, sizeof id) == sizeof id) {
    acknowledged.insert(id);
    if (acknowledged.size() == enough) {
      ::kill(child, SIGKILL);
    }
  }
  ::close(pipe[0]);
  ::waitpid(child, nullptr, 0);
  return acknowledged;
}

TEST_P(FailureContract, AKilledProgramLosesNothingItAcknowledged) {
  {
    Database database = open();
    run(database, kMarks);
  }
  for (int round = 0; round < 12; ++round) {
    const auto acknowledged = acknowledged_by_killed_child(home_.url(), round);
    ASSERT_GE(acknowledged.size(), 20U);
    Database database = open();
    for (const std::int64_t id : acknowledged) {
      ASSERT_EQ(read_one(database, "SELECT count(*) FROM marks WHERE id IN (?, ?)", id, -id - 1).integer(0),
                2);
    }
  }
  Database database = open();
  EXPECT_EQ(read_one(database, "SELECT count(*) FROM marks WHERE id >= 0").integer(0),
            read_one(database, "SELECT count(*) FROM marks WHERE id < 0").integer(0))
      << "no half of a transaction";
}

/// Ends every connection to the database but the one of `assassin`.
void terminate_others(Database& assassin) {
  auto reader = assassin.read();
  ASSERT_TRUE(reader);
  ASSERT_TRUE(
      reader->query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"));
}

class LostConnection : public Contract {};
INSTANTIATE_TEST_SUITE_P(Storage, LostConnection, testing::Values(DatabaseKind::kPostgresql),
                         test::database_name);

TEST_P(LostConnection, AnIdleOneIsReplaced) {
  Database assassin = open();
  Database database = open();
  run(database, kMarks);
  terminate_others(assassin);
  EXPECT_TRUE(write(database, "INSERT INTO marks (id) VALUES (1)"));
  terminate_others(assassin);
  EXPECT_EQ(read_one(database, "SELECT count(*) FROM marks").integer(0), 1);
}

TEST_P(LostConnection, InTheMiddleTheTransactionRunsAgain) {
  Database assassin = open();
  Database database = open();
  run(database, kMarks);
  int runs = 0;
  const Status done = in_transaction(database, [&](Transaction& transaction) -> Status {
    HUTONG_CHECK(transaction.execute("INSERT INTO marks (id) VALUES (1)"));
    if (++runs == 1) {
      terminate_others(assassin);
    }
    HUTONG_CHECK(transaction.execute("INSERT INTO marks (id) VALUES (2)"));
    return ok();
  });
  EXPECT_TRUE(done) << done.error().detail;
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(read_one(database, "SELECT count(*) FROM marks").integer(0), 2);
}

TEST_P(LostConnection, AtCommitTheOutcomeIsUnknownAndNothingIsRunAgain) {
  Database assassin = open();
  Database database = open();
  run(database, kMarks);
  int runs = 0;
  const Status done = in_transaction(database, [&](Transaction& transaction) -> Status {
    ++runs;
    HUTONG_CHECK(transaction.execute("INSERT INTO marks (id) VALUES (1)"));
    terminate_others(assassin);
    return ok();
  });
  EXPECT_EQ(reason_of(done), reason::kOutcomeUnknown);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(read_one(database, "SELECT count(*) FROM marks").integer(0), 0);
}

TEST_P(LostConnection, BackupIsLeftToPgDump) {
  EXPECT_EQ(reason_of(open().backup_to(home_.folder() / "copy")), reason::kUnsupported);
}

/// disk.
/// GTest runs suites with this ending first: then there is little to recover.
class ServerCrashDeathTest : public Contract {
 protected:
  void await_recovery() {
    for (int attempt = 0; attempt < 1'200 && !Database::open(home_.url()); ++attempt) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, ServerCrashDeathTest, testing::Values(DatabaseKind::kPostgresql),
                         test::database_name);

/// The server's memory is lost with one killed backend: all others end, and it recovers from the disk.
TEST_P(ServerCrashDeathTest, ACrashedServerHasWhatWasAcknowledged) {
  Database database = open();
  run(database, kMarks);
  std::mutex mutex;
  std::set<std::int64_t> acknowledged;
  {
    std::vector<std::jthread> threads;
    for (int worker = 0; worker < 4; ++worker) {
      threads.emplace_back([&, worker] {
        for (std::int64_t id = worker;; id += 4) {
          auto transaction = database.begin();
          if (!transaction || !transaction->execute("INSERT INTO marks (id) VALUES (?)", id) ||
              !transaction->commit()) {
            return;
          }
          const std::lock_guard lock(mutex);
          acknowledged.insert(id);
        }
      });
    }
    Database other = open();
    while (read_one(other, "SELECT count(*) FROM marks").integer(0) < 200) {
    }
    const Row row = read_one(other, "SELECT pg_backend_pid()");
    ASSERT_EQ(::kill(row.get<pid_t>(0), SIGKILL), 0);
  }
  ASSERT_GE(acknowledged.size(), 190U);
  await_recovery();
  const auto stored =
      in_transaction(database, [](Transaction& transaction) -> Result<std::set<std::int64_t>> {
        std::set<std::int64_t> ids;
        HUTONG_CHECK(transaction.for_each(
            [&](const Row& row) {
              ids.insert(row.integer(0));
              return ok();
            },
            "SELECT id FROM marks"));
        return ids;
      });
  ASSERT_TRUE(stored) << stored.error().detail;
  EXPECT_TRUE(std::ranges::includes(*stored, acknowledged));
}

class SqliteFile : public Contract {
 protected:
  std::filesystem::path file() const { return home_.folder() / "test.db"; }
};
INSTANTIATE_TEST_SUITE_P(Storage, SqliteFile, testing::Values(DatabaseKind::kSqlite), test::database_name);

TEST_P(SqliteFile, CommitsAreSyncedAndTheFileIsPrivate) {
  Database database = open();
  auto transaction = database.begin();
  ASSERT_TRUE(transaction);
  EXPECT_EQ(transaction->query_one("PRAGMA synchronous")->integer(0), 2) << "FULL";
  EXPECT_EQ(transaction->query_one("PRAGMA journal_mode")->text(0), "wal");
  using std::filesystem::perms;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    const auto mode = std::filesystem::status(file().string() + suffix).permissions();
    EXPECT_EQ(mode, perms::owner_read | perms::owner_write) << suffix;
  }
}

TEST_P(SqliteFile, AFullDiskIsSaidAndNothingIsHalfDone) {
  Database database = open({.sqlite_page_limit = 60});
  run(database, kMarks);
  const Bytes content(1000, 0x5a);
  std::mutex mutex;
  std::set<std::int64_t> stored;
  {
    std::vector<std::jthread> threads;
    for (int worker = 0; worker < 4; ++worker) {
      threads.emplace_back([&, worker] {
        for (int at = 0; at < 100; ++at) {
          const int id = at * 4 + worker;
          const Status done = write(database, "INSERT INTO marks (id, content) VALUES (?, ?)", id, content);
          if (!done) {
            ASSERT_TRUE(done.error().reason == reason::kFull || done.error().reason == reason::kBusy);
            return;
          }
          const std::lock_guard lock(mutex);
          stored.insert(id);
        }
      });
    }
  }
  EXPECT_GT(stored.size(), 50U);
  EXPECT_LT(stored.size(), 300U);
  EXPECT_EQ(reason_of(write(database, "INSERT INTO marks (id, content) VALUES (1000, ?)", Bytes(100'000))),
            reason::kFull);
  EXPECT_EQ(read_one(database, "SELECT count(*) FROM marks").integer(0),
            static_cast<std::int64_t>(stored.size()));
  EXPECT_TRUE(write(database, "DELETE FROM marks"));
  EXPECT_TRUE(write(database, "INSERT INTO marks (id, content) VALUES (1, ?)", content)) << "room again";
}

TEST_P(SqliteFile, ADamagedFileIsRefused) {
  std::ofstream(file()) << "this is not a database, and it is long enough to be looked at";
  EXPECT_EQ(reason_of(Database::open(home_.url())), reason::kDamaged);
}

TEST_P(SqliteFile, BackupWhileOthersWrite) {
  Database database = open();
  run(database, kMarks);
  const std::filesystem::path copy = home_.folder() / "copy.db";
  std::atomic<bool> stop = false;
  std::jthread writer([&] {
    for (int at = 0; !stop; ++at) {
      EXPECT_TRUE(in_transaction(database, [&](Transaction& transaction) -> Status {
        HUTONG_CHECK(transaction.execute("INSERT INTO marks (id) VALUES (?)", 2 * at));
        HUTONG_CHECK(transaction.execute("INSERT INTO marks (id) VALUES (?)", 2 * at + 1));
        return ok();
      }));
    }
  });
  while (read_one(database, "SELECT count(*) FROM marks").integer(0) < 40) {
  }
  for (int round = 0; round < 3; ++round) {
    const Status done = database.backup_to(copy);
    ASSERT_TRUE(done) << done.error().detail;
  }
  stop = true;
  writer.join();
  auto restored = Database::open("sqlite:" + copy.string());
  ASSERT_TRUE(restored);
  const Row row = read_one(*restored, "SELECT count(*), max(id) FROM marks");
  EXPECT_GE(row.integer(0), 40);
  EXPECT_EQ(row.integer(0), row.integer(1) + 1) << "whole transactions only";
  EXPECT_EQ(read_one(*restored, "PRAGMA integrity_check").text(0), "ok");
}

TEST_P(SqliteFile, TheLogIsTakenBackInTheBackgroundAndStaysBounded) {
  constexpr std::uintmax_t kPage = 4'096;
  Database database = open();
  run(database, kMarks);
  const auto pages = [this](const char* suffix) {
    return std::filesystem::file_size(file().string() + suffix) / kPage;
  };
  const Bytes content(1 << 20, 0x5a);  // 257 pages each
  int id = 0;
  const auto add = [&](int count) {
    for (int at = 0; at < count; ++at) {
      ASSERT_TRUE(write(database, "INSERT INTO marks (id, content) VALUES (?, ?)", ++id, content));
    }
  };
  add(5);
  for (int tries = 0; tries < 1'000 && pages("") < 1'000; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_GE(pages(""), 1'000U) << "no commit did it: for that the log is too short";
  add(75);
  EXPECT_LT(pages("-wal"), 17'000U) << "then a commit does it, and the log begins anew";
  EXPECT_EQ(read_one(database, "SELECT count(*) FROM marks").integer(0), 80);
}

TEST_P(SqliteFile, AMissingFolderForTheBackup) {
  Database database = open();
  EXPECT_NE(reason_of(database.backup_to(home_.folder() / "no" / "copy.db")), "ok");
}

}  // namespace
}  // namespace hutong::storage
