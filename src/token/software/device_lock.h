#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <utility>

#include "base/result.h"

namespace hutong::token::software {

/// One call on a device at a time, over all threads and all processes (flock on the file `lock` of the
/// device's folder, which the system releases when a process dies), and SKF_LockDev, which keeps the device
/// for one handle between calls. An owner is the identity of a device handle. Thread-safe.
class DeviceLock {
 public:
  using Timeout = std::chrono::milliseconds;
  static constexpr Timeout kForever = Timeout::max();
  static constexpr Timeout kCallTimeout = std::chrono::seconds(60);  ///< how long a call waits for its turn

  explicit DeviceLock(std::filesystem::path file) : file_(std::move(file)) {}
  DeviceLock(const DeviceLock&) = delete;
  DeviceLock& operator=(const DeviceLock&) = delete;
  ~DeviceLock();

  /// The turn of one call; over when dropped.
  class Turn {
   public:
    Turn(Turn&& other) noexcept : lock_(std::exchange(other.lock_, nullptr)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (lock_ != nullptr) {
        lock_->leave();
      }
    }

   private:
    friend class DeviceLock;
    explicit Turn(DeviceLock& lock) : lock_(&lock) {}
    DeviceLock* lock_;
  };
  /// SAR_TIMEOUTERR, SAR_DEVICE_REMOVED when the folder is gone.
  Result<Turn> enter(const void* owner, Timeout timeout = kCallTimeout);
  /// Keeps the device for this owner until release(). The same refusals.
  Status keep(const void* owner, Timeout timeout);
  /// False when this owner did not keep it.
  bool release(const void* owner);

 private:
  void leave();
  void close_file();
  Status take_file(std::chrono::steady_clock::time_point until);

  std::filesystem::path file_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool in_call_ = false;
  const void* keeper_ = nullptr;
  int descriptor_ = -1;  ///< open and locked during a call, and while somebody keeps the device
};

}  // namespace hutong::token::software
