#pragma once

#include <string_view>

#include "base/result.h"

namespace hutong::storage {

/// Why the database said no. Everything that reaches a caller has one of these reasons.
namespace reason {
/// kUnavailable: cannot connect, or the connection was lost before COMMIT; nothing was stored.
inline constexpr std::string_view kUnavailable = "storage.unavailable";
/// kUnavailable: the connection was lost while COMMIT was on its way: stored or not. Read before writing
/// again.
inline constexpr std::string_view kOutcomeUnknown = "storage.outcome_unknown";
/// kUnavailable: no room on the disk (or the configured limit is reached); nothing was stored.
inline constexpr std::string_view kFull = "storage.full";
/// kUnavailable: waited too long for a connection or a lock, or was chosen to end a deadlock; nothing was
/// stored. in_transaction runs the transaction again.
inline constexpr std::string_view kBusy = "storage.busy";
/// kConflict: compare_and_set found the row changed: another transaction was faster.
inline constexpr std::string_view kConflict = "storage.conflict";
/// kConflict: a unique key, foreign key, CHECK or NOT NULL refused the row; see violates().
inline constexpr std::string_view kConstraint = "storage.constraint";
/// kNotFound: query_one found no row.
inline constexpr std::string_view kNotFound = "storage.not_found";
/// kMalformed: text that is not UTF-8 or holds a NUL octet.
inline constexpr std::string_view kText = "storage.text";
/// kConflict: an earlier statement of this transaction failed; it can only be rolled back.
inline constexpr std::string_view kAborted = "storage.aborted";
/// kPolicy: the URL names no database we know.
inline constexpr std::string_view kUrl = "storage.url";
/// kPolicy: the migrations recorded in the database are not those of this program.
inline constexpr std::string_view kHistory = "storage.history";
/// kUnavailable: the file is not a database, or damaged.
inline constexpr std::string_view kDamaged = "storage.damaged";
/// kPolicy: this database cannot do that (online backup of PostgreSQL: use pg_dump).
inline constexpr std::string_view kUnsupported = "storage.unsupported";
/// kInternal: a statement the database does not understand, a wrong number of parameters: our bug.
inline constexpr std::string_view kStatement = "storage.statement";
}  // namespace reason

/// The name of the constraint behind a `storage.constraint` error, empty for any other error. Both databases
/// use PostgreSQL's names: an index's own name (CREATE UNIQUE INDEX name), `<table>_pkey`,
/// `<table>_<columns>_key` for an unnamed UNIQUE, the name of CONSTRAINT name CHECK;
/// `<table>_<column>_not_null`; and `foreign_key` for every foreign key.
std::string_view violated_constraint(const Error& error);
inline bool violates(const Error& error, std::string_view constraint) {
  return violated_constraint(error) == constraint;
}

/// True when nothing was stored and the same transaction may succeed if it is run again.
bool is_transient(const Error& error);

}  // namespace hutong::storage
