#include "token/software/device.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>

namespace hutong::token::software {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostDeviceName = 64;

/// The devices that this process has met, by their folders.
class DeviceRegistry {
 public:
  std::shared_ptr<Device> at(const fs::path& folder) {
    const std::scoped_lock lock(mutex_);
    auto& device = devices_[folder];
    if (device == nullptr) {
      device = std::make_shared<Device>(folder);
    }
    return device;
  }

 private:
  std::mutex mutex_;
  std::map<fs::path, std::shared_ptr<Device>> devices_;
};

DeviceRegistry& registry() {
  static DeviceRegistry devices;
  return devices;
}

fs::path from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? fs::path() : fs::path(value);
}

Result<DeviceWork> take_turn(std::shared_ptr<DeviceObject> object) {
  HUTONG_TRY(auto turn, object->device->lock.enter(object.get()));
  if (!object->device->store.present()) {
    return refusal(SAR_DEVICE_REMOVED);
  }
  return DeviceWork{std::move(object), std::move(turn)};
}

Result<ApplicationWork> enter_application(std::shared_ptr<ApplicationObject> object) {
  HUTONG_TRY(auto on, take_turn(object->opened_by));
  HUTONG_TRY(auto record, on.store().application(object->name));
  if (record.identity != object->identity) {
    return refusal(SAR_APPLICATION_NOT_EXISTS);  // another one took the name
  }
  return ApplicationWork{std::move(object), std::move(on), std::move(record)};
}

}  // namespace

fs::path token_home() {
  if (const fs::path home = from_environment("HUTONG_TOKEN_HOME"); !home.empty()) {
    return fs::absolute(home);
  }
  fs::path data = from_environment("XDG_DATA_HOME");
  if (data.empty()) {
    data = from_environment("HOME") / ".local" / "share";
  }
  return fs::absolute(data / "hutong" / "tokens");
}

bool is_device_name(std::string_view name) {
  return !name.empty() && name.size() <= kMostDeviceName && name.front() != '.' &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '_' || c == '.';
         });
}

std::vector<std::string> device_names() {
  std::vector<std::string> names;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(token_home(), failure)) {
    const std::string name = entry.path().filename().string();
    if (is_device_name(name) && Store(entry.path()).present()) {
      names.push_back(name);
    }
  }
  std::ranges::sort(names);
  return names;
}

Result<std::shared_ptr<Device>> find_device(std::string_view name) {
  const fs::path folder = token_home() / name;
  if (!is_device_name(name) || !Store(folder).present()) {
    return refusal(SAR_DEVICE_REMOVED);
  }
  return registry().at(folder);
}

Status DeviceWork::require_authenticated() const {
  HUTONG_TRY(const DeviceRecord record, store().device());
  const std::string& proved = device().authenticated_serial;
  return proved.empty() || proved != record.serial_number ? Status(refusal(SAR_DEVNOAUTH)) : ok();
}

Login* ApplicationWork::login() const {
  auto& logins = on.device().logins;
  const auto found = logins.find(name());
  return found == logins.end() || found->second.identity != record.identity ? nullptr : &found->second;
}

ULONG ApplicationWork::rights() const {
  const Login* own = login();
  return own == nullptr ? 0 : own->rights;
}

Result<const Login*> ApplicationWork::user() const {
  const Login* own = login();
  if (own == nullptr || (own->rights & SECURE_USER_ACCOUNT) == 0) {
    return refusal(SAR_USER_NOT_LOGGED_IN);
  }
  return own;
}

Result<DeviceWork> work_on_device(HANDLE handle) {
  HUTONG_TRY(auto object, handles().find<DeviceObject>(handle));
  return take_turn(std::move(object));
}

Result<ApplicationWork> work_on_application(HANDLE handle) {
  HUTONG_TRY(auto object, handles().find<ApplicationObject>(handle));
  return enter_application(std::move(object));
}

Result<ContainerWork> work_on_container(HANDLE handle) {
  HUTONG_TRY(auto object, handles().find<ContainerObject>(handle));
  return work_on_container(std::move(object));
}

Result<ContainerWork> work_on_container(std::shared_ptr<ContainerObject> object) {
  HUTONG_TRY(auto in, enter_application(object->opened_by));
  HUTONG_TRY(auto record, in.store().container(in.name(), object->name));
  return ContainerWork{std::move(object), std::move(in), std::move(record)};
}

}  // namespace hutong::token::software
