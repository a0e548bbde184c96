#include "token/driver/driver_process.h"

#include <gtest/gtest.h>

#include <csignal>
#include <set>
#include <thread>

#include "base/file.h"
#include "token/driver/test_support.h"

namespace hutong::token {
namespace {

using std::chrono::milliseconds;
using test::launch_of;

constexpr milliseconds kPlenty(20'000);
constexpr milliseconds kLittle(300);
constexpr milliseconds kLongerThanAPause(400);

DriverCall enumerate() {
  DriverCall call(Function::kEnumDev);
  call.number(1).room(1024);
  return call;
}

DriverCall connect(std::string_view name) {
  DriverCall call(Function::kConnectDev);
  call.text(name);
  return call;
}

TEST(DriverProcess, StartsWithTheFirstCallAndAnswers) {
  DriverProcess process(launch_of("good"));
  EXPECT_EQ(process.status().state, DriverState::kIdle);
  const auto answer = process.call(enumerate(), kPlenty);
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->code(), 0U);
  EXPECT_EQ(as_text(answer->octets(1)), std::string_view("good\0\0", 6));
  EXPECT_EQ(answer->number(0), 6U);
  const DriverStatus status = process.status();
  EXPECT_EQ(status.state, DriverState::kRunning);
  EXPECT_EQ(status.calls, 1U);
  EXPECT_EQ(status.library_sm3.size(), 64U);
  process.stop();
  EXPECT_EQ(process.status().state, DriverState::kIdle);
}

TEST(DriverProcess, AsksForASizeWithNullAndSaysWhenTheRoomIsTooSmall) {
  DriverProcess process(launch_of("good"));
  DriverCall size(Function::kEnumDev);
  size.number(1).room(0);
  const auto asked = process.call(std::move(size), kPlenty);
  ASSERT_TRUE(asked) << asked.error().detail;
  EXPECT_EQ(asked->number(0), 6U);
  DriverCall small(Function::kEnumDev);
  small.number(1).room(3);
  const auto refused = process.call(std::move(small), kPlenty);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code(), 0x0A000020U);
  EXPECT_EQ(refused->number(0), 6U);
}

TEST(DriverProcess, ACrashIsReportedWithItsSignalAndDoesNotReachTheCaller) {
  DriverProcess process(launch_of("crash"));
  const auto crashed = process.call(enumerate(), kPlenty);
  ASSERT_FALSE(crashed);
  EXPECT_EQ(crashed.error().reason, "token.driver_crashed");
  EXPECT_NE(crashed.error().detail.find("SKF_EnumDev"), std::string::npos) << crashed.error().detail;
  EXPECT_EQ(process.status().state, DriverState::kCrashed);
  // During the pause the answer comes at once and nothing is started.
  EXPECT_EQ(process.call(enumerate(), kPlenty).error().reason, "token.driver_crashed");
  EXPECT_EQ(process.status().starts, 1U);
  std::this_thread::sleep_for(kLongerThanAPause);
  EXPECT_EQ(process.call(enumerate(), kPlenty).error().reason, "token.driver_crashed");
  EXPECT_EQ(process.status().starts, 2U);
  EXPECT_EQ(process.status().crashes, 2U);
}

TEST(DriverProcess, AHungCallKillsTheProcessAndNotTheCaller) {
  DriverProcess process(launch_of("hang"));
  const auto start = std::chrono::steady_clock::now();
  const auto hung = process.call(enumerate(), kLittle);
  ASSERT_FALSE(hung);
  EXPECT_EQ(hung.error().reason, "token.driver_hung");
  EXPECT_LT(std::chrono::steady_clock::now() - start, kPlenty);
  EXPECT_EQ(process.status().hangs, 1U);
  EXPECT_EQ(process.status().state, DriverState::kHung);
}

TEST(DriverProcess, OthersWaitWithinTheirLimits) {
  DriverProcess process(launch_of("hang"));
  std::jthread first(
      [&] { EXPECT_EQ(process.call(enumerate(), milliseconds(1500)).error().reason, "token.driver_hung"); });
  std::this_thread::sleep_for(milliseconds(500));
  EXPECT_EQ(process.call(enumerate(), milliseconds(100)).error().reason, "token.driver_busy");
}

TEST(DriverProcess, WritesOutsideOfBuffersAreFound) {
  DriverProcess process(launch_of("overrun"));
  const auto connected = process.call(connect("overrun"), kPlenty);
  ASSERT_TRUE(connected);
  DriverCall info(Function::kGetDevInfo);
  info.handle(connected->handle(0));
  const auto answer = process.call(std::move(info), kPlenty);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, "token.driver_faulty");
  EXPECT_NE(answer.error().detail.find("SKF_GetDevInfo wrote outside of a buffer"), std::string::npos);
  EXPECT_NE(answer.error().detail.find("476"), std::string::npos) << answer.error().detail;  // 1500 - 1024
  EXPECT_EQ(process.status().state, DriverState::kFaulty);
}

