#include "token/driver/driver_set.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "tests/support/program.h"
#include "token/driver/device_watch.h"
#include "token/driver/test_support.h"

namespace hutong::token {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kPromised(3);
constexpr seconds kSlowMachine(20);

/// A folder of descriptions, each of one test driver.
class DriverFolder {
 public:
  explicit DriverFolder(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      add(name, test::test_library(name).string());
    }
  }
  void add(const std::string& name, const std::string& library) const {
    std::string written = name;
    std::ranges::replace(written, '_', '-');
    folder_.write(name + ".toml", as_bytes("[driver]\nname = \"" + written + "\"\nvendor = \"Vendor of " +
                                           name + "\"\n[library]\nlinux = [\"" + library + "\"]\n"));
  }
  DriverSetOptions options() const {
    return {.folders = {std::filesystem::path(folder_.file("x")).parent_path()},
            .host_program = HUTONG_DRIVER_HOST};
  }
  const hutong::test::Folder& folder() const { return folder_; }

 private:
  hutong::test::Folder folder_;
};

const DriverReport& report_of(const Enumeration& enumeration, std::string_view name) {
  return *std::ranges::find(enumeration.drivers, name, &DriverReport::name);
}

std::vector<std::string> names_of(const Enumeration& enumeration) {
  std::vector<std::string> names;
  for (const FoundDevice& device : enumeration.devices) {
    names.push_back(device.problem.empty() ? device.name : device.name + "?");
  }
  return names;
}

TEST(DriverSet, ServesTheGoodOnesAndNamesTheBadOnes) {
  const DriverFolder folder({"clash_1", "clash_2", "crash", "der", "good", "hang", "overrun", "wide"});
  DriverSet set(folder.options());
  const auto start = steady_clock::now();
  const Enumeration found = set.enumerate();
  EXPECT_LT(steady_clock::now() - start, kPromised);
  EXPECT_EQ(names_of(found),
            (std::vector<std::string>{"common_1", "common_2", "der", "good", "overrun?", "wide"}));

  ASSERT_EQ(found.drivers.size(), 8U);
  EXPECT_EQ(report_of(found, "hang").reason, "token.driver_hung");
  EXPECT_EQ(report_of(found, "hang").status.state, DriverState::kHung);
  EXPECT_EQ(report_of(found, "crash").reason, "token.driver_crashed");
  EXPECT_TRUE(report_of(found, "crash").detail.starts_with("SKF_EnumDev: "))
      << report_of(found, "crash").detail;
  EXPECT_EQ(report_of(found, "overrun").reason, "token.driver_faulty");
  EXPECT_NE(report_of(found, "overrun").detail.find("SKF_GetDevInfo wrote outside"), std::string::npos);
  for (const auto* name : {"clash-1", "clash-2", "der", "good", "wide"}) {
    EXPECT_EQ(report_of(found, name).reason, "") << report_of(found, name).detail;
    EXPECT_EQ(report_of(found, name).devices, 1U);
  }

  // And they go on: a token is used while its neighbour hangs again.
  auto again = std::async(std::launch::async, [&set] { return set.enumerate(); });
  const auto device = set.open("good", "good");
  ASSERT_TRUE(device) << device.error().detail;
  const auto application = device->open_application("TEST").value();
  ASSERT_TRUE(application.verify_pin(PinRole::kUser, as_bytes("12345678")));
  EXPECT_TRUE(application.open_container("C1")->sign(as_bytes("a bid")));
  EXPECT_EQ(report_of(again.get(), "good").reason, "");
}

TEST(DriverSet, DriversThatClashInOneProcessDoNotInTheirOwn) {
  // What happens without: the second library gets the first one's dependency.
  using EnumDevFunction = std::uint32_t (*)(int, char*, std::uint32_t*);
  const auto name_in_this_process = [](const std::string& library) {
    void* handle = ::dlopen(test::test_library(library).c_str(), RTLD_NOW | RTLD_LOCAL);
    EXPECT_NE(handle, nullptr);
    auto* const enumerate = reinterpret_cast<EnumDevFunction>(::dlsym(handle, "SKF_EnumDev"));
    std::array<char, 64> names{};
    std::uint32_t size = names.size();
    EXPECT_EQ(enumerate(1, names.data(), &size), 0U);
    return std::string(names.data());
  };
  EXPECT_EQ(name_in_this_process("clash_1"), "common_1");
  EXPECT_EQ(name_in_this_process("clash_2"), "common_1");

  const DriverFolder folder({"clash_1", "clash_2"});
  DriverSet set(folder.options());
  EXPECT_EQ(names_of(set.enumerate(kSlowMachine)), (std::vector<std::string>{"common_1", "common_2"}));
}

TEST(DriverSet, ListsWhatIsNotInstalledAndFindsItLater) {
  const DriverFolder folder({"good"});
  folder.add("later", folder.folder().file("later.so"));
  folder.folder().write("broken.toml", as_bytes("[driver]\n"));
  DriverSet set(folder.options());
  ASSERT_EQ(set.description_errors().size(), 1U);
  Enumeration found = set.enumerate(kSlowMachine);
  EXPECT_TRUE(report_of(found, "good").installed);
  EXPECT_EQ(report_of(found, "good").vendor, "Vendor of good");
  EXPECT_FALSE(report_of(found, "later").installed);
  EXPECT_EQ(report_of(found, "later").reason, "");
  EXPECT_EQ(set.open("later", "x").error().reason, "token.driver_unknown");
  std::filesystem::copy_file(test::test_library("der"), folder.folder().file("later.so"));
  found = set.enumerate(kSlowMachine);
  EXPECT_TRUE(report_of(found, "later").installed);
  EXPECT_EQ(report_of(found, "later").devices, 1U);
}

TEST(DriverSet, AsksADeviceForItsInformationOnce) {
  const DriverFolder folder({"good"});
  DriverSet set(folder.options());
  const auto first = set.enumerate(kSlowMachine);
  EXPECT_EQ(first.devices.at(0).info.label, "good");
  const auto calls = first.drivers.at(0).status.calls;
  const auto second = set.enumerate(kSlowMachine);
  EXPECT_EQ(second.devices.at(0).info.label, "good");
  EXPECT_EQ(second.drivers.at(0).status.calls, calls + 1);  // SKF_EnumDev
}

TEST(DeviceWatch, TellsOfDevicesThatComeAndGo) {
  const DriverFolder folder({"good"});
  folder.add("later", folder.folder().file("later.so"));
  DriverSet set(folder.options());
  std::mutex lock;
  std::condition_variable told;
  std::vector<std::size_t> counts;
  DeviceWatch watch(set,
                    [&](const Enumeration& now) {
                      const std::lock_guard guard(lock);
                      counts.push_back(now.devices.size());
                      told.notify_all();
                    },
                    {.period = milliseconds(50), .enumeration_limit = kSlowMachine});
  const auto wait_for = [&](std::vector<std::size_t> expected) {
    std::unique_lock guard(lock);
    told.wait_for(guard, kSlowMachine, [&] { return counts == expected; });
    EXPECT_EQ(counts, expected);
  };
  wait_for({1});
  std::filesystem::copy_file(test::test_library("der"), folder.folder().file("copy.so"));
  std::filesystem::rename(folder.folder().file("copy.so"), folder.folder().file("later.so"));
  wait_for({1, 2});
}

}  // namespace
}  // namespace hutong::token
