#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "storage/internal/sqlite_connection.h"

namespace hutong::storage {

/// Takes the write-ahead log of a SQLite database back into its file, on a thread and a connection of its
/// own: in a large database that is thousands of pages all over the file, and no transaction shall wait for
/// them.
class SqliteCheckpointer {
 public:
  explicit SqliteCheckpointer(std::unique_ptr<SqliteConnection> connection)
      : connection_(std::move(connection)), thread_([this] { work(); }) {}
  SqliteCheckpointer(const SqliteCheckpointer&) = delete;
  SqliteCheckpointer& operator=(const SqliteCheckpointer&) = delete;
  ~SqliteCheckpointer();

  /// The log has so many pages, as the writer says after each commit. Never waits.
  void note(int pages);

 private:
  void work();

  const std::unique_ptr<SqliteConnection> connection_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int taken_at_ = 0;  ///< pages of the log when its last checkpoint was asked for
  bool wanted_ = false;
  bool stopping_ = false;
  std::thread thread_;  ///< last: it uses the others
};

}  // namespace hutong::storage
