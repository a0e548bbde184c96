#include "storage/internal/dialect.h"

#include <gtest/gtest.h>

namespace hutong::storage {
namespace {

TEST(Dialect, PlaceholdersAreNumberedOutsideQuotesAndComments) {
  const PostgresqlText text =
      to_postgresql("SELECT '?''?', \"a?\" FROM t WHERE a=? AND b = ? -- why?\n/* ? */ LIMIT ?");
  EXPECT_EQ(text.sql, "SELECT '?''?', \"a?\" FROM t WHERE a=$1 AND b = $2  \n  LIMIT $3");
  EXPECT_EQ(text.places, 3U);
}

TEST(Dialect, TypesAreWholeWords) {
  EXPECT_EQ(to_postgresql("SELECT CAST(blob_size AS integer), CAST(x AS TEXT), 'INTEGER'").sql,
            "SELECT CAST(blob_size AS BIGINT), CAST(x AS TEXT), 'INTEGER'");
  EXPECT_EQ(to_postgresql("create table t (id INTEGER, b blob, c TEXT)").sql,
            "create table t (id BIGINT, b BYTEA, c TEXT COLLATE \"C\")");
  EXPECT_EQ(to_postgresql("ALTER TABLE t ADD COLUMN d TEXT").sql,
            "ALTER TABLE t ADD COLUMN d TEXT COLLATE \"C\"");
}

TEST(Dialect, ScriptsAreSplitOutsideQuotes) {
  const auto statements =
      split_statements(" CREATE TABLE a (x TEXT DEFAULT ';'); -- one; two\n;;\nSELECT 1 ; ");
  ASSERT_EQ(statements.size(), 2U);
  EXPECT_EQ(statements[0], " CREATE TABLE a (x TEXT DEFAULT ';')");
  EXPECT_EQ(split_statements("").size(), 0U);
  EXPECT_EQ(split_statements("SELECT 'open").size(), 1U);
  EXPECT_EQ(split_statements("/* open").size(), 0U);
}

TEST(Dialect, OnlyTablesBecomeStrict) {
  EXPECT_EQ(to_sqlite_schema("CREATE TABLE t (a INTEGER)"), "CREATE TABLE t (a INTEGER) STRICT");
  EXPECT_EQ(to_sqlite_schema("CREATE INDEX i ON t (a)"), "CREATE INDEX i ON t (a)");
}

}  // namespace
}  // namespace hutong::storage
