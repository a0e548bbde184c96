#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "storage/internal/session.h"
#include "storage/internal/text_hash.h"

namespace hutong::storage {

/// The Error behind a SQLite result code that is not SQLITE_OK, SQLITE_ROW or SQLITE_DONE.
Error sqlite_error(sqlite3* database, int code);

/// One SQLite connection with its prepared statements. One thread at a time.
class SqliteConnection {
 public:
  enum class Role { kReader, kWriter };
  struct Settings {
    std::filesystem::path file;
    std::chrono::milliseconds patience;
    std::int64_t page_limit;
  };
  static Result<std::unique_ptr<SqliteConnection>> open(const Settings& settings, Role role);

  Result<std::int64_t> execute(std::string_view sql, std::span<const Parameter> values);
  Status visit(std::string_view sql, std::span<const Parameter> values, const RowStep& step);
  /// A fixed statement without parameters and rows: BEGIN, COMMIT, SAVEPOINT …
  Status run(std::string_view sql);
  Status run_script(std::string_view sql);
  /// False inside a transaction; true there means that SQLite itself has rolled everything back.
  bool is_idle() const { return sqlite3_get_autocommit(database_.get()) != 0; }
  bool usable() const { return is_idle(); }

  /// Takes what the write-ahead log holds into the file, as far as readers allow; waits for nobody. What it
  /// leaves, whyever, is taken the next time.
  void checkpoint();
  /// Calls `noted` after each commit with the pages in the log. Where it grows long all the same, because
  /// nobody else takes it back, this connection does so within that commit.
  void watch_log(std::function<void(int pages)> noted);

 private:
  struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

  explicit SqliteConnection(sqlite3* database) : database_(database) {}
  Status configure(const Settings& settings, Role role);
  Result<sqlite3_stmt*> prepared(std::string_view sql);
  Result<Statement> prepare(std::string_view sql, unsigned flags);
  Status bind(sqlite3_stmt* statement, std::span<const Parameter> values);

  static int on_log(void* self, sqlite3* database, const char* schema, int pages);

  std::function<void(int pages)> log_noted_;
  std::unique_ptr<sqlite3, CloseDatabase> database_;
  std::unordered_map<std::string, Statement, TextHash, std::equal_to<>> statements_;
};

}  // namespace hutong::storage
