#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "token/driver/description.h"
#include "token/driver/driver_process.h"
#include "token/driver/quirks.h"

namespace hutong::token {

namespace internal {
class Connection;
}

/// One installed driver: its description, its process, and the devices that are open through it. Shared by
/// everything that was opened; thread-safe. token::DriverSet makes them.
class Driver {
 public:
  Driver(DriverDescription description, DriverLaunch launch);
  const DriverDescription& description() const { return description_; }
  const Quirks& quirks() const { return quirks_; }
  DriverProcess& process() { return process_; }
  const DriverProcess& process() const { return process_; }

  /// SKF_EnumDev: the devices that are plugged in, by the driver's own names (octets in its code page).
  Result<std::vector<std::string>> device_names(std::chrono::milliseconds limit);

  /// A call whose code must be SAR_OK; anything else becomes an Error (errors.h).
  Result<DriverAnswer> call(DriverCall call, std::uint64_t generation = DriverProcess::kAnyGeneration);
  Result<DriverAnswer> call(DriverCall call, std::chrono::milliseconds limit, std::uint64_t generation);
  /// A call whose last argument is the room for octets of unknown size: starts with much, asks for more when
  /// the driver says SAR_BUFFER_TOO_SMALL. Never asks for the size with NULL, which some drivers refuse.
  using CallWithRoom = std::function<DriverCall(std::size_t room)>;
  Result<Bytes> fetch(const CallWithRoom& make, std::size_t first_room, std::chrono::milliseconds limit,
                      std::uint64_t generation);

 private:
  friend class Device;
  DriverDescription description_;
  Quirks quirks_;
  DriverProcess process_;
  std::mutex connections_lock_;
  std::map<std::string, std::weak_ptr<internal::Connection>> connections_;  ///< one for each device
};

inline constexpr std::size_t kListRoom = std::size_t{64} << 10;
inline constexpr std::size_t kCertificateRoom = std::size_t{16} << 10;

/// Names as GM/T 0016 lists them: each ended by NUL, the list by one more. Empty lists of 0, 1 or 2 octets.
/// kMalformed "token.name_list" (the end is missing and the driver has no quirk for it), kLimit
/// "token.name_list_size".
Result<std::vector<std::string>> read_name_list(ByteView list, const Quirks& quirks);

}  // namespace hutong::token
