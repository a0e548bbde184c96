#include "storage/internal/sqlite_writer.h"

#include <algorithm>
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
    group_->begun = Steady::now();
  }
  return connection_->run("SAVEPOINT member");
}

bool SqliteWriter::may_grow(const Group& group) const {
  return waiting_ > 0 && group.members < kMostMembers && Steady::now() - group.begun < kOldestGroup;
}

SqliteWriter::Steady::time_point SqliteWriter::end_of_waiting(const Group& group) const {
  return group.begun + std::min<Steady::duration>(disk_, kOldestGroup);
}

bool SqliteWriter::has_prospects(const Group& group) const {
  return group.members < expected_ && group.members < kMostMembers && Steady::now() < end_of_waiting(group);
}

/// Others may take the connection meanwhile and join; who finds it free when the time is over commits.
Status SqliteWriter::wait_for_company(Lock& lock, const std::shared_ptr<Group>& group) {
  const auto end = end_of_waiting(*group);
  hand_on();
  const auto is_decided = [&group] { return group->outcome.has_value(); };
  if (!group->decided.wait_until(lock, end, is_decided)) {
    if (taken_) {
      group->decided.wait(lock, is_decided);
    } else {
      taken_ = true;
      finish_group(lock);
    }
  }
  return *group->outcome;
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
  } else if (has_prospects(*group)) {
    return wait_for_company(lock, group);
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
  const auto begun = Steady::now();
  Status outcome = connection_->run(any ? "COMMIT" : "ROLLBACK");
  if (!outcome && !connection_->is_idle()) {
    static_cast<void>(connection_->run("ROLLBACK").has_value());
  }
  const auto took = Steady::now() - begun;
  lock.lock();
  disk_ = (3 * disk_ + took) / 4;
  expected_ = group->members + waiting_;
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
