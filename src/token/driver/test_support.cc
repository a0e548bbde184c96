#include "token/driver/test_support.h"

namespace hutong::token::test {

std::filesystem::path test_library(const std::string& name) {
  return std::filesystem::path(HUTONG_TEST_DRIVERS) / ("lib" + name + ".so");
}

DriverLaunch launch_of(const std::string& name) {
  return {.host_program = HUTONG_DRIVER_HOST,
          .library = test_library(name),
          .allowed = {},
          .dependency_folders = {}};
}

std::shared_ptr<Driver> driver_of(const std::string& name, std::vector<Quirk> quirks) {
  DriverDescription description;
  description.name = name;
  description.quirks = std::move(quirks);
  return std::make_shared<Driver>(std::move(description), launch_of(name));
}

}  // namespace hutong::token::test
