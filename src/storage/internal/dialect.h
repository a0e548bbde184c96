#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hutong::storage {

/// The one SQL dialect of the repositories (README.md) in the words of each database.

/// The statements of a script, without comments; a `;` inside quotes does not separate.
std::vector<std::string> split_statements(std::string_view script);
/// CREATE TABLE becomes STRICT, so that SQLite checks types as PostgreSQL does. Takes one statement.
std::string to_sqlite_schema(std::string_view statement);
/// `?` becomes $1, $2 …; INTEGER becomes BIGINT, BLOB becomes BYTEA; in CREATE TABLE and ALTER TABLE a TEXT
/// column is compared octet by octet, as SQLite does. Takes one statement.
struct PostgresqlText {
  std::string sql;
  std::size_t places = 0;  ///< how many values it takes
};
PostgresqlText to_postgresql(std::string_view statement);

}  // namespace hutong::storage
