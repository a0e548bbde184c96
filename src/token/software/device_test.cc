#include <filesystem>
#include <future>
#include <thread>

#include "token/software/test_token.h"

namespace hutong::token::test {
namespace {

using namespace std::chrono_literals;
using DeviceFunctions = TokenTest;

std::vector<std::string> device_list() {
  return names_of([](LPSTR list, ULONG* length) { return skf().SKF_EnumDev(TRUE, list, length); });
}

TEST_F(DeviceFunctions, ListsDevicesByTheTwoCalls) {
  add_device("two");
  EXPECT_EQ(device_list(), (std::vector<std::string>{"one", "two"}));
  char small[4];
  ULONG length = sizeof small;
  EXPECT_EQ(skf().SKF_EnumDev(FALSE, small, &length), SAR_BUFFER_TOO_SMALL);
  EXPECT_EQ(length, 9U);  // one\0two\0\0
  EXPECT_EQ(skf().SKF_EnumDev(TRUE, nullptr, nullptr), SAR_INVALIDPARAMERR);
}

TEST_F(DeviceFunctions, AnEmptyHomeListsNothing) {
  ::setenv("HUTONG_TOKEN_HOME", home_.file("nowhere").c_str(), 1);
  EXPECT_TRUE(device_list().empty());
}

TEST_F(DeviceFunctions, ConnectsToWhatIsThere) {
  DEVHANDLE other = nullptr;
  EXPECT_EQ(skf().SKF_ConnectDev(text("two"), &other), SAR_DEVICE_REMOVED);
  EXPECT_EQ(skf().SKF_ConnectDev(text("../one"), &other), SAR_DEVICE_REMOVED);
  EXPECT_EQ(skf().SKF_ConnectDev(text(""), &other), SAR_NAMELENERR);
  EXPECT_EQ(skf().SKF_ConnectDev(nullptr, &other), SAR_INVALIDPARAMERR);
  EXPECT_EQ(skf().SKF_ConnectDev(text("one"), nullptr), SAR_INVALIDPARAMERR);
  ASSERT_EQ(skf().SKF_ConnectDev(text("one"), &other), SAR_OK);
  EXPECT_NE(other, device_);
  EXPECT_EQ(skf().SKF_DisConnectDev(other), SAR_OK);
  EXPECT_EQ(skf().SKF_DisConnectDev(other), SAR_INVALIDHANDLEERR);
}

TEST_F(DeviceFunctions, HandlesOfOthersAndInventedOnesAreRefused) {
  DEVINFO info{};
  HAPPLICATION application = ready();
  EXPECT_EQ(skf().SKF_GetDevInfo(application, &info), SAR_INVALIDHANDLEERR);
  EXPECT_EQ(skf().SKF_GetDevInfo(nullptr, &info), SAR_INVALIDHANDLEERR);
  EXPECT_EQ(skf().SKF_GetDevInfo(&info, &info), SAR_INVALIDHANDLEERR);
  EXPECT_EQ(skf().SKF_CloseHandle(application), SAR_INVALIDHANDLEERR);
  EXPECT_EQ(skf().SKF_CloseHandle(device_), SAR_INVALIDHANDLEERR);
}

TEST_F(DeviceFunctions, WhatWasOpenedThroughADeviceClosesWithIt) {
  HAPPLICATION application = ready();
  HCONTAINER opened = container(application);
  HANDLE hash = nullptr;
  ASSERT_EQ(skf().SKF_DigestInit(device_, SGD_SM3, nullptr, nullptr, 0, &hash), SAR_OK);
  ASSERT_EQ(skf().SKF_DisConnectDev(device_), SAR_OK);
  ULONG type = 0;
  EXPECT_EQ(skf().SKF_GetContainerType(opened, &type), SAR_INVALIDHANDLEERR);
  EXPECT_EQ(skf().SKF_ClearSecureState(application), SAR_INVALIDHANDLEERR);
  EXPECT_EQ(skf().SKF_CloseHandle(hash), SAR_INVALIDHANDLEERR);
  connect();
}

TEST_F(DeviceFunctions, TellsWhatItIs) {
  DEVINFO info{};
  ASSERT_EQ(skf().SKF_GetDevInfo(device_, &info), SAR_OK);
  EXPECT_EQ(info.Version.major, 1);
  EXPECT_STREQ(info.Manufacturer, "Hutong");
  EXPECT_STREQ(info.Label, "Test one");
  EXPECT_EQ(std::string(info.SerialNumber).size(), 16U);
  EXPECT_EQ(info.AlgSymCap & SGD_SM4_CBC, SGD_SM4_CBC);
  EXPECT_NE(info.AlgAsymCap & 0x0800, 0U);  // the numbering of 2012
  EXPECT_EQ(+info.AlgHashCap, SGD_SM3);     // + : a copy, for packed fields are not aligned
  EXPECT_EQ(+info.DevAuthAlgId, SGD_SM4_ECB);
  EXPECT_LE(+info.FreeSpace, +info.TotalSpace);
  EXPECT_EQ(skf().SKF_GetDevInfo(device_, nullptr), SAR_INVALIDPARAMERR);
}

TEST_F(DeviceFunctions, KeepsItsLabel) {
  EXPECT_EQ(skf().SKF_SetLabel(device_, text("财务部的钥匙")), SAR_OK);
  DEVINFO info{};
  ASSERT_EQ(skf().SKF_GetDevInfo(device_, &info), SAR_OK);
  EXPECT_STREQ(info.Label, "财务部的钥匙");
  EXPECT_EQ(skf().SKF_SetLabel(device_, text("0123456789012345678901234567890")), SAR_OK);  // 31 octets
  EXPECT_EQ(skf().SKF_SetLabel(device_, text("01234567890123456789012345678901")), SAR_NAMELENERR);
  EXPECT_EQ(skf().SKF_SetLabel(device_, nullptr), SAR_INVALIDPARAMERR);
}

TEST_F(DeviceFunctions, ARemovedDeviceIsSaidToBeRemoved) {
  HAPPLICATION application = ready();
  ULONG state = 9;
  EXPECT_EQ(skf().SKF_GetDevState(text("one"), &state), SAR_OK);
  EXPECT_EQ(state, DEV_PRESENT_STATE);
  std::filesystem::remove_all(home_.file("one"));
  EXPECT_EQ(skf().SKF_GetDevState(text("one"), &state), SAR_OK);
  EXPECT_EQ(state, DEV_ABSENT_STATE);
  DEVINFO info{};
  EXPECT_EQ(skf().SKF_GetDevInfo(device_, &info), SAR_DEVICE_REMOVED);
  ULONG left = 0;
  EXPECT_EQ(skf().SKF_VerifyPIN(application, USER_TYPE, text(kUserPin), &left), SAR_DEVICE_REMOVED);
}

TEST_F(DeviceFunctions, ANewDeviceInTheSameFolderHasNoRights) {
  HAPPLICATION application = ready();
  std::filesystem::remove_all(home_.file("one"));
  add_device("one");
  HAPPLICATION another = nullptr;
  EXPECT_EQ(skf().SKF_CreateApplication(device_, text("app"), text(kAdminPin), 3, text(kUserPin), 3,
                                        SECURE_USER_ACCOUNT, &another),
            SAR_DEVNOAUTH);
  authenticate();
  another = create_application();
  EXPECT_EQ(skf().SKF_ClearSecureState(application), SAR_APPLICATION_NOT_EXISTS);
  HCONTAINER made = nullptr;
  EXPECT_EQ(skf().SKF_CreateContainer(another, text("c1"), &made), SAR_USER_NOT_LOGGED_IN);
}

TEST_F(DeviceFunctions, AKeptDeviceWaitsForNobodyElse) {
  DEVHANDLE other = nullptr;
  ASSERT_EQ(skf().SKF_ConnectDev(text("one"), &other), SAR_OK);
  EXPECT_EQ(skf().SKF_UnlockDev(device_), SAR_FAIL);
  ASSERT_EQ(skf().SKF_LockDev(device_, 100), SAR_OK);
  DEVINFO info{};
  EXPECT_EQ(skf().SKF_GetDevInfo(device_, &info), SAR_OK);
  EXPECT_EQ(skf().SKF_LockDev(other, 50), SAR_TIMEOUTERR);
  EXPECT_EQ(skf().SKF_UnlockDev(other), SAR_FAIL);

  auto waiting = std::async(std::launch::async, [&] { return skf().SKF_GetDevInfo(other, &info); });
  EXPECT_EQ(waiting.wait_for(50ms), std::future_status::timeout);
  EXPECT_EQ(skf().SKF_UnlockDev(device_), SAR_OK);
  EXPECT_EQ(waiting.get(), SAR_OK);

  ASSERT_EQ(skf().SKF_LockDev(device_, 0xFFFFFFFF), SAR_OK);
  ASSERT_EQ(skf().SKF_DisConnectDev(device_), SAR_OK);  // gives it back (7.1.6)
  EXPECT_EQ(skf().SKF_LockDev(other, 0), SAR_OK);
  EXPECT_EQ(skf().SKF_DisConnectDev(other), SAR_OK);
  connect();
}

struct Event {
  ULONG result;
  std::string name;
  ULONG kind;
};

Event wait_for_event() {
  char name[128] = {};
  ULONG length = sizeof name;
  ULONG kind = 0;
  const ULONG result = skf().SKF_WaitForDevEvent(name, &length, &kind);
  return {result, name, kind};
}

TEST_F(DeviceFunctions, TellsWhatCameAndWent) {
  auto waiting = std::async(std::launch::async, wait_for_event);
  std::this_thread::sleep_for(50ms);
  add_device("two");
  std::vector<std::string> seen;
  for (Event event = waiting.get();; event = wait_for_event()) {  // devices of earlier tests go first
    ASSERT_EQ(event.result, SAR_OK);
    if (event.name == "two") {
      EXPECT_EQ(event.kind, DEV_INSERTED_EVENT);
      break;
    }
  }
  std::filesystem::remove_all(home_.file("two"));
  const Event gone = wait_for_event();
  EXPECT_EQ(gone.name, "two");
  EXPECT_EQ(gone.kind, DEV_REMOVED_EVENT);
}

TEST_F(DeviceFunctions, WaitingIsCancelled) {
  char name[128];
  ULONG length = 3;
  ULONG kind = 0;
  EXPECT_EQ(skf().SKF_WaitForDevEvent(name, &length, &kind), SAR_BUFFER_TOO_SMALL);
  EXPECT_GE(length, 65U);
  EXPECT_EQ(skf().SKF_WaitForDevEvent(nullptr, &length, &kind), SAR_INVALIDPARAMERR);
  auto waiting = std::async(std::launch::async, [] {
    Event event = wait_for_event();
    while (event.result == SAR_OK) {
      event = wait_for_event();
    }
    return event;
  });
  while (waiting.wait_for(20ms) == std::future_status::timeout) {
    EXPECT_EQ(skf().SKF_CancelWaitForDevEvent(), SAR_OK);
  }
  EXPECT_EQ(waiting.get().result, SAR_NOT_EVENTERR);
}

TEST_F(DeviceFunctions, TakesNoCommandsOfACard) {
  BYTE command[4] = {};
  ULONG length = sizeof command;
  EXPECT_EQ(skf().SKF_Transmit(device_, command, 4, command, &length), SAR_NOTSUPPORTYETERR);
}

}  // namespace
}  // namespace hutong::token::test
