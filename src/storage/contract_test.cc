#include <array>
#include <limits>

#include "storage/contract_fixture.h"
#include "tests/support/support.h"

namespace hutong::storage {
namespace {

using namespace std::chrono_literals;

INSTANTIATE_TEST_SUITE_P(Storage, Contract, test::both_databases(), test::database_name);

constexpr std::string_view kThings =
    "CREATE TABLE things (id INTEGER PRIMARY KEY, label TEXT, content BLOB, made_at INTEGER)";

TEST_P(Contract, ValuesComeBackAsTheyWentIn) {
  Database database = open();
  run(database, kThings);
  const Time made = from_rfc3339("2026-06-01T08:00:00Z").value();
  const std::string label = "内蒙古自治区 ᠮᠣᠩᠭᠣᠯ 𠀀 e\u0301 '\"?;--";
  const Bytes content = test::hex("00ff00275c");
  ASSERT_TRUE(write(database, "INSERT INTO things (id, label, content, made_at) VALUES (?, ?, ?, ?)",
                    std::numeric_limits<std::int64_t>::min(), label, content, made));
  const Row row = read_one(database, "SELECT id, label, content, made_at FROM things");
  EXPECT_EQ(row.integer(0), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(row.text(1), label);
  EXPECT_EQ(row.bytes(2), content);
  EXPECT_EQ(row.time(3), made);
  EXPECT_EQ(row.get<std::optional<Time>>(3), made);
  EXPECT_EQ(row.integer(3), made.time_since_epoch().count() * 1'000'000);
}

TEST_P(Contract, NullAndEmptyAreDifferent) {
  Database database = open();
  run(database, kThings);
  const std::optional<std::string> nothing;
  ASSERT_TRUE(write(database, "INSERT INTO things (id, label, content) VALUES (?, ?, ?)", 1, "", Bytes{}));
  ASSERT_TRUE(
      write(database, "INSERT INTO things (id, label, content) VALUES (?, ?, ?)", 2, nothing, std::nullopt));
  const Row empty = read_one(database, "SELECT label, content FROM things WHERE id = ?", 1);
  EXPECT_EQ(empty.text(0), "");
  EXPECT_EQ(empty.bytes(1), Bytes{});
  const Row null = read_one(database, "SELECT label, content FROM things WHERE id = ?", 2);
  EXPECT_TRUE(null.is_null(0));
  EXPECT_EQ(null.get<std::optional<Bytes>>(1), std::nullopt);
  EXPECT_THROW(null.text(0), std::logic_error);
  EXPECT_THROW(empty.integer(0), std::logic_error);
}

TEST_P(Contract, MomentsKeepMicrosecondsAndTimesBefore1970) {
  Database database = open();
  run(database, kThings);
  const Moment before(-1'500'000us);
  ASSERT_TRUE(write(database, "INSERT INTO things (id, made_at) VALUES (1, ?)", before));
  const Row row = read_one(database, "SELECT made_at FROM things");
  EXPECT_EQ(row.moment(0), before);
  EXPECT_EQ(row.time(0), Time(-2s));
}

TEST_P(Contract, LargeBlobs) {
  Database database = open();
  run(database, kThings);
  Bytes large(20 << 20);
  for (std::size_t at = 0; at < large.size(); ++at) {
    large[at] = static_cast<std::uint8_t>(at * 2654435761U >> 24);
  }
  ASSERT_TRUE(write(database, "INSERT INTO things (id, content) VALUES (1, ?)", large));
  EXPECT_EQ(read_one(database, "SELECT content FROM things").bytes(0), large);
}

TEST_P(Contract, TextMustBeUtf8WithoutNul) {
  Database database = open();
  run(database, kThings);
  EXPECT_EQ(
      reason_of(write(database, "INSERT INTO things (id, label) VALUES (1, ?)", std::string("a\0b", 3))),
      reason::kText);
  EXPECT_EQ(reason_of(write(database, "INSERT INTO things (id, label) VALUES (1, ?)", "\xff")),
            reason::kText);
}

TEST_P(Contract, ColumnsRefuseOtherTypes) {
  Database database = open();
  run(database, kThings);
  EXPECT_EQ(reason_of(write(database, "INSERT INTO things (id, content) VALUES (1, ?)", "text")),
            reason::kStatement);
  EXPECT_EQ(reason_of(write(database, "INSERT INTO things (id) VALUES (?)", "one")), reason::kStatement);
}

TEST_P(Contract, AWrongStatementIsOurBug) {
  Database database = open();
  run(database, kThings);
  EXPECT_EQ(reason_of(write(database, "INSERT INTO nowhere (id) VALUES (1)")), reason::kStatement);
  EXPECT_EQ(reason_of(write(database, "INSERT INTO things (id) VALUES (?)")), reason::kStatement);
  EXPECT_EQ(reason_of(write(database, "INSERT INTO things (id) VALUES (?)", 1, 2)), reason::kStatement);
}

TEST_P(Contract, WithoutCommitNothingHappened) {
  Database database = open();
  run(database, kThings);
  {
    auto transaction = database.begin();
    ASSERT_TRUE(transaction);
    ASSERT_TRUE(transaction->execute("INSERT INTO things (id) VALUES (1)"));
    EXPECT_EQ(transaction->query("SELECT id FROM things")->size(), 1U);
  }
  EXPECT_EQ(read_one(database, "SELECT count(*) FROM things").integer(0), 0);
}

TEST_P(Contract, AnErrorOfTheBodyRollsBack) {
  Database database = open();
  run(database, kThings);
  const auto outcome = in_transaction(database, [](Transaction& transaction) -> Result<int> {
    HUTONG_CHECK(transaction.execute("INSERT INTO things (id) VALUES (1)"));
    return Error{Errc::kPolicy, "test.refused", ""};
  });
  EXPECT_EQ(reason_of(outcome), "test.refused");
  EXPECT_EQ(read_one(database, "SELECT count(*) FROM things").integer(0), 0);
}

TEST_P(Contract, AfterAFailedStatementOnlyTheEndIsLeft) {
  Database database = open();
  run(database, kThings);
  auto transaction = database.begin();
  ASSERT_TRUE(transaction);
  ASSERT_TRUE(transaction->execute("INSERT INTO things (id) VALUES (1)"));
  EXPECT_EQ(reason_of(transaction->execute("INSERT INTO things (id) VALUES (1)")), reason::kConstraint);
  EXPECT_EQ(reason_of(transaction->query("SELECT id FROM things")), reason::kAborted);
  EXPECT_EQ(reason_of(transaction->commit()), reason::kAborted);
  EXPECT_EQ(reason_of(transaction->execute("INSERT INTO things (id) VALUES (2)")), reason::kAborted);
}

TEST_P(Contract, ConstraintsHaveTheSameNames) {
  Database database = open();
  run(database,
      "CREATE TABLE vendors (id TEXT PRIMARY KEY);"
      "CREATE TABLE orders (id INTEGER PRIMARY KEY, vendor TEXT NOT NULL REFERENCES vendors (id), number "
      "TEXT,"
      " mail TEXT, fee INTEGER, serial TEXT UNIQUE, a INTEGER, b INTEGER, UNIQUE (a, b),"
      " CONSTRAINT orders_fee_positive CHECK (fee > 0));"
      "CREATE UNIQUE INDEX orders_one_number ON orders (vendor, number);"
      "CREATE UNIQUE INDEX orders_folded ON orders (lower(mail));"
      "INSERT INTO vendors (id) VALUES ('v');"
      "INSERT INTO orders (id, vendor, number, mail, serial, a, b) VALUES (1, 'v', 'n', 'm', 's', 1, 2)");
  const auto violated = [&](std::string_view sql) {
    const Status refused = write(database, sql);
    EXPECT_EQ(reason_of(refused), reason::kConstraint) << sql;
    return refused ? std::string() : std::string(violated_constraint(refused.error()));
  };
  EXPECT_EQ(violated("INSERT INTO vendors (id) VALUES ('v')"), "vendors_pkey");
  EXPECT_EQ(violated("INSERT INTO orders (id, vendor) VALUES (1, 'v')"), "orders_pkey");
  EXPECT_EQ(violated("INSERT INTO orders (id, vendor, serial) VALUES (2, 'v', 's')"), "orders_serial_key");
  EXPECT_EQ(violated("INSERT INTO orders (id, vendor, a, b) VALUES (2, 'v', 1, 2)"), "orders_a_b_key");
  EXPECT_EQ(violated("INSERT INTO orders (id, vendor, number) VALUES (2, 'v', 'n')"), "orders_one_number");
  EXPECT_EQ(violated("INSERT INTO orders (id, vendor, mail) VALUES (2, 'v', 'M')"), "orders_folded");
  EXPECT_EQ(violated("INSERT INTO orders (id, vendor, fee) VALUES (2, 'v', 0)"), "orders_fee_positive");
  EXPECT_EQ(violated("INSERT INTO orders (id) VALUES (2)"), "orders_vendor_not_null");
  EXPECT_EQ(violated("INSERT INTO orders (id, vendor) VALUES (2, 'w')"), "foreign_key");
  EXPECT_EQ(violated("DELETE FROM vendors"), "foreign_key");
}

TEST_P(Contract, CompareAndSet) {
  Database database = open();
  run(database,
      "CREATE TABLE orders (id TEXT PRIMARY KEY, state TEXT NOT NULL, version INTEGER NOT NULL);"
      "INSERT INTO orders (id, state, version) VALUES ('o', 'entered', 1)");
  const auto change = [&](std::string_view state, std::int64_t version) {
    return in_transaction(database, [&](Transaction& transaction) {
      return transaction.compare_and_set(
          "UPDATE orders SET state = ?, version = version + 1 WHERE id = ? AND version = ?", state, "o",
          version);
    });
  };
  EXPECT_TRUE(change("reviewed", 1));
  EXPECT_EQ(reason_of(change("refused", 1)), reason::kConflict);
  EXPECT_EQ(read_one(database, "SELECT state FROM orders").text(0), "reviewed");
}

TEST_P(Contract, QueriesOfEachForm) {
  Database database = open();
  run(database, "CREATE TABLE numbers (n INTEGER PRIMARY KEY); INSERT INTO numbers (n) VALUES (3), (1), (2)");
  auto reader = database.read();
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->query("SELECT n FROM numbers WHERE n > ? ORDER BY n", 1)->size(), 2U);
  EXPECT_EQ(reader->query_one("SELECT n FROM numbers ORDER BY n")->integer(0), 1);
  EXPECT_EQ(reason_of(reader->query_one("SELECT n FROM numbers WHERE n = ?", 9)), reason::kNotFound);
  EXPECT_FALSE(reader->query_optional("SELECT n FROM numbers WHERE n = ?", 9)->has_value());
  const std::array<Parameter, 2> bounds{Parameter(2), Parameter(3)};
  EXPECT_EQ(reader->query_with("SELECT n FROM numbers WHERE n IN (?, ?)", bounds)->size(), 2U);
}

TEST_P(Contract, WalksGiveRowsOneByOneAndCanStop) {
  Database database = open();
  run(database, "CREATE TABLE numbers (n INTEGER PRIMARY KEY); INSERT INTO numbers (n) VALUES (3), (1), (2)");
  auto reader = database.read();
  ASSERT_TRUE(reader);
  std::vector<std::int64_t> seen;
  ASSERT_TRUE(reader->for_each(
      [&](const Row& row) {
        seen.push_back(row.integer(0));
        return ok();
      },
      "SELECT n FROM numbers ORDER BY n"));
  EXPECT_EQ(seen, (std::vector<std::int64_t>{1, 2, 3}));
  const auto stop = [](const Row&) -> Status { return Error{Errc::kLimit, "test.enough", ""}; };
  EXPECT_EQ(reason_of(reader->for_each(stop, "SELECT n FROM numbers")), "test.enough");
  EXPECT_EQ(reader->query("SELECT n FROM numbers")->size(), 3U) << "the reader is usable after a stop";
  const auto nested = [&](const Row&) -> Status {
    HUTONG_CHECK(reader->query("SELECT n FROM numbers"));
    return ok();
  };
  EXPECT_EQ(reason_of(reader->for_each(nested, "SELECT n FROM numbers")), reason::kStatement);
}

TEST_P(Contract, AReaderCannotWrite) {
  Database database = open();
  run(database, kThings);
  auto reader = database.read();
  ASSERT_TRUE(reader);
  EXPECT_EQ(reason_of(reader->query("INSERT INTO things (id) VALUES (1) RETURNING id")), reason::kStatement);
}

TEST_P(Contract, AReaderSeesOneState) {
  Database database = open();
  run(database, kThings);
  auto reader = database.read();
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->query_one("SELECT count(*) FROM things")->integer(0), 0);
  ASSERT_TRUE(write(database, "INSERT INTO things (id) VALUES (1)"));
  EXPECT_EQ(reader->query_one("SELECT count(*) FROM things")->integer(0), 0);
  EXPECT_EQ(read_one(database, "SELECT count(*) FROM things").integer(0), 1);
}

TEST_P(Contract, TheDialect) {
  Database database = open();
  run(database,
      "CREATE TABLE words (w TEXT PRIMARY KEY, seen INTEGER NOT NULL, flag INTEGER NOT NULL DEFAULT 0); -- "
      "a; comment?\n"
      "CREATE INDEX words_seen ON words (seen) WHERE flag = 0;"
      "INSERT INTO words (w, seen) VALUES ('Zoo', 9223372036854775807), ('apple; ?', 10000), ('中', -30000)");
  auto transaction = database.begin();
  ASSERT_TRUE(transaction);
  auto raised = transaction->query(
      "INSERT INTO words (w, seen) VALUES (?, ?) ON CONFLICT (w) DO UPDATE SET seen = words.seen + "
      "excluded.seen"
      " RETURNING seen",
      "apple; ?", 5);
  ASSERT_TRUE(raised) << raised.error().detail;
  EXPECT_EQ(raised->at(0).integer(0), 10005);
  EXPECT_EQ(
      *transaction->execute("INSERT INTO words (w, seen) VALUES (?, ?) ON CONFLICT (w) DO NOTHING", "Zoo", 1),
      0);
  EXPECT_EQ(*transaction->execute("UPDATE words SET flag = ? WHERE seen < ?", true, 20'000), 2);
  const auto text = [&](std::string_view sql) { return transaction->query_one(sql)->text(0); };
  const auto number = [&](std::string_view sql) { return transaction->query_one(sql)->integer(0); };
  EXPECT_EQ(text("SELECT w FROM words ORDER BY w LIMIT 1"), "Zoo") << "octet order";
  EXPECT_EQ(number("SELECT count(*) FROM words WHERE w LIKE 'z%'"), 0) << "LIKE tells case";
  const auto holding = [&](std::string_view part) {
    return transaction->query_one("SELECT count(*) FROM words WHERE strpos(w, ?) > 0", part)->integer(0);
  };
  EXPECT_EQ(holding("pl"), 1);
  EXPECT_EQ(holding("le; ?"), 1) << "up to the end";
  EXPECT_EQ(holding("中"), 1);
  EXPECT_EQ(holding("z"), 0) << "it tells case";
  EXPECT_EQ(holding("%"), 0);
  EXPECT_EQ(holding(""), 3);
  EXPECT_TRUE(transaction->query_one("SELECT strpos(CAST(NULL AS TEXT), 'x')")->is_null(0));
  EXPECT_EQ(number("SELECT sum(seen) FROM words WHERE flag = 1"), -19'995);
  EXPECT_EQ(number("SELECT sum(seen) FROM words WHERE w = 'Zoo'"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(number("SELECT sum(flag) * 5000 FROM words"), 10'000);
  EXPECT_TRUE(transaction->query_one("SELECT sum(seen) FROM words WHERE w = ''")->is_null(0));
  EXPECT_EQ(number("SELECT CAST('12' AS INTEGER)"), 12);
  EXPECT_TRUE(transaction->query_one("SELECT EXISTS (SELECT 1 FROM words WHERE flag = ?)", 1)->get<bool>(0));
  EXPECT_EQ(transaction->query("SELECT w FROM words ORDER BY w LIMIT ? OFFSET ?", 2, 1)->size(), 2U);
  EXPECT_EQ(transaction->query_for_update("SELECT w FROM words WHERE seen > ?", 0)->size(), 2U);
  EXPECT_EQ(transaction->claim("SELECT w FROM words ORDER BY w LIMIT 1")->size(), 1U);
  ASSERT_TRUE(transaction->commit());
}

TEST_P(Contract, ManyDifferentStatements) {
  Database database = open({.connections = 1});
  auto reader = database.read();
  ASSERT_TRUE(reader);
  for (int at = 0; at < 600; ++at) {
    EXPECT_EQ(reader->query_one("SELECT CAST(? AS INTEGER) + " + std::to_string(at), at)->integer(0), 2 * at);
  }
}

TEST(Url, WhatIsRefused) {
  EXPECT_EQ(reason_of(Database::open("mysql://x")), reason::kUrl);
  EXPECT_EQ(reason_of(Database::open("sqlite:")), reason::kUrl);
  EXPECT_EQ(reason_of(Database::open("sqlite:/nonexistent/folder/file.db")), reason::kUnavailable);
  EXPECT_EQ(reason_of(Database::open("postgresql:///none?host=/nonexistent")), reason::kUnavailable);
}

}  // namespace
}  // namespace hutong::storage
