#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <optional>

#include "crypto/kernel_random.h"
#include "crypto/self_test.h"
#include "token/software/boundary.h"
#include "token/software/device.h"

/// Clause 7.1: device management.
namespace hutong::token::software {
namespace {

constexpr ULONG kTotalSpace = 64 << 20;
constexpr ULONG kMostEccBuffer = 64 << 10;
constexpr ULONG kMostCipherBuffer = 1 << 20;
constexpr VERSION kInterfaceVersion = {1, 0};
constexpr VERSION kOwnVersion = {0, 1};
constexpr std::size_t kLongestDeviceName = 64;

/// Known answers, once in a process, before the first device is opened.
Status require_sound_arithmetic() {
  static const Status status = crypto::require_self_test(crypto::kernel_random());
  return status;
}

template <std::size_t kSize>
void fill_text(CHAR (&field)[kSize], std::string_view text) {
  std::copy_n(text.begin(), std::min(text.size(), kSize - 1), field);
}

Result<DEVINFO> describe(const Store& store) {
  HUTONG_TRY(const DeviceRecord record, store.device());
  DEVINFO info{};
  info.Version = kInterfaceVersion;
  fill_text(info.Manufacturer, record.manufacturer);
  fill_text(info.Issuer, record.issuer);
  fill_text(info.Label, record.label);
  fill_text(info.SerialNumber, record.serial_number);
  info.HWVersion = kOwnVersion;
  info.FirmwareVersion = kOwnVersion;
  info.AlgSymCap = SGD_SM4_ECB | SGD_SM4_CBC | SGD_SM4_MAC;
  info.AlgAsymCap = SGD_SM2_1 | SGD_SM2_2 | SGD_SM2_3;
  info.AlgHashCap = SGD_SM3;
  info.DevAuthAlgId = SGD_SM4_ECB;
  info.TotalSpace = kTotalSpace;
  info.FreeSpace =
      kTotalSpace - static_cast<ULONG>(std::min<std::uint64_t>(store.used_octets(), kTotalSpace));
  info.MaxECCBufferSize = kMostEccBuffer;
  info.MaxBufferSize = kMostCipherBuffer;
  return info;
}

/// Which devices came and went since the caller was last told. One caller waits at a time.
class DeviceWatch {
 public:
  struct Event {
    std::string name;
    ULONG kind;
  };

  Result<Event> wait() {
    std::unique_lock lock(mutex_);
    if (waiting_) {
      return refusal(SAR_FAIL);
    }
    if (!known_) {
      known_ = device_names();
    }
    waiting_ = true;
    cancelled_ = false;
    std::optional<Event> event;
    while (!cancelled_ && !(event = next_event())) {
      cancelling_.wait_for(lock, kPause);
    }
    waiting_ = false;
    if (!event) {
      return refusal(SAR_NOT_EVENTERR);
    }
    return *std::move(event);
  }

  void cancel() {
    {
      const std::scoped_lock lock(mutex_);
      cancelled_ = true;
    }
    cancelling_.notify_all();
  }

 private:
  static constexpr auto kPause = std::chrono::milliseconds(100);

  std::optional<Event> next_event() {
    const std::vector<std::string> now = device_names();
    std::vector<std::string> changed;
    std::ranges::set_symmetric_difference(*known_, now, std::back_inserter(changed));
    if (changed.empty()) {
      return std::nullopt;
    }
    const std::string& name = changed.front();
    const auto place = std::ranges::lower_bound(*known_, name);
    const bool came = place == known_->end() || *place != name;
    if (came) {
      known_->insert(place, name);
    } else {
      known_->erase(place);
    }
    return Event{name, came ? DEV_INSERTED_EVENT : DEV_REMOVED_EVENT};
  }

  std::mutex mutex_;
  std::condition_variable cancelling_;
  std::optional<std::vector<std::string>> known_;
  bool waiting_ = false;
  bool cancelled_ = false;
};

DeviceWatch& device_watch() {
  static DeviceWatch watch;
  return watch;
}

Result<std::string_view> device_name_from(LPSTR name) {
  return given_text(name, 1, kLongestDeviceName, SAR_NAMELENERR);
}

}  // namespace
}  // namespace hutong::token::software

