#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "token/driver/driver.h"

namespace hutong::token::test {

/// A library of test_drivers, by its name there.
std::filesystem::path test_library(const std::string& name);
DriverLaunch launch_of(const std::string& name);
std::shared_ptr<Driver> driver_of(const std::string& name, std::vector<Quirk> quirks = {});

}  // namespace hutong::token::test
