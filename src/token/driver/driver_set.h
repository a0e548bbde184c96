#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "token/driver/device.h"
#include "token/driver/driver.h"

namespace hutong::token {

/// A device that was found.
struct FoundDevice {
  std::shared_ptr<Driver> driver;
  std::string name;  ///< the driver's
  DeviceInfo info;   ///< of when it was first seen; empty texts when `problem` says why
  std::string problem;
};

/// How a driver did in an enumeration.
struct DriverReport {
  std::string name;  ///< of the description
  std::string vendor;
  std::string vendor_zh;
  std::string product;
  bool installed = false;  ///< its library lies on this system
  std::filesystem::path library;
  std::size_t devices = 0;
  std::string_view reason;  ///< "token.driver_hung" …; empty when it answered
  std::string detail;
  DriverStatus status;
  std::vector<std::string_view> quirks_met;
  std::chrono::milliseconds took{0};
};

struct Enumeration {
  std::vector<FoundDevice> devices;
  std::vector<DriverReport> drivers;  ///< in the order of their descriptions' files
};

struct DriverSetOptions {
  std::vector<std::filesystem::path> folders;  ///< of descriptions; see default_driver_folders()
  std::filesystem::path host_program = default_host_program();
};
/// $HUTONG_DRIVERS (folders separated by ':') when it is set; else ~/.config/hutong/drivers.d (or the
/// XDG_CONFIG_HOME of it), /etc/hutong/drivers.d, /usr/share/hutong/drivers.d and share/drivers.d above the
/// running program.
std::vector<std::filesystem::path> default_driver_folders();

/// All drivers of this machine, each in a process of its own. The first folder that describes a name wins. A
/// driver whose library is not there is listed as not installed and looked for again by every enumeration.
/// Thread-safe.
class DriverSet {
 public:
  static constexpr std::chrono::milliseconds kEnumerationLimit{2'500};

  explicit DriverSet(const DriverSetOptions& options);
  /// Descriptions that could not be read.
  const std::vector<Error>& description_errors() const { return errors_; }
  std::vector<std::shared_ptr<Driver>> installed() const;
  /// All that could be read, whether their libraries are there or not.
  std::vector<DriverDescription> descriptions() const;

  /// Asks all drivers at once and is back within the limit, give or take the end of a process: whoever does
  /// not answer by then is killed and reported, the others' devices are there.
  Enumeration enumerate(std::chrono::milliseconds limit = kEnumerationLimit);
  /// kNotFound "token.driver_unknown", and the errors of Device::open.
  Result<Device> open(std::string_view driver, const std::string& device) const;

 private:
  struct Entry {
    DriverDescription description;
    std::shared_ptr<Driver> driver;           ///< null: not installed
    std::map<std::string, DeviceInfo> known;  ///< devices of the last enumeration
    std::uint64_t generation = 0;             ///< of the process that knew them
  };
  void install(Entry& entry) const;
  static void ask(Entry& entry, std::chrono::milliseconds limit, DriverReport& report,
                  std::vector<FoundDevice>& devices);

  std::filesystem::path host_program_;
  std::vector<Error> errors_;
  mutable std::mutex lock_;  ///< of the entries' drivers
  std::mutex turn_;          ///< one enumeration at a time
  std::vector<Entry> entries_;
};

}  // namespace hutong::token
