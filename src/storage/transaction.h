#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.h"
#include "storage/error.h"
#include "storage/row.h"
#include "storage/value.h"

namespace hutong::storage {

class Session;

/// A consistent snapshot to read from, from Database::read(). It holds a connection of the pool until it is
/// destroyed, so keep it short. One thread at a time; several statements see the same state.
///
/// Statements are constants of the source (they are prepared once and cached); every value is a `?`. The
/// dialect is in README.md. After a failed statement only the end of the transaction is left
/// (`storage.aborted`), on both databases.
class Reader {
 public:
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) = delete;
  ~Reader();

  /// All rows, in memory.
  template <typename... Values>
  Result<Rows> query(std::string_view sql, const Values&... values) {
    return all_rows(sql, Bound<sizeof...(Values)>{{Parameter(values)...}}.view());
  }
  /// The first row, or nothing.
  template <typename... Values>
  Result<std::optional<Row>> query_optional(std::string_view sql, const Values&... values) {
    return first_row(sql, Bound<sizeof...(Values)>{{Parameter(values)...}}.view());
  }
  /// The first row; kNotFound "storage.not_found" when there is none.
  template <typename... Values>
  Result<Row> query_one(std::string_view sql, const Values&... values) {
    return required_row(sql, Bound<sizeof...(Values)>{{Parameter(values)...}}.view());
  }
  /// Calls `visit` for each row as it arrives, for answers that do not fit into memory. The row is valid
  /// during the call. An error from `visit` ends the walk and is returned. `visit` must not use this Reader.
  using Visit = std::function<Status(const Row&)>;
  template <typename... Values>
  Status for_each(const Visit& visit, std::string_view sql, const Values&... values) {
    return walk(visit, sql, Bound<sizeof...(Values)>{{Parameter(values)...}}.view());
  }
  /// The same with parameters whose number is known only when running (search filters).
  Result<Rows> query_with(std::string_view sql, std::span<const Parameter> values) {
    return all_rows(sql, values);
  }
  Status for_each_with(const Visit& visit, std::string_view sql, std::span<const Parameter> values) {
    return walk(visit, sql, values);
  }

 protected:
  template <std::size_t kCount>
  struct Bound {
    std::array<Parameter, kCount> values;
    std::span<const Parameter> view() const { return values; }
  };
  explicit Reader(std::unique_ptr<Session> session);
  Session& session() { return *session_; }
  Result<Rows> all_rows(std::string_view sql, std::span<const Parameter> values);
  Result<std::optional<Row>> first_row(std::string_view sql, std::span<const Parameter> values);
  Result<Row> required_row(std::string_view sql, std::span<const Parameter> values);
  Status walk(const Visit& visit, std::string_view sql, std::span<const Parameter> values);

 private:
  friend class Database;
  std::unique_ptr<Session> session_;
};

/// A change, all of it or nothing: rolled back when destroyed without commit(). Usually made by
/// in_transaction().
///
/// SQLite has one writer: a second begin() waits. PostgreSQL runs READ COMMITTED: writers meet only at the
/// rows they change, and the row that orders the audit chain makes followers wait instead of failing, as a
/// snapshot level would. The price: what was merely read may have changed since. So a decision that depends
/// on a row reads it by query_for_update, or writes through compare_and_set, or lets a constraint decide.
class Transaction : public Reader {
 public:
  Transaction(Transaction&&) noexcept = default;

  /// INSERT, UPDATE or DELETE; the number of rows it touched.
  template <typename... Values>
  Result<std::int64_t> execute(std::string_view sql, const Values&... values) {
    return change(sql, Bound<sizeof...(Values)>{{Parameter(values)...}}.view());
  }
  /// An UPDATE or DELETE whose WHERE names the row and the version or state it was read in. One row touched
  /// is success; none means that somebody else was faster: kConflict "storage.conflict" (the transaction goes
  /// on).
  template <typename... Values>
  Status compare_and_set(std::string_view sql, const Values&... values) {
    return change_one(sql, Bound<sizeof...(Values)>{{Parameter(values)...}}.view());
  }
  /// A SELECT from one table whose rows stay locked until the end of the transaction (FOR UPDATE).
  template <typename... Values>
  Result<Rows> query_for_update(std::string_view sql, const Values&... values) {
    return lock_rows(sql, Lock::kWait, Bound<sizeof...(Values)>{{Parameter(values)...}}.view());
  }
  /// The same for queues: rows that another transaction holds are passed over (FOR UPDATE SKIP LOCKED).
  template <typename... Values>
  Result<Rows> claim(std::string_view sql, const Values&... values) {
    return lock_rows(sql, Lock::kSkip, Bound<sizeof...(Values)>{{Parameter(values)...}}.view());
  }
  /// Statements without parameters, separated by `;`, in the dialect of migrations (README.md).
  Status run_script(std::string_view sql);

  /// Durable when it returns ok: it waits for the disk. Callable once.
  Status commit();

 private:
  friend class Database;
  enum class Lock { kWait, kSkip };
  using Reader::Reader;
  Result<std::int64_t> change(std::string_view sql, std::span<const Parameter> values);
  Status change_one(std::string_view sql, std::span<const Parameter> values);
  Result<Rows> lock_rows(std::string_view sql, Lock lock, std::span<const Parameter> values);
};

}  // namespace hutong::storage
