#include "token/software/device_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "token/software/refusal.h"

namespace hutong::token::software {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;
constexpr auto kShortestPause = std::chrono::microseconds(100);
constexpr auto kLongestPause = std::chrono::milliseconds(5);

SteadyTime end_of(DeviceLock::Timeout timeout) {
  const auto now = std::chrono::steady_clock::now();
  const auto longest = std::chrono::duration_cast<DeviceLock::Timeout>(SteadyTime::max() - now);
  return timeout >= longest ? SteadyTime::max() : now + timeout;
}

}  // namespace

DeviceLock::~DeviceLock() { close_file(); }

void DeviceLock::close_file() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
    descriptor_ = -1;
  }
}

/// flock has no time-out, so another process's call is waited for in short pauses.
Status DeviceLock::take_file(SteadyTime until) {
  descriptor_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor_ < 0) {
    return refusal(errno == ENOENT ? SAR_DEVICE_REMOVED : SAR_FILEERR);
  }
  std::chrono::microseconds pause = kShortestPause;
  while (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      close_file();
      return refusal(SAR_FILEERR);
    }
    if (std::chrono::steady_clock::now() >= until) {
      close_file();
      return refusal(SAR_TIMEOUTERR);
    }
    std::this_thread::sleep_for(pause);
    pause = std::min<std::chrono::microseconds>(pause * 2, kLongestPause);
  }
  return ok();
}

Result<DeviceLock::Turn> DeviceLock::enter(const void* owner, Timeout timeout) {
  const SteadyTime until = end_of(timeout);
  {
    std::unique_lock lock(mutex_);
    const auto is_free = [&] { return !in_call_ && (keeper_ == nullptr || keeper_ == owner); };
    if (until == SteadyTime::max()) {
      changed_.wait(lock, is_free);
    } else if (!changed_.wait_until(lock, until, is_free)) {
      return refusal(SAR_TIMEOUTERR);
    }
    in_call_ = true;
  }
  Turn turn(*this);  // from here on in_call_ keeps everybody else out, also of descriptor_
  if (descriptor_ < 0) {
    HUTONG_CHECK(take_file(until));
  }
  return turn;
}

void DeviceLock::leave() {
  {
    const std::scoped_lock lock(mutex_);
    if (keeper_ == nullptr) {
      close_file();
    }
    in_call_ = false;
  }
  changed_.notify_all();
}

Status DeviceLock::keep(const void* owner, Timeout timeout) {
  HUTONG_TRY(const Turn turn, enter(owner, timeout));
  const std::scoped_lock lock(mutex_);
  keeper_ = owner;
  return ok();
}

bool DeviceLock::release(const void* owner) {
  {
    const std::scoped_lock lock(mutex_);
    if (keeper_ != owner) {
      return false;
    }
    keeper_ = nullptr;
    if (!in_call_) {
      close_file();
    }
  }
  changed_.notify_all();
  return true;
}

}  // namespace hutong::token::software
