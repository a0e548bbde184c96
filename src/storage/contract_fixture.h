#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "storage/database.h"
#include "tests/support/test_database.h"

namespace hutong::storage {

/// The contract of the interface: each test runs against a new database of each kind.
class Contract : public testing::TestWithParam<DatabaseKind> {
 protected:
  void SetUp() override { HUTONG_NEED_DATABASE(home_); }

  Database open(const DatabaseOptions& options = {}) {
    auto database = Database::open(home_.url(), options);
    if (!database) {
      throw std::runtime_error(database.error().detail);
    }
    return std::move(database).value();
  }

  static void run(Database& database, std::string_view script) {
    const Status done =
        in_transaction(database, [&](Transaction& transaction) { return transaction.run_script(script); });
    ASSERT_TRUE(done) << done.error().reason << " " << done.error().detail;
  }

  template <typename... Values>
  static Status write(Database& database, std::string_view sql, const Values&... values) {
    return in_transaction(database, [&](Transaction& transaction) -> Status {
      HUTONG_CHECK(transaction.execute(sql, values...));
      return ok();
    });
  }

  template <typename... Values>
  static Row read_one(const Database& database, std::string_view sql, const Values&... values) {
    auto row = [&]() -> Result<Row> {
      HUTONG_TRY(Reader reader, database.read());
      return reader.query_one(sql, values...);
    }();
    if (!row) {
      throw std::runtime_error(std::string(row.error().reason) + " " + row.error().detail);
    }
    return std::move(row).value();
  }

  test::TestDatabase home_{GetParam()};
};

template <typename T>
std::string_view reason_of(const Result<T>& result) {
  return result ? std::string_view("ok") : result.error().reason;
}

}  // namespace hutong::storage
