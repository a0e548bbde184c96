#include "token/driver/device_watch.h"

#include <set>
#include <utility>

#include "token/skf.h"

namespace hutong::token {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestWait = std::chrono::minutes(30);
constexpr std::size_t kEventRoom = 1024;

/// What a change is measured by: the devices by driver and name.
std::set<std::pair<std::string, std::string>> names_of(const Enumeration& enumeration) {
  std::set<std::pair<std::string, std::string>> names;
  for (const FoundDevice& device : enumeration.devices) {
    names.emplace(device.driver->description().name, device.name);
  }
  return names;
}

}  // namespace

DeviceWatch::DeviceWatch(DriverSet& set, Tell tell, const DeviceWatchOptions& options)
    : set_(&set), tell_(std::move(tell)), options_(options) {
  looker_ = std::jthread([this](const std::stop_token& stop) { look_again_and_again(stop); });
}

DeviceWatch::~DeviceWatch() {
  looker_.request_stop();
  looker_.join();
  for (std::jthread& listener : listeners_) {
    listener.request_stop();
  }
  for (const auto& [name, process] : waiting_) {
    process->interrupt();
  }
}

/// A driver that waits for events gets a second process for that, since its first one serves calls.
void DeviceWatch::listen_to_new_drivers() {
  for (const auto& driver : set_->installed()) {
    const DriverDescription& description = driver->description();
    if (description.wait_for_events && !waiting_.contains(description.name)) {
      auto process = std::make_unique<DriverProcess>(driver->process().launch());
      listeners_.emplace_back(
          [this, &waiter = *process](const std::stop_token& stop) { wait_for_events(stop, waiter); });
      waiting_.emplace(description.name, std::move(process));
    }
  }
}

void DeviceWatch::wait_for_events(const std::stop_token& stop, DriverProcess& process) {
  while (!stop.stop_requested()) {
    DriverCall call(Function::kWaitForDevEvent);
    call.room(kEventRoom);
    const auto answer = process.call(std::move(call), kLongestWait);
    if (answer ? answer->code() != SAR_OK : answer.error().reason != "token.driver_hung") {
      return;  // it does not work: looking remains
    }
    if (answer) {
      look_now();
    }
  }
}

void DeviceWatch::look_now() {
  const std::lock_guard lock(lock_);
  event_ = true;
  woken_.notify_all();
}

void DeviceWatch::look_again_and_again(const std::stop_token& stop) {
  std::set<std::pair<std::string, std::string>> before;
  for (bool first = true; !stop.stop_requested(); first = false) {
    const Enumeration now = set_->enumerate(options_.enumeration_limit);
    listen_to_new_drivers();
    auto names = names_of(now);
    if (first || names != before) {
      tell_(now);
    }
    before = std::move(names);
    std::unique_lock lock(lock_);
    woken_.wait_for(lock, stop, options_.period, [this] { return event_; });
    event_ = false;
  }
}

}  // namespace hutong::token
