#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "token/software/device_lock.h"
#include "token/software/handles.h"
#include "token/software/store.h"

namespace hutong::token::software {

/// What logging in to an application has given this process.
struct Login {
  Bytes identity;  ///< of the application as it was then
  SecretBytes master_key{0};
  ULONG rights = 0;  ///< SECURE_ADM_ACCOUNT, SECURE_USER_ACCOUNT
};

/// A device as this process sees it, shared by all its handles: the right of device authentication and the
/// logins, which outlive handles (7.1.6) and end with the process. The members belong to whoever has the
/// turn.
class Device {
 public:
  explicit Device(const std::filesystem::path& folder) : store(folder), lock(store.lock_file()) {}

  Store store;
  DeviceLock lock;
  std::string authenticated_serial;  ///< of the device whose key was proved; another one may take the folder
  std::map<std::string, Login, std::less<>> logins;  ///< by the application's name
};

/// $HUTONG_TOKEN_HOME, or hutong/tokens in $XDG_DATA_HOME or in ~/.local/share.
std::filesystem::path token_home();
/// The names of the devices there, sorted.
std::vector<std::string> device_names();
/// True for 1 to 64 of letters, digits, '-', '_' and '.', not beginning with '.'.
bool is_device_name(std::string_view name);
/// The device of this name, one object as long as the process lives. SAR_DEVICE_REMOVED when there is none.
Result<std::shared_ptr<Device>> find_device(std::string_view name);

class DeviceObject final : public Object {
 public:
  explicit DeviceObject(std::shared_ptr<Device> shared) : device(std::move(shared)) {}
  ~DeviceObject() override { device->lock.release(this); }
  bool closes_by_handle() const override { return false; }
  const std::shared_ptr<Device> device;
  Bytes challenge;  ///< the last eight random octets, for SKF_DevAuth
};

class ApplicationObject final : public Object {
 public:
  ApplicationObject(std::shared_ptr<DeviceObject> parent, std::string own_name, Bytes own_identity)
      : opened_by(std::move(parent)), name(std::move(own_name)), identity(std::move(own_identity)) {}
  bool closes_by_handle() const override { return false; }
  const std::shared_ptr<DeviceObject> opened_by;
  const std::string name;
  const Bytes identity;
};

class ContainerObject final : public Object {
 public:
  ContainerObject(std::shared_ptr<ApplicationObject> parent, std::string own_name)
      : opened_by(std::move(parent)), name(std::move(own_name)) {}
  bool closes_by_handle() const override { return false; }
  const std::shared_ptr<ApplicationObject> opened_by;
  const std::string name;
};

/// A call at work on a device: it has the turn, and the device was there when the turn began.
struct DeviceWork {
  std::shared_ptr<DeviceObject> object;
  DeviceLock::Turn turn;
  Device& device() const { return *object->device; }
  const Store& store() const { return object->device->store; }
  /// SAR_DEVNOAUTH unless this process has proved the device key.
  Status require_authenticated() const;
};

/// A call at work on an application, which still is the one that was opened.
struct ApplicationWork {
  std::shared_ptr<ApplicationObject> object;
  DeviceWork on;
  ApplicationRecord record;

  const Store& store() const { return on.store(); }
  const std::string& name() const { return object->name; }
  /// The login of this process, or nullptr.
  Login* login() const;
  /// SECURE_ADM_ACCOUNT and SECURE_USER_ACCOUNT as they are held.
  ULONG rights() const;
  /// SAR_USER_NOT_LOGGED_IN unless the user has logged in.
  Result<const Login*> user() const;
};

/// A call at work on a container.
struct ContainerWork {
  std::shared_ptr<ContainerObject> object;
  ApplicationWork in;
  ContainerRecord record;

  Status save() const { return in.store().save(in.name(), record); }
};

/// SAR_INVALIDHANDLEERR, SAR_DEVICE_REMOVED, SAR_APPLICATION_NOT_EXISTS, SAR_CONTAINER_NOT_EXISTS,
/// SAR_TIMEOUTERR.
Result<DeviceWork> work_on_device(HANDLE handle);
Result<ApplicationWork> work_on_application(HANDLE handle);
Result<ContainerWork> work_on_container(HANDLE handle);
Result<ContainerWork> work_on_container(std::shared_ptr<ContainerObject> object);

}  // namespace hutong::token::software
