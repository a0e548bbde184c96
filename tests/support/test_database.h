#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"

namespace hutong::test {

/// A new, empty database for one test of a contract suite: a SQLite file in a temporary folder, or a database
/// of the program's own PostgreSQL server. The file goes away with
/// the object, the server with the program.
class TestDatabase {
 public:
  explicit TestDatabase(storage::DatabaseKind kind);
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  ~TestDatabase();
  /// False when PostgreSQL is not installed.
  bool available() const { return !url_.empty(); }
  const std::string& url() const { return url_; }
  /// A folder that goes away with the database.
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  std::string url_;
};

/// "sqlite" or "postgresql" in HUTONG_DATABASES keeps the tests of what stands on storage to one database;
/// both when it is not set.
std::vector<storage::DatabaseKind> wanted_databases();
/// For INSTANTIATE_TEST_SUITE_P: the databases, and their names.
inline auto every_database() { return testing::ValuesIn(wanted_databases()); }
/// For the contract of storage itself: always both.
inline auto both_databases() {
  return testing::Values(storage::DatabaseKind::kSqlite, storage::DatabaseKind::kPostgresql);
}
inline std::string database_name(const testing::TestParamInfo<storage::DatabaseKind>& test) {
  return test.param == storage::DatabaseKind::kSqlite ? "Sqlite" : "Postgresql";
}

}  // namespace hutong::test

#define HUTONG_NEED_DATABASE(database)               \
  if (!(database).available()) {                     \
    GTEST_SKIP() << "skipped: PostgreSQL not found"; \
  }                                                  \
  static_assert(true, "a semicolon follows")
