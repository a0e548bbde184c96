#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "storage/database.h"
#include "storage/internal/session.h"

namespace hutong::storage {

/// What a kind of database provides; thread-safe.
class Database::Backend {
 public:
  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;
  virtual ~Backend() = default;
  virtual DatabaseKind kind() const = 0;
  virtual Result<std::unique_ptr<Session>> read() = 0;
  virtual Result<std::unique_ptr<Session>> begin() = 0;
  virtual Status backup_to(const std::filesystem::path& file) = 0;
};

Result<std::unique_ptr<Database::Backend>> open_sqlite(const std::filesystem::path& file,
                                                       const DatabaseOptions& options);
Result<std::unique_ptr<Database::Backend>> open_postgresql(std::string_view url,
                                                           const DatabaseOptions& options);

}  // namespace hutong::storage
