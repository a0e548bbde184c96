#include "storage/internal/sqlite_checkpointer.h"

namespace hutong::storage {
namespace {

constexpr int kPagesAtOnce = 1'000;

}  // namespace

SqliteCheckpointer::~SqliteCheckpointer() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SqliteCheckpointer::note(int pages) {
  const std::scoped_lock lock(mutex_);
  if (pages < taken_at_) {  // it begins anew
    taken_at_ = 0;
  }
  if (pages - taken_at_ >= kPagesAtOnce) {
    taken_at_ = pages;
    wanted_ = true;
    changed_.notify_all();
  }
}

void SqliteCheckpointer::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return wanted_ || stopping_; });
    if (stopping_) {
      return;
    }
    wanted_ = false;
    lock.unlock();
    connection_->checkpoint();
    lock.lock();
  }
}

}  // namespace hutong::storage
