#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace hutong {

/// Runs a step on a thread of its own, at once and then again and again: `every` after the former one began,
/// or as soon as that is done when it takes longer. Ends when destroyed, after the step that is under way.
class Repeating {
 public:
  Repeating(std::chrono::milliseconds every, std::function<void()> step)
      : every_(every), step_(std::move(step)), thread_([this] { work(); }) {}
  Repeating(const Repeating&) = delete;
  Repeating& operator=(const Repeating&) = delete;
  ~Repeating() {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      const auto next = std::chrono::steady_clock::now() + every_;
      lock.unlock();
      step_();
      lock.lock();
      changed_.wait_until(lock, next, [this] { return stopping_; });
    }
  }

  const std::chrono::milliseconds every_;
  const std::function<void()> step_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;  ///< last: it uses the others
};

}  // namespace hutong
