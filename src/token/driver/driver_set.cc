#include "token/driver/driver_set.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <thread>

namespace hutong::token {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::filesystem::path from_environment(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr ? std::filesystem::path(value) : std::filesystem::path();
}

milliseconds since(steady_clock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
}

/// At least a moment, so that a call made at the last instant fails by its own time and not by an absurd one.
milliseconds left_of(milliseconds limit, steady_clock::time_point start) {
  return std::max(limit - since(start), milliseconds(1));
}

}  // namespace

std::vector<std::filesystem::path> default_driver_folders() {
  std::vector<std::filesystem::path> folders;
  if (const char* listed = std::getenv("HUTONG_DRIVERS")) {
    std::string_view rest(listed);
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(':'), rest.size());
      folders.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return folders;
  }
  if (const auto configured = from_environment("XDG_CONFIG_HOME"); !configured.empty()) {
    folders.push_back(configured / "hutong" / "drivers.d");
  } else if (const auto home = from_environment("HOME"); !home.empty()) {
    folders.push_back(home / ".config" / "hutong" / "drivers.d");
  }
  folders.emplace_back("/etc/hutong/drivers.d");
  folders.emplace_back("/usr/share/hutong/drivers.d");
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  for (auto above = program.parent_path(); above.has_relative_path(); above = above.parent_path()) {
    if (std::filesystem::is_directory(above / "share" / "drivers.d", error)) {
      folders.push_back(above / "share" / "drivers.d");
      break;
    }
  }
  return folders;
}

DriverSet::DriverSet(const DriverSetOptions& options) : host_program_(options.host_program) {
  std::set<std::string> names;
  for (const auto& folder : options.folders) {
    DescriptionFolder read = read_descriptions(folder);
    std::ranges::move(read.errors, std::back_inserter(errors_));
    for (DriverDescription& description : read.drivers) {
      if (names.insert(description.name).second) {
        entries_.push_back(
            Entry{.description = std::move(description), .driver = nullptr, .known = {}, .generation = 0});
        install(entries_.back());
      }
    }
  }
}

void DriverSet::install(Entry& entry) const {
  const auto& libraries = entry.description.linux_libraries;
  const auto found = std::ranges::find_if(libraries, [](const auto& library) {
    std::error_code error;
    return std::filesystem::exists(library, error);
  });
  if (found == libraries.end()) {
    return;
  }
  auto driver = std::make_shared<Driver>(
      entry.description, DriverLaunch{.host_program = host_program_,
                                      .library = *found,
                                      .allowed = entry.description.allowed,
                                      .dependency_folders = entry.description.dependency_folders});
  const std::lock_guard lock(lock_);
  entry.driver = std::move(driver);
}

std::vector<std::shared_ptr<Driver>> DriverSet::installed() const {
  const std::lock_guard lock(lock_);
  std::vector<std::shared_ptr<Driver>> out;
  for (const Entry& entry : entries_) {
    if (entry.driver) {
      out.push_back(entry.driver);
    }
  }
  return out;
}

std::vector<DriverDescription> DriverSet::descriptions() const {
  std::vector<DriverDescription> out;
  for (const Entry& entry : entries_) {
    out.push_back(entry.description);
  }
  return out;
}

/// Runs on a thread of its own for each driver.
void DriverSet::ask(Entry& entry, milliseconds limit, DriverReport& report,
                    std::vector<FoundDevice>& devices) {
  const auto start = steady_clock::now();
  const auto names = entry.driver->device_names(limit);
  if (!names) {
    report.reason = names.error().reason;
    report.detail = names.error().detail;
    entry.known.clear();
    return;
  }
  const std::uint64_t generation = entry.driver->process().generation();
  std::map<std::string, DeviceInfo> known;
  for (const std::string& name : *names) {
    FoundDevice device{.driver = entry.driver, .name = name, .info = {}, .problem = {}};
    const auto before = entry.known.find(name);
    if (before != entry.known.end() && generation == entry.generation) {
      device.info = before->second;
      known.insert(*before);
    } else if (const auto opened = Device::open(entry.driver, name, left_of(limit, start))) {
      device.info = opened->info();
      known.emplace(name, device.info);
    } else {
      device.problem = std::string(opened.error().reason) + ": " + opened.error().detail;
      report.reason = opened.error().reason;
      report.detail = opened.error().detail;
    }
    devices.push_back(std::move(device));
  }
  report.devices = names->size();
  entry.known = std::move(known);
  entry.generation = generation;
}

Enumeration DriverSet::enumerate(milliseconds limit) {
  const std::lock_guard turn(turn_);
  Enumeration out;
  out.drivers.resize(entries_.size());
  std::vector<std::vector<FoundDevice>> found(entries_.size());
  std::vector<std::jthread> asking;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    if (!entry.driver) {
      install(entry);
    }
    if (entry.driver) {
      asking.emplace_back([&entry, limit, &report = out.drivers[i], &devices = found[i]] {
        const auto start = steady_clock::now();
        ask(entry, limit, report, devices);
        report.took = since(start);
      });
    }
  }
  asking.clear();  // waits
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    DriverReport& report = out.drivers[i];
    report.name = entry.description.name;
    report.vendor = entry.description.vendor;
    report.vendor_zh = entry.description.vendor_zh;
    report.product = entry.description.product;
    report.installed = entry.driver != nullptr;
    if (entry.driver) {
      report.library = entry.driver->process().launch().library;
      report.status = entry.driver->process().status();
      for (const QuirkRow& row : quirk_table()) {
        if (entry.driver->quirks().met(row.quirk) > 0) {
          report.quirks_met.push_back(row.name);
        }
      }
    }
    std::ranges::move(found[i], std::back_inserter(out.devices));
  }
  return out;
}

Result<Device> DriverSet::open(std::string_view driver, const std::string& device) const {
  for (const auto& installed_driver : installed()) {
    if (installed_driver->description().name == driver) {
      return Device::open(installed_driver, device);
    }
  }
  return Error{Errc::kNotFound, "token.driver_unknown", std::string(driver)};
}

}  // namespace hutong::token
