#include <algorithm>
#include <new>
#include <string>
#include <string_view>

#include "storage/internal/constraint.h"
#include "storage/internal/sqlite_connection.h"

namespace hutong::storage {
namespace {

struct FinalizeOnExit {
  sqlite3_stmt* statement = nullptr;
  ~FinalizeOnExit() { sqlite3_finalize(statement); }
};

/// "orders.a, orders.b" -> table "orders", columns "a_b".
struct UniqueColumns {
  std::string table;
  std::string columns;
};
UniqueColumns columns_of(std::string_view list) {
  UniqueColumns found;
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(", "));
    const std::size_t dot = item.find('.');
    found.table = item.substr(0, dot);
    found.columns.append(found.columns.empty() ? "" : "_").append(item.substr(dot + 1));
    list.remove_prefix(std::min(list.size(), item.size() + 2));
  }
  return found;
}

/// The name of the unique index over these columns: its own, or the one PostgreSQL gives to an unnamed
/// UNIQUE.
std::string unique_name(sqlite3* database, const UniqueColumns& unique) {
  const std::string fallback = unique.table + "_" + unique.columns + "_key";
  constexpr std::string_view kFind =
      "SELECT name FROM pragma_index_list(?1) AS list WHERE \"unique\" = 1 AND origin = 'c' AND ?2 ="
      " (SELECT group_concat(name, '_') FROM (SELECT name FROM pragma_index_info(list.name) ORDER BY seqno))";
  FinalizeOnExit find;
  if (sqlite3_prepare_v2(database, kFind.data(), static_cast<int>(kFind.size()), &find.statement, nullptr) !=
      SQLITE_OK) {
    return fallback;
  }
  sqlite3_bind_text(find.statement, 1, unique.table.c_str(), -1, SQLITE_STATIC);
  sqlite3_bind_text(find.statement, 2, unique.columns.c_str(), -1, SQLITE_STATIC);
  if (sqlite3_step(find.statement) != SQLITE_ROW) {
    return fallback;
  }
  return reinterpret_cast<const char*>(sqlite3_column_text(find.statement, 0));
}

std::string constraint_name(sqlite3* database, int code, std::string_view message) {
  const std::size_t colon = message.find(": ");
  const std::string_view subject = colon == std::string_view::npos ? "" : message.substr(colon + 2);
  switch (code) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return columns_of(subject).table + "_pkey";
    case SQLITE_CONSTRAINT_UNIQUE:
      if (subject.starts_with("index '")) {  // an index over expressions is named by SQLite itself
        return std::string(subject.substr(7, subject.size() - 8));
      }
      return unique_name(database, columns_of(subject));
    case SQLITE_CONSTRAINT_NOTNULL:
      return columns_of(subject).table + "_" + columns_of(subject).columns + "_not_null";
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return "foreign_key";
    default:
      return std::string(subject);
  }
}

}  // namespace

Error sqlite_error(sqlite3* database, int code) {
  const std::string message = sqlite3_errmsg(database);
  switch (code & 0xff) {
    case SQLITE_NOMEM:
      throw std::bad_alloc();
    case SQLITE_FULL:
      return {Errc::kUnavailable, reason::kFull, message};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Errc::kUnavailable, reason::kBusy, message};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Errc::kUnavailable, reason::kDamaged, message};
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_PERM:
      return {Errc::kUnavailable, reason::kUnavailable, message};
    case SQLITE_READONLY:  // the file is, or the statement came through a Reader
      return sqlite3_db_readonly(database, "main") == 1
                 ? Error{Errc::kUnavailable, reason::kUnavailable, message}
                 : Error{Errc::kInternal, reason::kStatement, message};
    case SQLITE_CONSTRAINT:
      if (code == SQLITE_CONSTRAINT_DATATYPE) {
        return {Errc::kInternal, reason::kStatement, message};
      }
      return {Errc::kConflict, reason::kConstraint,
              constraint_detail(constraint_name(database, code, message))};
    default:
      return {Errc::kInternal, reason::kStatement, message};
  }
}

}  // namespace hutong::storage
