#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "token/driver/application.h"
#include "token/driver/device_info.h"
#include "token/driver/driver.h"

namespace hutong::token {

/// What an application is made with. PINs have 6 to 16 octets.
struct NewApplication {
  std::string name;
  SecretBytes administrator_pin{0};
  std::uint32_t administrator_tries = 10;
  SecretBytes user_pin{0};
  std::uint32_t user_tries = 10;
  std::uint32_t create_file_rights = 0x10;  ///< SECURE_USER_ACCOUNT
};

/// A token that is plugged in. Copies share one connection, closed with the last of them and of what was
/// opened through it. All calls of a token go through its driver's process one after the other, whichever
/// thread makes them. Errors are those of DriverProcess and of errors.h; after "token.driver_restarted",
/// "token.removed" or "token.handle" everything has to be opened anew.
class Device {
 public:
  /// By the driver's name of it (Driver::device_names). A device that is open already is shared.
  static Result<Device> open(const std::shared_ptr<Driver>& driver, const std::string& name);
  static Result<Device> open(const std::shared_ptr<Driver>& driver, const std::string& name,
                             std::chrono::milliseconds limit);

  const std::string& name() const;
  /// As it was when the device was opened.
  const DeviceInfo& info() const;
  const std::shared_ptr<Driver>& driver() const;

  Result<std::vector<std::string>> applications() const;
  Result<Application> open_application(const std::string& name) const;
  Result<Bytes> random(std::size_t size) const;
  Status set_label(std::string_view label) const;
  /// Exclusive use across processes, until unlock(); waits at most so long.
  Status lock(std::chrono::milliseconds most) const;
  Status unlock() const;

  /// Proves knowledge of the device key (SKF_DevAuth), as making and deleting applications demands. SM4 is
  /// computed here, other ciphers by the token.
  Status authenticate(ByteView device_key) const;
  Status change_device_key(ByteView new_key) const;
  Result<Application> create_application(const NewApplication& application) const;
  Status delete_application(const std::string& name) const;

 private:
  explicit Device(std::shared_ptr<const internal::Connection> connection)
      : connection_(std::move(connection)) {}
  DriverCall prepare(Function function) const;
  Result<Bytes> encrypt_challenge(ByteView device_key, ByteView block) const;
  std::shared_ptr<const internal::Connection> connection_;
};

}  // namespace hutong::token
