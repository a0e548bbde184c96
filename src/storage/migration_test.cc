#include "storage/migration.h"

#include <array>
#include <barrier>
#include <thread>
#include <vector>

#include "storage/contract_fixture.h"

namespace hutong::storage {
namespace {

class MigrationContract : public Contract {
 protected:
  const FixedClock clock_{Time(std::chrono::seconds(1'780'000'000))};
};
INSTANTIATE_TEST_SUITE_P(Storage, MigrationContract, test::both_databases(), test::database_name);

constexpr std::array<Migration, 3> kSteps{{
    {1, "orders", "CREATE TABLE orders (id TEXT PRIMARY KEY); CREATE INDEX orders_by_id ON orders (id)"},
    {2, "their state", "ALTER TABLE orders ADD COLUMN state TEXT"},
    {3, "which database", "CREATE TABLE kind (name TEXT NOT NULL)",
     "INSERT INTO kind (name) VALUES ('sqlite')", "INSERT INTO kind (name) VALUES ('postgresql')"},
}};

TEST_P(MigrationContract, StepsAreAppliedOnceAndRecorded) {
  Database database = open();
  ASSERT_TRUE(migrate(database, "ca", std::span(kSteps).first(2), clock_));
  ASSERT_TRUE(write(database, "INSERT INTO orders (id, state) VALUES ('o', 'entered')"));
  ASSERT_TRUE(migrate(database, "ca", kSteps, clock_));
  ASSERT_TRUE(migrate(database, "ca", kSteps, clock_));
  EXPECT_EQ(read_one(database, "SELECT count(*) FROM orders").integer(0), 1);
  EXPECT_EQ(read_one(database, "SELECT name FROM kind").text(0),
            GetParam() == DatabaseKind::kSqlite ? "sqlite" : "postgresql");
  const Row row = read_one(database, "SELECT count(*), max(number), min(applied_at) FROM hutong_migrations");
  EXPECT_EQ(row.integer(0), 3);
  EXPECT_EQ(row.integer(1), 3);
  EXPECT_EQ(row.time(2), clock_.now());
}

TEST_P(MigrationContract, ComponentsCountApart) {
  Database database = open();
  ASSERT_TRUE(migrate(database, "ca", kSteps, clock_));
  constexpr std::array<Migration, 1> kOther{{{1, "keys", "CREATE TABLE keys (id TEXT PRIMARY KEY)"}}};
  ASSERT_TRUE(migrate(database, "kmc", kOther, clock_));
  EXPECT_EQ(read_one(database, "SELECT count(*) FROM hutong_migrations").integer(0), 4);
}

TEST_P(MigrationContract, AChangedStepIsRefused) {
  Database database = open();
  ASSERT_TRUE(migrate(database, "ca", std::span(kSteps).first(2), clock_));
  auto edited = kSteps;
  edited[0].sql = "CREATE TABLE orders (id TEXT PRIMARY KEY, extra TEXT)";
  const Status refused = migrate(database, "ca", edited, clock_);
  EXPECT_EQ(reason_of(refused), reason::kHistory);
  EXPECT_NE(refused.error().detail.find("step 1"), std::string::npos);
  EXPECT_EQ(read_one(database, "SELECT count(*) FROM hutong_migrations").integer(0), 2)
      << "step 3 was not applied";
}

TEST_P(MigrationContract, ATamperedOrMissingRecordIsRefused) {
  Database database = open();
  ASSERT_TRUE(migrate(database, "ca", kSteps, clock_));
  ASSERT_TRUE(write(database, "UPDATE hutong_migrations SET sm3 = 'x' WHERE number = 2"));
  EXPECT_EQ(reason_of(migrate(database, "ca", kSteps, clock_)), reason::kHistory);
  ASSERT_TRUE(write(database, "DELETE FROM hutong_migrations WHERE number = 2"));
  EXPECT_EQ(reason_of(migrate(database, "ca", kSteps, clock_)), reason::kHistory);
}

TEST_P(MigrationContract, ANewerSchemaIsLeftAlone) {
  Database database = open();
  ASSERT_TRUE(migrate(database, "ca", kSteps, clock_));
  EXPECT_TRUE(migrate(database, "ca", std::span(kSteps).first(1), clock_)) << "a node of the former release";
}

TEST_P(MigrationContract, NumbersMustCountUp) {
  Database database = open();
  auto wrong = kSteps;
  wrong[1].number = 3;
  EXPECT_EQ(reason_of(migrate(database, "ca", wrong, clock_)), reason::kHistory);
}

TEST_P(MigrationContract, AFailingStepLeavesNothing) {
  Database database = open();
  constexpr std::array<Migration, 1> kBroken{
      {{1, "broken", "CREATE TABLE half (id TEXT PRIMARY KEY); CREATE NONSENSE"}}};
  EXPECT_EQ(reason_of(migrate(database, "ca", kBroken, clock_)), reason::kStatement);
  constexpr std::array<Migration, 1> kMended{{{1, "mended", "CREATE TABLE half (id TEXT PRIMARY KEY)"}}};
  EXPECT_TRUE(migrate(database, "ca", kMended, clock_));
}

TEST_P(MigrationContract, NodesStartTogether) {
  constexpr int kNodes = 4;
  std::barrier line(kNodes);
  std::vector<std::jthread> nodes;
  for (int node = 0; node < kNodes; ++node) {
    nodes.emplace_back([&] {
      Database database = open();  // its own connections, as another process has them
      line.arrive_and_wait();
      const Status done = migrate(database, "ca", kSteps, clock_);
      EXPECT_TRUE(done) << done.error().reason << " " << done.error().detail;
    });
  }
  nodes.clear();
  Database database = open();
  EXPECT_EQ(read_one(database, "SELECT count(*) FROM kind").integer(0), 1);
  EXPECT_EQ(read_one(database, "SELECT count(*) FROM hutong_migrations").integer(0), 3);
}

}  // namespace
}  // namespace hutong::storage
