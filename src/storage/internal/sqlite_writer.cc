#include "storage/internal/sqlite_writer.h"

#include <utility>

namespace hutong::storage {
namespace {

constexpr std::size_t kMostMembers = 128;
constexpr std::chrono::milliseconds kOldestGroup{20};

}  // namespace

Status SqliteWriter::enter() {
  Lock lock(mutex_);
  ++waiting_;
  const bool mine = turn_.wait_for(lock, patience_, [this] { return !taken_; });
  --waiting_;
  if (!mine) {
    return Error{Errc::kUnavailable, reason::kBusy, "other writers hold the database"};
  }
  taken_ = true;
  lock.unlock();
  Status begun = begin_member();
  if (!begun) {
    lock.lock();
    if (group_) {
      finish_group(lock);
    } else {
      hand_on();
    }
  }
  return begun;
}

Status SqliteWriter::begin_member() {
  if (!group_) {
    HUTONG_CHECK(connection_->run("BEGIN IMMEDIATE"));
    group_ = std::make_shared<Group>();
    group_->begun = std::chrono::steady_clock::now();
  }
  return connection_->run("SAVEPOINT member");
}

bool SqliteWriter::may_grow(const Group& group) const {
  return waiting_ > 0 && group.members < kMostMembers &&
         std::chrono::steady_clock::now() - group.begun < kOldestGroup;
}

void SqliteWriter::hand_on() {
  taken_ = false;
  turn_.notify_one();
}

Status SqliteWriter::commit() {
  if (auto released = connection_->run("RELEASE member"); !released) {
    roll_back();
    return released;
  }
  Lock lock(mutex_);
  const std::shared_ptr<Group> group = group_;
  ++group->members;
  if (may_grow(*group)) {
    hand_on();
    group->decided.wait(lock, [&] { return group->outcome.has_value(); });
  } else {
    finish_group(lock);
  }
  return *group->outcome;
}

void SqliteWriter::roll_back() {
  const bool all_lost = connection_->is_idle();  // a full disk, for one, ends the whole SQLite transaction
  const bool undone =
      !all_lost && connection_->run("ROLLBACK TO member") && connection_->run("RELEASE member");
  Lock lock(mutex_);
  if (!undone) {
    fail_group({Errc::kUnavailable, reason::kBusy, "a transaction of the same group failed and ended it"});
    hand_on();
  } else if (may_grow(*group_)) {
    hand_on();
  } else {
    finish_group(lock);
  }
}

/// Called by the owner of the connection with the lock held; others may queue up while the disk works.
void SqliteWriter::finish_group(Lock& lock) {
  const std::shared_ptr<Group> group = std::exchange(group_, nullptr);
  const bool any = group->members > 0;
  lock.unlock();
  Status outcome = connection_->run(any ? "COMMIT" : "ROLLBACK");
  if (!outcome && !connection_->is_idle()) {
    static_cast<void>(connection_->run("ROLLBACK").has_value());
  }
  lock.lock();
  group->outcome = std::move(outcome);
  group->decided.notify_all();
  hand_on();
}

void SqliteWriter::fail_group(const Error& error) {
  if (!connection_->is_idle()) {
    static_cast<void>(connection_->run("ROLLBACK").has_value());
  }
  const std::shared_ptr<Group> group = std::exchange(group_, nullptr);
  group->outcome = error;
  group->decided.notify_all();
}

}  // namespace hutong::storage
