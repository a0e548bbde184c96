#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>

#include "storage/internal/backend.h"
#include "storage/internal/pool.h"
#include "storage/internal/sqlite_checkpointer.h"
#include "storage/internal/sqlite_connection.h"
#include "storage/internal/sqlite_writer.h"

namespace hutong::storage {
namespace {

/// What reading and writing share: statements go to a connection as they are.
class SqliteSession : public Session {
 protected:
  virtual SqliteConnection& connection() = 0;
  Result<std::int64_t> do_execute(std::string_view sql, std::span<const Parameter> values) final {
    return connection().execute(sql, values);
  }
  Status do_visit(std::string_view sql, std::span<const Parameter> values, Delivery /*always streamed*/,
                  const RowStep& step) final {
    return connection().visit(sql, values, step);
  }
  Status do_script(std::string_view sql) final { return connection().run_script(sql); }
  std::string_view lock_clause(RowLock /*one writer needs none*/) const final { return {}; }
};

class SqliteReadSession final : public SqliteSession {
 public:
  explicit SqliteReadSession(Pool<SqliteConnection>::Lease lease) : lease_(std::move(lease)) {}
  ~SqliteReadSession() override {
    if (!lease_->is_idle()) {
      static_cast<void>(lease_->run("ROLLBACK").has_value());
    }
  }

 private:
  SqliteConnection& connection() override { return *lease_; }
  Status do_commit() override { return lease_->run("COMMIT"); }
  Pool<SqliteConnection>::Lease lease_;
};

class SqliteWriteSession final : public SqliteSession {
 public:
  explicit SqliteWriteSession(SqliteWriter& writer) : writer_(&writer) {}
  ~SqliteWriteSession() override {
    if (writer_ != nullptr) {
      writer_->roll_back();
    }
  }

 private:
  SqliteConnection& connection() override { return writer_->connection(); }
  Status do_commit() override { return std::exchange(writer_, nullptr)->commit(); }
  SqliteWriter* writer_;
};

Status sync_path(const std::filesystem::path& path) {
  const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = handle >= 0 && ::fsync(handle) == 0;
  if (handle >= 0) {
    ::close(handle);
  }
  return synced ? ok()
                : Status(Error{Errc::kUnavailable, reason::kUnavailable, "cannot sync " + path.string()});
}

std::filesystem::path folder_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : ".";
}

class SqliteBackend final : public Database::Backend {
 public:
  SqliteBackend(SqliteConnection::Settings settings, std::unique_ptr<SqliteConnection> writer,
                std::unique_ptr<SqliteConnection> checkpointer, const DatabaseOptions& options)
      : settings_(std::move(settings)),
        checkpointer_(std::move(checkpointer)),
        writer_(std::move(writer), options.patience),
        readers_(options.connections, options.patience,
                 [this] { return SqliteConnection::open(settings_, SqliteConnection::Role::kReader); }) {
    writer_.connection().watch_log([this](int pages) { checkpointer_.note(pages); });
  }

  DatabaseKind kind() const override { return DatabaseKind::kSqlite; }

  Result<std::unique_ptr<Session>> read() override {
    HUTONG_TRY(auto lease, readers_.take());
    HUTONG_CHECK(lease->run("BEGIN"));
    return std::unique_ptr<Session>(std::make_unique<SqliteReadSession>(std::move(lease)));
  }

  Result<std::unique_ptr<Session>> begin() override {
    HUTONG_CHECK(writer_.enter());
    return std::unique_ptr<Session>(std::make_unique<SqliteWriteSession>(writer_));
  }

  Status backup_to(const std::filesystem::path& file) override {
    HUTONG_TRY(const auto source, SqliteConnection::open(settings_, SqliteConnection::Role::kWriter));
    std::filesystem::path part = file;
    part += ".part";
    std::error_code failure;
    std::filesystem::remove(part, failure);
    const Parameter target(part.native());
    HUTONG_CHECK(source->execute("VACUUM INTO ?", {&target, 1}));
    std::filesystem::permissions(
        part, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, failure);
    HUTONG_CHECK(sync_path(part));
    std::filesystem::rename(part, file, failure);
    if (failure) {
      return Error{Errc::kUnavailable, reason::kUnavailable,
                   "cannot rename the backup: " + failure.message()};
    }
    return sync_path(folder_of(file));
  }

 private:
  const SqliteConnection::Settings settings_;
  SqliteCheckpointer checkpointer_;
  SqliteWriter writer_;
  Pool<SqliteConnection> readers_;
};

/// Databases hold personal data: nobody but the owner reads them. SQLite gives its side files the same mode.
Status create_private(const std::filesystem::path& file) {
  const int handle = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (handle < 0) {
    return Error{Errc::kUnavailable, reason::kUnavailable, "cannot open the database file " + file.string()};
  }
  ::close(handle);
  return sync_path(folder_of(file));
}

}  // namespace

Result<std::unique_ptr<Database::Backend>> open_sqlite(const std::filesystem::path& file,
                                                       const DatabaseOptions& options) {
  HUTONG_CHECK(create_private(file));
  SqliteConnection::Settings settings{file, options.patience, options.sqlite_page_limit};
  HUTONG_TRY(auto writer, SqliteConnection::open(settings, SqliteConnection::Role::kWriter));
  HUTONG_TRY(auto checkpointer, SqliteConnection::open(settings, SqliteConnection::Role::kWriter));
  return std::unique_ptr<Database::Backend>(std::make_unique<SqliteBackend>(
      std::move(settings), std::move(writer), std::move(checkpointer), options));
}

}  // namespace hutong::storage
