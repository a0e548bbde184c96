#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>

#include "base/result.h"
#include "storage/internal/sqlite_connection.h"

namespace hutong::storage {

/// The writing connection of a SQLite database, handed from thread to thread.
///
/// One fsync serves many transactions: each is a savepoint inside a common SQLite transaction (the group). A
/// thread that commits while others wait for the connection passes it on and sleeps; whoever finds nobody
/// waiting, or the group full or old, commits the group and wakes its members with the outcome. The members
/// of the last group, and who came while the disk worked, are likely to come again: a group waits for them,
/// though not longer than the disk takes. So all of them share one fsync instead of two halves taking turns.
/// A lone thread commits at once. A member that rolls back undoes only its savepoint.
class SqliteWriter {
 public:
  SqliteWriter(std::unique_ptr<SqliteConnection> connection, std::chrono::milliseconds patience)
      : connection_(std::move(connection)), patience_(patience) {}

  /// Waits for the connection; afterwards it is the calling thread's until commit() or roll_back().
  Status enter();
  SqliteConnection& connection() { return *connection_; }
  /// Returns when the transaction is on the disk, or with the reason why it is not.
  Status commit();
  void roll_back();

 private:
  using Steady = std::chrono::steady_clock;
  struct Group {
    Steady::time_point begun;
    std::size_t members = 0;  ///< transactions that wait for the outcome
    std::optional<Status> outcome;
    std::condition_variable decided;
  };
  using Lock = std::unique_lock<std::mutex>;

  Status begin_member();
  Steady::time_point end_of_waiting(const Group& group) const;
  bool has_prospects(const Group& group) const;
  Status wait_for_company(Lock& lock, const std::shared_ptr<Group>& group);
  bool may_grow(const Group& group) const;
  void hand_on();
  void finish_group(Lock& lock);
  void fail_group(const Error& error);

  const std::unique_ptr<SqliteConnection> connection_;
  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable turn_;
  bool taken_ = false;            ///< a thread owns the connection
  std::size_t waiting_ = 0;       ///< threads inside enter()
  std::shared_ptr<Group> group_;  ///< the open one; changed only by the owner of the connection
  std::size_t expected_ = 0;      ///< threads that had to do with the last group: its members and who waited
  Steady::duration disk_{};       ///< how long the last commits took
};

}  // namespace hutong::storage
