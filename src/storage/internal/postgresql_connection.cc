#include "storage/internal/postgresql_connection.h"

#include <array>
#include <charconv>
#include <new>
#include <utility>
#include <vector>

#include "storage/internal/dialect.h"
#include "storage/internal/postgresql_types.h"

namespace hutong::storage {
namespace {

std::array<char, 8> big_endian(std::int64_t number) {
  std::array<char, 8> octets{};
  for (std::size_t at = 0; at < octets.size(); ++at) {
    octets[at] = static_cast<char>(static_cast<std::uint64_t>(number) >> (56 - 8 * at));
  }
  return octets;
}

std::int64_t number_of(std::string_view digits) {
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

/// False for INSERT … RETURNING and its like.
bool is_select(const PGresult* result) {
  return std::string_view(PQcmdStatus(const_cast<PGresult*>(result))).starts_with("SELECT");
}

/// Reads what is left of an answer, so that the connection can be used again.
class Drain {
 public:
  explicit Drain(PGconn* connection) : connection_(connection) {}
  Drain(const Drain&) = delete;
  Drain& operator=(const Drain&) = delete;
  ~Drain() {
    while (PGresult* rest = PQgetResult(connection_)) {
      PQclear(rest);
    }
  }

 private:
  PGconn* connection_;
};

}  // namespace

/// The values of a statement in the arrays that libpq wants; they point into the caller's parameters.
class PostgresqlConnection::Arguments {
 public:
  explicit Arguments(std::span<const Parameter> values) : integers_(values.size()) {
    for (const Parameter& value : values) {
      add(value.view());
    }
  }
  int count() const { return static_cast<int>(types_.size()); }
  const Oid* types() const { return types_.data(); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }
  /// One character for each type: statements are prepared apart for different types.
  const std::string& signature() const { return signature_; }

 private:
  void add(const Parameter::View& view) {
    if (const auto* number = std::get_if<std::int64_t>(&view)) {
      auto& octets = integers_[types_.size()] = big_endian(*number);
      add('i', kInt8Oid, octets.data(), octets.size());
    } else if (const auto* text = std::get_if<std::string_view>(&view)) {
      add('t', kTextOid, text->empty() ? "" : text->data(), text->size());
    } else if (const auto* bytes = std::get_if<ByteView>(&view)) {
      add('b', kByteaOid, bytes->empty() ? "" : reinterpret_cast<const char*>(bytes->data()), bytes->size());
    } else {
      add('n', kAnyOid, nullptr, 0);
    }
  }
  void add(char kind, Oid type, const char* octets, std::size_t length) {
    signature_.push_back(kind);
    types_.push_back(type);
    values_.push_back(octets);
    lengths_.push_back(static_cast<int>(length));
    formats_.push_back(1);
  }

