#include "storage/internal/sqlite_connection.h"

#include <cstring>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/internal/dialect.h"

namespace hutong::storage {
namespace {

constexpr int kLongLog = 16'000;  ///< pages: 64 MB, which is what the log is cut to

/// Leaves a cached statement ready for its next use, whatever happened.
class StatementUse {
 public:
  explicit StatementUse(sqlite3_stmt* statement) : statement_(statement) {}
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;
  ~StatementUse() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

 private:
  sqlite3_stmt* statement_;
};

/// strpos(text, part) as PostgreSQL has it, but for the unit of what it counts: 0 when the text does not hold
/// the part. Several times as fast as LIKE, which decodes every character.
void find_part(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  if (sqlite3_value_type(values[0]) == SQLITE_NULL || sqlite3_value_type(values[1]) == SQLITE_NULL) {
    return sqlite3_result_null(context);
  }
  const auto view = [](sqlite3_value* value) {  // the octets of a text where they lie
    const auto* octets = static_cast<const char*>(sqlite3_value_blob(value));
    return octets == nullptr ? std::string_view()
                             : std::string_view(octets, static_cast<std::size_t>(sqlite3_value_bytes(value)));
  };
  const std::string_view text = view(values[0]);
  const std::string_view part = view(values[1]);
  if (part.empty()) {
    return sqlite3_result_int64(context, 1);
  }
  const void* const found = ::memmem(text.data(), text.size(), part.data(), part.size());
  sqlite3_result_int64(context, found == nullptr ? 0 : static_cast<const char*>(found) - text.data() + 1);
}

int bind_one(sqlite3_stmt* statement, int place, const Parameter::View& view) {
  if (const auto* number = std::get_if<std::int64_t>(&view)) {
    return sqlite3_bind_int64(statement, place, *number);
  }
  if (const auto* text = std::get_if<std::string_view>(&view)) {
    const char* octets = text->data() == nullptr ? "" : text->data();  // a null pointer would bind NULL
    return sqlite3_bind_text64(statement, place, octets, text->size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  if (const auto* bytes = std::get_if<ByteView>(&view)) {
    const void* octets = bytes->empty() ? static_cast<const void*>("") : bytes->data();
    return sqlite3_bind_blob64(statement, place, octets, bytes->size(), SQLITE_STATIC);
  }
  return sqlite3_bind_null(statement, place);
}

Status read_column(sqlite3_stmt* statement, int column, Value& value) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
      value.emplace<std::monostate>();
      return ok();
    case SQLITE_INTEGER:
      value = std::int64_t{sqlite3_column_int64(statement, column)};
      return ok();
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      value.emplace<std::string>(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
      return ok();
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, column));
      value.emplace<Bytes>(bytes, bytes + sqlite3_column_bytes(statement, column));
      return ok();
    }
    default:
      return Error{Errc::kInternal, reason::kStatement, "a column of a type outside the dialect"};
  }
}

Status read_row(sqlite3_stmt* statement, Row& row) {
  auto& values = RowFiller::values(row);
  values.resize(static_cast<std::size_t>(sqlite3_column_count(statement)));
  for (std::size_t column = 0; column < values.size(); ++column) {
    HUTONG_CHECK(read_column(statement, static_cast<int>(column), values[column]));
  }
  return ok();
}

}  // namespace

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const Settings& settings, Role role) {
  sqlite3* database = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(settings.file.c_str(), &database, flags, nullptr);
  if (database == nullptr) {
    throw std::bad_alloc();
  }
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(database));
  if (code != SQLITE_OK) {
    return sqlite_error(database, code);
  }
  HUTONG_CHECK(connection->configure(settings, role));
  return connection;
}

Status SqliteConnection::configure(const Settings& settings, Role role) {
  sqlite3_busy_timeout(database_.get(), static_cast<int>(settings.patience.count()));
  std::string script =
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA "
      "case_sensitive_like=ON;"
      "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384;";
  if (role == Role::kReader) {
    script += "PRAGMA query_only=ON;";
  } else {
    script += "PRAGMA wal_autocheckpoint=2000; PRAGMA journal_size_limit=67108864;";
  }
  if (role == Role::kWriter && settings.page_limit > 0) {
    script += "PRAGMA max_page_count=" + std::to_string(settings.page_limit) + ";";
  }
  int code = sqlite3_create_function_v2(database_.get(), "strpos", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                        nullptr, &find_part, nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) {
    code = sqlite3_exec(database_.get(), script.c_str(), nullptr, nullptr, nullptr);
  }
  return code == SQLITE_OK ? ok() : Status(sqlite_error(database_.get(), code));
}

