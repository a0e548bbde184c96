#pragma once

#include <optional>
#include <string>

namespace hutong::test {

/// The URL of a new, empty database on a PostgreSQL server that belongs to this test program: Debian's
/// package postgresql-15, data and Unix socket in a temporary folder, started at the first call, ended with
/// the program (also when that is killed). Nothing when the package is missing, after saying "skipped:
/// PostgreSQL not found". The server refuses root, so it runs as user postgres (or nobody) then.
std::optional<std::string> new_postgresql_database();

}  // namespace hutong::test