  std::vector<std::array<char, 8>> integers_;
  std::vector<Oid> types_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
  std::string signature_;
};

Result<std::unique_ptr<PostgresqlConnection>> PostgresqlConnection::open(const std::string& url,
                                                                         std::chrono::milliseconds patience) {
  // What the URL says comes later and wins.
  const char* const names[] = {"fallback_application_name", "connect_timeout",
                               "tcp_user_timeout",          "dbname",
                               "client_encoding",           nullptr};
  const char* const values[] = {"hutong", "5", "10000", url.c_str(), "UTF8", nullptr};
  PGconn* raw = PQconnectdbParams(names, values, 1);
  if (raw == nullptr) {
    throw std::bad_alloc();
  }
  std::unique_ptr<PostgresqlConnection> connection(new PostgresqlConnection(raw));
  if (PQstatus(raw) != CONNECTION_OK) {
    return postgresql_error(raw, nullptr);
  }
  PQsetNoticeProcessor(
      raw, [](void*, const char*) {}, nullptr);
  const std::string settings =
      "SET synchronous_commit = on; SET lock_timeout = " + std::to_string(patience.count());
  HUTONG_CHECK(connection->run(settings.c_str()));
  return connection;
}

Status PostgresqlConnection::check(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE) {
    return ok();
  }
  return postgresql_error(connection_.get(), result);
}

Status PostgresqlConnection::run(const char* sql) {
  const PostgresqlResult result(PQexec(connection_.get(), sql));
  return check(result.get());
}

Status PostgresqlConnection::begin_writing() {
  has_written_ = false;
  return run("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL synchronous_commit = off");
}

Status PostgresqlConnection::commit() {
  Status done =
      finish(has_written_ ? "COMMIT; SELECT pg_logical_emit_message(true, 'hutong', '')" : "COMMIT");
  if (!done && PQstatus(connection_.get()) != CONNECTION_OK) {
    return Error{Errc::kUnavailable, reason::kOutcomeUnknown, done.error().detail};
  }
  return done;
}

Status PostgresqlConnection::finish(const char* commit) {
  if (PQsendQuery(connection_.get(), commit) == 0) {
    return postgresql_error(connection_.get(), nullptr);
  }
  const Drain drain(connection_.get());
  const PostgresqlResult committed(PQgetResult(connection_.get()));
  HUTONG_CHECK(check(committed.get()));
  if (std::string_view(PQcmdStatus(committed.get())) != "COMMIT") {
    return Error{Errc::kConflict, reason::kAborted, "the database rolled the transaction back"};
  }
  while (const auto synced = PostgresqlResult(PQgetResult(connection_.get()))) {
    if (auto done = check(synced.get()); !done) {
      return Error{Errc::kUnavailable, reason::kOutcomeUnknown, done.error().detail};
    }
  }
  return ok();
}

Status PostgresqlConnection::run_script(std::string_view sql) {
  has_written_ = true;
  for (const std::string& statement : split_statements(sql)) {
    HUTONG_CHECK(run(to_postgresql(statement).sql.c_str()));
  }
  return ok();
}

Result<std::string> PostgresqlConnection::prepared(std::string_view sql, const Arguments& arguments) {
  std::string key = arguments.signature();
  key.append(":").append(sql);
  if (const auto known = statements_.find(key); known != statements_.end()) {
    return known->second;
  }
  if (statements_.size() >= kMostStatements) {
    HUTONG_CHECK(run("DEALLOCATE ALL"));
    statements_.clear();
  }
  const PostgresqlText text = to_postgresql(sql);
  if (text.places != static_cast<std::size_t>(arguments.count())) {
    return Error{Errc::kInternal, reason::kStatement,
                 "the number of values is not that of the placeholders: " + std::string(sql)};
  }
  std::string name = "s" + std::to_string(++last_name_);
  const PostgresqlResult result(
      PQprepare(connection_.get(), name.c_str(), text.sql.c_str(), arguments.count(), arguments.types()));
  HUTONG_CHECK(check(result.get()));
  statements_.emplace(std::move(key), name);
  return name;
}

Result<std::int64_t> PostgresqlConnection::execute(std::string_view sql, std::span<const Parameter> values) {
  const Arguments arguments(values);
  HUTONG_TRY(const std::string name, prepared(sql, arguments));
  const PostgresqlResult result(PQexecPrepared(connection_.get(), name.c_str(), arguments.count(),
                                               arguments.values(), arguments.lengths(), arguments.formats(),
                                               1));
  HUTONG_CHECK(check(result.get()));
  has_written_ = true;
  return number_of(PQcmdTuples(result.get()));
}

Status PostgresqlConnection::visit(std::string_view sql, std::span<const Parameter> values, Delivery delivery,
                                   const RowStep& step) {
  const Arguments arguments(values);
  HUTONG_TRY(const std::string name, prepared(sql, arguments));
  return delivery == Delivery::kWhole ? walk_whole(name, arguments, step)
                                      : walk_streamed(name, arguments, step);
}

Status PostgresqlConnection::walk_whole(const std::string& name, const Arguments& arguments,
                                        const RowStep& step) {
  const PostgresqlResult result(PQexecPrepared(connection_.get(), name.c_str(), arguments.count(),
                                               arguments.values(), arguments.lengths(), arguments.formats(),
                                               1));
  HUTONG_CHECK(check(result.get()));
  has_written_ = has_written_ || !is_select(result.get());
  Row row;
  for (int at = 0; at < PQntuples(result.get()); ++at) {
    HUTONG_CHECK(read_postgresql_row(result.get(), at, row));
    if (step(row) == Step::kStop) {
      break;
    }
  }
  return ok();
}

Status PostgresqlConnection::walk_streamed(const std::string& name, const Arguments& arguments,
                                           const RowStep& step) {
  if (PQsendQueryPrepared(connection_.get(), name.c_str(), arguments.count(), arguments.values(),
                          arguments.lengths(), arguments.formats(), 1) == 0) {
    return postgresql_error(connection_.get(), nullptr);
  }
  PQsetSingleRowMode(connection_.get());
  const Drain drain(connection_.get());
  Row row;
  while (const auto result = PostgresqlResult(PQgetResult(connection_.get()))) {
    HUTONG_CHECK(check(result.get()));
    has_written_ = has_written_ || !is_select(result.get());
    if (PQntuples(result.get()) == 0) {
      continue;
    }
    HUTONG_CHECK(read_postgresql_row(result.get(), 0, row));
    if (step(row) == Step::kStop) {
      break;
    }
  }
  return ok();
}

}  // namespace hutong::storage
