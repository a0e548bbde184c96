#include <memory>
#include <string>
#include <utility>

#include "storage/internal/backend.h"
#include "storage/internal/pool.h"
#include "storage/internal/postgresql_connection.h"

namespace hutong::storage {
namespace {

using Lease = Pool<PostgresqlConnection>::Lease;

class PostgresqlSession final : public Session {
 public:
  explicit PostgresqlSession(Lease lease) : lease_(std::move(lease)) {}
  ~PostgresqlSession() override {
    if (!lease_->is_idle()) {
      static_cast<void>(lease_->run("ROLLBACK").has_value());  // a broken connection is dropped by the pool
    }
  }

 private:
  Result<std::int64_t> do_execute(std::string_view sql, std::span<const Parameter> values) override {
    return lease_->execute(sql, values);
  }
  Status do_visit(std::string_view sql, std::span<const Parameter> values, Delivery delivery,
                  const RowStep& step) override {
    return lease_->visit(sql, values, delivery, step);
  }
  Status do_script(std::string_view sql) override { return lease_->run_script(sql); }
  Status do_commit() override { return lease_->commit(); }
  std::string_view lock_clause(RowLock lock) const override {
    return lock == RowLock::kWait ? " FOR UPDATE" : " FOR UPDATE SKIP LOCKED";
  }
  Lease lease_;
};

class PostgresqlBackend final : public Database::Backend {
 public:
  PostgresqlBackend(std::string url, const DatabaseOptions& options)
      : pool_(options.connections, options.patience, [url = std::move(url), patience = options.patience] {
          return PostgresqlConnection::open(url, patience);
        }) {}

  DatabaseKind kind() const override { return DatabaseKind::kPostgresql; }

  Result<std::unique_ptr<Session>> read() override {
    return start([](PostgresqlConnection& connection) {
      return connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    });
  }
  Result<std::unique_ptr<Session>> begin() override {
    return start([](PostgresqlConnection& connection) { return connection.begin_writing(); });
  }
  Status backup_to(const std::filesystem::path& /*file*/) override {
    return Error{Errc::kPolicy, reason::kUnsupported, "back PostgreSQL up with pg_dump --format=custom"};
  }

 private:
  /// A connection that broke while idle is found out here, where nothing has happened yet, and replaced.
  template <typename Begin>
  Result<std::unique_ptr<Session>> start(const Begin& begin) {
    HUTONG_TRY(Lease lease, pool_.take());
    if (auto begun = begin(*lease); !begun) {
      if (lease->usable()) {
        return std::move(begun).error();
      }
      HUTONG_CHECK(lease.renew());
      HUTONG_CHECK(begin(*lease));
    }
    return std::unique_ptr<Session>(std::make_unique<PostgresqlSession>(std::move(lease)));
  }

  Pool<PostgresqlConnection> pool_;
};

}  // namespace

Result<std::unique_ptr<Database::Backend>> open_postgresql(std::string_view url,
                                                           const DatabaseOptions& options) {
  std::unique_ptr<Database::Backend> backend = std::make_unique<PostgresqlBackend>(std::string(url), options);
  HUTONG_TRY(const auto probe, backend->read());
  return backend;
}

}  // namespace hutong::storage
