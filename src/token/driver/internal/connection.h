#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "token/driver/device_info.h"
#include "token/driver/driver.h"

/// What device, application and container objects share: open handles, closed when the last owner is gone.
namespace hutong::token::internal {

class Connection {
 public:
  Connection(std::shared_ptr<Driver> of, std::string its_name, std::uint32_t number, std::uint64_t started,
             DeviceInfo its_info)
      : driver(std::move(of)),
        name(std::move(its_name)),
        handle(number),
        generation(started),
        info(std::move(its_info)) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();
  Result<DriverAnswer> call(DriverCall call) const { return driver->call(std::move(call), generation); }
  Result<Bytes> fetch(const Driver::CallWithRoom& make, std::size_t first_room) const {
    return driver->fetch(make, first_room, driver->description().call_limit, generation);
  }
  /// Octets that one call moves at most: what the device says, within what a frame takes.
  std::size_t piece_size() const;

  const std::shared_ptr<Driver> driver;
  const std::string name;
  const std::uint32_t handle;
  const std::uint64_t generation;
  const DeviceInfo info;
};

/// A handle below a device, closed by a function of its own.
class OpenHandle {
 public:
  OpenHandle(std::shared_ptr<const Connection> through, std::uint32_t number, Function close)
      : connection(std::move(through)), handle(number), close_(close) {}
  OpenHandle(const OpenHandle&) = delete;
  OpenHandle& operator=(const OpenHandle&) = delete;
  ~OpenHandle();
  DriverCall prepare(Function function) const {
    DriverCall call(function);
    call.handle(handle);
    return call;
  }

  const std::shared_ptr<const Connection> connection;
  const std::uint32_t handle;

 private:
  Function close_;
};

}  // namespace hutong::token::internal
