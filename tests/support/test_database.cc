#include "tests/support/test_database.h"

#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "tests/support/postgresql_server.h"

namespace hutong::test {

std::vector<storage::DatabaseKind> wanted_databases() {
  const char* const named = std::getenv("HUTONG_DATABASES");
  if (named == nullptr) {
    return {storage::DatabaseKind::kSqlite, storage::DatabaseKind::kPostgresql};
  }
  if (std::string_view(named) == "sqlite") {
    return {storage::DatabaseKind::kSqlite};
  }
  if (std::string_view(named) == "postgresql") {
    return {storage::DatabaseKind::kPostgresql};
  }
  throw std::runtime_error("HUTONG_DATABASES is sqlite or postgresql");
}

TestDatabase::TestDatabase(storage::DatabaseKind kind) {
  std::string folder = std::filesystem::temp_directory_path() / "hutong-db-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) {
    throw std::runtime_error("cannot make a temporary folder");
  }
  folder_ = folder;
  url_ = kind == storage::DatabaseKind::kSqlite ? "sqlite:" + folder + "/test.db"
                                                : new_postgresql_database().value_or("");
}

TestDatabase::~TestDatabase() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace hutong::test