TEST(DriverProcess, ImpossibleLengthsAreFound) {
  DriverProcess process(launch_of("claim"));
  const auto answer = process.call(enumerate(), kPlenty);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, "token.driver_faulty");
  EXPECT_EQ(process.status().faults, 1U);
}

TEST(DriverProcess, HandlesEndWithTheProcess) {
  DriverProcess process(launch_of("good"));
  const auto connected = process.call(connect("good"), kPlenty);
  ASSERT_TRUE(connected);
  process.stop();
  DriverCall info(Function::kGetDevInfo);
  info.handle(connected->handle(0));
  EXPECT_EQ(process.call(std::move(info), kPlenty, connected->generation()).error().reason,
            "token.driver_restarted");
  ASSERT_TRUE(process.call(enumerate(), kPlenty));
  EXPECT_NE(process.generation(), connected->generation());
}

TEST(DriverProcess, WildHandlesAndWrongArgumentsNeverReachTheDriver) {
  DriverProcess process(launch_of("good"));
  DriverCall wild(Function::kGetDevInfo);
  wild.handle(4711);
  EXPECT_EQ(process.call(std::move(wild), kPlenty).error().reason, "token.call");
  const auto connected = process.call(connect("good"), kPlenty);
  ASSERT_TRUE(connected);
  DriverCall other_kind(Function::kEnumContainer);  // takes an application
  other_kind.handle(connected->handle(0)).room(100);
  EXPECT_EQ(process.call(std::move(other_kind), kPlenty).error().reason, "token.call");
  EXPECT_EQ(process.call(connect(std::string_view("a\0b", 3)), kPlenty).error().reason, "token.call");
  DriverCall too_many(Function::kEnumDev);
  too_many.number(1).room(10).number(2);
  EXPECT_EQ(process.call(std::move(too_many), kPlenty).error().reason, "token.call");
  DriverCall absent(Function::kLockDev);
  absent.handle(connected->handle(0)).number(1);
  EXPECT_EQ(process.call(std::move(absent), kPlenty).error().reason, "token.not_exported");
  EXPECT_EQ(process.status().state, DriverState::kRunning);
}

TEST(DriverProcess, RefusesLibrariesByDigestSymbolsAndLinker) {
  DriverLaunch launch = launch_of("good");
  launch.allowed = {crypto::Sm3Digest{}};
  EXPECT_EQ(DriverProcess(launch).call(enumerate(), kPlenty).error().reason, "token.driver_refused_digest");
  launch.allowed.push_back(crypto::sm3(read_file(launch.library, std::size_t{1} << 30).value()));
  EXPECT_TRUE(DriverProcess(launch).call(enumerate(), kPlenty));

  DriverProcess incomplete(launch_of("incomplete"));
  const auto missing = incomplete.call(enumerate(), kPlenty);
  EXPECT_EQ(missing.error().reason, "token.driver_refused_symbol");
  EXPECT_EQ(missing.error().detail, "SKF_VerifyPIN");
  EXPECT_EQ(incomplete.status().state, DriverState::kRefusedSymbol);

  launch = launch_of("good");
  launch.library = "/etc/hostname";
  EXPECT_EQ(DriverProcess(launch).call(enumerate(), kPlenty).error().reason, "token.driver_refused_library");
  launch.library = "/no/such/library.so";
  EXPECT_EQ(DriverProcess(launch).call(enumerate(), kPlenty).error().reason, "token.driver_refused_library");
  launch.host_program = "/no/such/program";
  EXPECT_EQ(DriverProcess(launch).call(enumerate(), kPlenty).error().reason, "token.host_not_started");
}

TEST(DriverProcess, TakesFromTheDriverWhatItDoesNotNeed) {
  DriverProcess process(launch_of("probe"));
  const auto answer = process.call(enumerate(), kPlenty);
  ASSERT_TRUE(answer) << answer.error().detail;
  std::set<std::string> found;
  for (std::string_view rest = as_text(answer->octets(1)); !rest.empty() && rest.front() != '\0';) {
    found.emplace(rest.substr(0, rest.find('\0')));
    rest.remove_prefix(rest.find('\0') + 1);
  }
  EXPECT_EQ(found, (std::set<std::string>{"fork=no", "exec=no", "kill=no", "ptrace=no", "mount=no",
                                          "unshare=no", "file=yes", "thread=yes"}));
}

}  // namespace
}  // namespace hutong::token
