#include "storage/database.h"

#include <random>
#include <string>
#include <thread>
#include <utility>

#include "storage/internal/backend.h"

namespace hutong::storage {

Database::Database(std::unique_ptr<Backend> backend) : backend_(std::move(backend)) {}
Database::Database(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(std::string_view url, const DatabaseOptions& options) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (url.starts_with(kSqlite) && url.size() > kSqlite.size()) {
    HUTONG_TRY(auto backend, open_sqlite(url.substr(kSqlite.size()), options));
    return Database(std::move(backend));
  }
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
    HUTONG_TRY(auto backend, open_postgresql(url, options));
    return Database(std::move(backend));
  }
  return Error{Errc::kPolicy, reason::kUrl, "expected sqlite:FILE or postgresql://…"};
}

DatabaseKind Database::kind() const { return backend_->kind(); }

Result<Reader> Database::read() const {
  HUTONG_TRY(auto session, backend_->read());
  return Reader(std::move(session));
}

Result<Transaction> Database::begin() {
  HUTONG_TRY(auto session, backend_->begin());
  return Transaction(std::move(session));
}

Status Database::backup_to(const std::filesystem::path& file) const { return backend_->backup_to(file); }

bool Retry::again(const Error& error) {
  if (!is_transient(error) || attempts_ >= kMostAttempts ||
      std::chrono::steady_clock::now() - begun_ > kLongest) {
    return false;
  }
  thread_local std::minstd_rand random(std::random_device{}());
  const unsigned longest = 4U << attempts_;  // milliseconds: 8, 16 … 512
  std::this_thread::sleep_for(std::chrono::milliseconds(1 + random() % longest));
  ++attempts_;
  return true;
}

}  // namespace hutong::storage
