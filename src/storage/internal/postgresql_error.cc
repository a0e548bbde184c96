#include <string>
#include <string_view>

#include "storage/internal/constraint.h"
#include "storage/internal/postgresql_connection.h"

namespace hutong::storage {
namespace {

std::string_view field(const PGresult* result, int which) {
  const char* text = result == nullptr ? nullptr : PQresultErrorField(result, which);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

std::string constraint_name(const PGresult* result, std::string_view state) {
  if (state == "23502") {  // NOT NULL has no name of its own
    return std::string(field(result, PG_DIAG_TABLE_NAME))
        .append("_")
        .append(field(result, PG_DIAG_COLUMN_NAME))
        .append("_not_null");
  }
  return state == "23503" ? "foreign_key" : std::string(field(result, PG_DIAG_CONSTRAINT_NAME));
}

/// Connection exceptions, a server that shuts down or starts, too many connections, an operator's
/// intervention.
bool is_outage(std::string_view state) {
  return state.starts_with("08") || state.starts_with("57P") || state == "53300";
}

/// Lock not available, deadlock, serialization failure, cancelled: the same transaction may succeed later.
bool is_contention(std::string_view state) {
  return state == "55P03" || state == "40P01" || state == "40001" || state == "57014";
}

}  // namespace

Error postgresql_error(PGconn* connection, const PGresult* result) {
  const std::string_view state = field(result, PG_DIAG_SQLSTATE);
  std::string message = result == nullptr ? PQerrorMessage(connection) : PQresultErrorMessage(result);
  while (!message.empty() && message.back() == '\n') {
    message.pop_back();
  }
  if (PQstatus(connection) != CONNECTION_OK || is_outage(state)) {
    return {Errc::kUnavailable, reason::kUnavailable, std::move(message)};
  }
  if (is_contention(state)) {
    return {Errc::kUnavailable, reason::kBusy, std::move(message)};
  }
  if (state == "53100") {
    return {Errc::kUnavailable, reason::kFull, std::move(message)};
  }
  if (state.starts_with("XX")) {
    return {Errc::kUnavailable, reason::kDamaged, std::move(message)};
  }
  if (state.starts_with("23")) {
    return {Errc::kConflict, reason::kConstraint, constraint_detail(constraint_name(result, state))};
  }
  return {Errc::kInternal, reason::kStatement, std::move(message)};
}

}  // namespace hutong::storage