using namespace hutong;
using namespace hutong::token::software;

ULONG DEVAPI SKF_WaitForDevEvent(LPSTR szDevName, ULONG* pulDevNameLen, ULONG* pulEvent) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(szDevName, pulDevNameLen, pulEvent));
    if (*pulDevNameLen <= kLongestDeviceName) {  // an event that cannot be told must not be used up
      *pulDevNameLen = kLongestDeviceName + 1;
      return refusal(SAR_BUFFER_TOO_SMALL);
    }
    HUTONG_TRY(const auto event, device_watch().wait());
    *pulEvent = event.kind;
    return hand_over({reinterpret_cast<const std::uint8_t*>(event.name.c_str()), event.name.size() + 1},
                     szDevName, pulDevNameLen);
  });
}

ULONG DEVAPI SKF_CancelWaitForDevEvent() {
  return guarded([]() -> Status {
    device_watch().cancel();
    return ok();
  });
}

ULONG DEVAPI SKF_EnumDev(BOOL /*bPresent*/, LPSTR szNameList, ULONG* pulSize) {
  return guarded([&] { return hand_over_names(device_names(), szNameList, pulSize); });
}

ULONG DEVAPI SKF_ConnectDev(LPSTR szName, DEVHANDLE* phDev) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(phDev));
    HUTONG_TRY(const std::string_view name, device_name_from(szName));
    HUTONG_CHECK(require_sound_arithmetic());
    HUTONG_TRY(auto device, find_device(name));
    auto object = std::make_shared<DeviceObject>(device);
    if (const auto turn = device->lock.enter(object.get(), DeviceLock::Timeout::zero()); turn) {
      device->store.sweep();  // whoever keeps the device longer sweeps another time
    }
    *phDev = handles().add(std::move(object));
    return ok();
  });
}

ULONG DEVAPI SKF_DisConnectDev(DEVHANDLE hDev) {
  return guarded([&] { return handles().close<DeviceObject>(hDev); });
}

ULONG DEVAPI SKF_GetDevState(LPSTR szDevName, ULONG* pulDevState) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pulDevState));
    HUTONG_TRY(const std::string_view name, device_name_from(szDevName));
    *pulDevState = find_device(name) ? DEV_PRESENT_STATE : DEV_ABSENT_STATE;
    return ok();
  });
}

ULONG DEVAPI SKF_SetLabel(DEVHANDLE hDev, LPSTR szLabel) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const std::string_view label, given_text(szLabel, 0, kMostLabelSize - 1, SAR_NAMELENERR));
    HUTONG_TRY(const auto work, work_on_device(hDev));
    HUTONG_TRY(DeviceRecord record, work.store().device());
    record.label = label;
    return work.store().save(record);
  });
}

ULONG DEVAPI SKF_GetDevInfo(DEVHANDLE hDev, DEVINFO* pDevInfo) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pDevInfo));
    HUTONG_TRY(const auto work, work_on_device(hDev));
    HUTONG_TRY(*pDevInfo, describe(work.store()));
    return ok();
  });
}

ULONG DEVAPI SKF_LockDev(DEVHANDLE hDev, ULONG ulTimeOut) {
  return guarded([&]() -> Status {
    constexpr ULONG kWaitForEver = 0xFFFFFFFF;
    HUTONG_TRY(const auto object, handles().find<DeviceObject>(hDev));
    const auto timeout = ulTimeOut == kWaitForEver ? DeviceLock::kForever : DeviceLock::Timeout(ulTimeOut);
    return object->device->lock.keep(object.get(), timeout);
  });
}

ULONG DEVAPI SKF_UnlockDev(DEVHANDLE hDev) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const auto object, handles().find<DeviceObject>(hDev));
    return object->device->lock.release(object.get()) ? ok() : Status(refusal(SAR_FAIL));
  });
}

ULONG DEVAPI SKF_Transmit(DEVHANDLE hDev, BYTE* /*pbCommand*/, ULONG /*ulCommandLen*/, BYTE* /*pbData*/,
                          ULONG* /*pulDataLen*/) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const auto object, handles().find<DeviceObject>(hDev));
    return refusal(SAR_NOTSUPPORTYETERR);  // there is no card behind it that takes commands
  });
}
