#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "token/driver/driver_set.h"

namespace hutong::token {

struct DeviceWatchOptions {
  std::chrono::milliseconds period{2'000};  ///< of looking
  std::chrono::milliseconds enumeration_limit = DriverSet::kEnumerationLimit;
};

/// Tells of devices that are plugged in and pulled out. Looks at all drivers every so often, and at once when
/// a driver whose description says so (`wait_for_events`) reports an event; that wait has a process of its
/// own, which is given up when the driver turns out not to support it. The first look is told as well. The
/// function is called on the watch's own thread, one call at a time; the set must outlive the watch.
class DeviceWatch {
 public:
  using Tell = std::function<void(const Enumeration& now)>;
  DeviceWatch(DriverSet& set, Tell tell, const DeviceWatchOptions& options = {});
  DeviceWatch(const DeviceWatch&) = delete;
  DeviceWatch& operator=(const DeviceWatch&) = delete;
  ~DeviceWatch();
  /// Something came or went that drivers may not tell of: a card in a reader. Returns at once.
  void look_now();

 private:
  void look_again_and_again(const std::stop_token& stop);
  void wait_for_events(const std::stop_token& stop, DriverProcess& process);
  void listen_to_new_drivers();

  DriverSet* set_;
  Tell tell_;
  DeviceWatchOptions options_;
  std::mutex lock_;
  std::condition_variable_any woken_;
  bool event_ = false;
  std::map<std::string, std::unique_ptr<DriverProcess>> waiting_;  ///< by driver; the looking thread's
  std::vector<std::jthread> listeners_;
  std::jthread looker_;
};

}  // namespace hutong::token