Result<SqliteConnection::Statement> SqliteConnection::prepare(std::string_view sql, unsigned flags) {
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()), flags, &statement, &rest);
  if (code != SQLITE_OK) {
    return sqlite_error(database_.get(), code);
  }
  Statement prepared_statement(statement);
  if (!prepared_statement || rest != sql.data() + sql.size()) {
    return Error{Errc::kInternal, reason::kStatement, "not exactly one statement: " + std::string(sql)};
  }
  return prepared_statement;
}

Result<sqlite3_stmt*> SqliteConnection::prepared(std::string_view sql) {
  if (const auto known = statements_.find(sql); known != statements_.end()) {
    return known->second.get();
  }
  HUTONG_TRY(Statement statement, prepare(sql, SQLITE_PREPARE_PERSISTENT));
  if (statements_.size() >= kMostStatements) {
    statements_.clear();
  }
  return statements_.emplace(sql, std::move(statement)).first->second.get();
}

Status SqliteConnection::bind(sqlite3_stmt* statement, std::span<const Parameter> values) {
  if (static_cast<std::size_t>(sqlite3_bind_parameter_count(statement)) != values.size()) {
    return Error{
        Errc::kInternal, reason::kStatement,
        "the number of values is not that of the placeholders: " + std::string(sqlite3_sql(statement))};
  }
  for (std::size_t at = 0; at < values.size(); ++at) {
    if (const int code = bind_one(statement, static_cast<int>(at) + 1, values[at].view());
        code != SQLITE_OK) {
      return sqlite_error(database_.get(), code);
    }
  }
  return ok();
}

Status SqliteConnection::visit(std::string_view sql, std::span<const Parameter> values, const RowStep& step) {
  HUTONG_TRY(sqlite3_stmt * statement, prepared(sql));
  const StatementUse use(statement);
  HUTONG_CHECK(bind(statement, values));
  Row row;
  int code = sqlite3_step(statement);
  for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
    HUTONG_CHECK(read_row(statement, row));
    if (step(row) == Step::kStop) {
      return ok();
    }
  }
  return code == SQLITE_DONE ? ok() : Status(sqlite_error(database_.get(), code));
}

Result<std::int64_t> SqliteConnection::execute(std::string_view sql, std::span<const Parameter> values) {
  HUTONG_CHECK(visit(sql, values, [](Row&) { return Step::kNext; }));
  return std::int64_t{sqlite3_changes64(database_.get())};
}

Status SqliteConnection::run(std::string_view sql) {
  return visit(sql, {}, [](Row&) { return Step::kNext; });
}

void SqliteConnection::checkpoint() {
  sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

void SqliteConnection::watch_log(std::function<void(int pages)> noted) {
  log_noted_ = std::move(noted);
  sqlite3_wal_hook(database_.get(), &SqliteConnection::on_log, this);
}

int SqliteConnection::on_log(void* self, sqlite3* /*database*/, const char* /*schema*/, int pages) {
  auto& connection = *static_cast<SqliteConnection*>(self);
  connection.log_noted_(pages);
  if (pages >= kLongLog) {
    connection.checkpoint();
  }
  return SQLITE_OK;
}

Status SqliteConnection::run_script(std::string_view sql) {
  for (const std::string& text : split_statements(sql)) {
    const std::string native = to_sqlite_schema(text);
    HUTONG_TRY(const Statement statement, prepare(native, 0));
    int code = sqlite3_step(statement.get());
    while (code == SQLITE_ROW) {
      code = sqlite3_step(statement.get());
    }
    if (code != SQLITE_DONE) {
      return sqlite_error(database_.get(), code);
    }
  }
  return ok();
}

}  // namespace hutong::storage
