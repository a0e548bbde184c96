#include <algorithm>
#include <cstring>

#include "token/conformance/bench.h"

/// Clause 7.1, and the conventions that all functions share.
namespace hutong::token::conformance {
namespace {

constexpr BYTE kFill = 0xA5;
constexpr std::size_t kPackedInfo = 294;
constexpr std::size_t kAlignedInfo = 296;
constexpr std::size_t kWideInfo = 326;

/// Walks a list of names by the two calls of the norm.
template <typename Ask>
void try_list(Bench& bench, const std::string& name, Ask&& ask) {
  Number length;
  bench.require(name + " without a buffer", ask(nullptr, length.out()));
  const ULONG size = length.value();
  if (size < 2) {
    return;  // nothing in the list
  }
  Bytes list(size + 64, kFill);
  Number small(size - 1);
  bench.expect(name + " with a buffer that is too small",
               ask(reinterpret_cast<LPSTR>(list.data()), small.out()), {SAR_BUFFER_TOO_SMALL});
  bench.expect(small.value() == size,
               name + " does not tell the size that is needed when the buffer is too small");
  bench.expect(std::all_of(list.begin() + size - 1, list.end(), [](BYTE octet) { return octet == kFill; }),
               name + " writes beyond a buffer that is too small");
  Number enough(size);
  bench.require(name + " with a buffer", ask(reinterpret_cast<LPSTR>(list.data()), enough.out()));
  bench.expect(list[size - 1] == 0 && list[size - 2] == 0, name + ": the list does not end with two NULs");
  bench.expect(list[size] == kFill, name + " writes beyond its buffer");
}

void all_functions(Bench& bench) {
#define HUTONG_SKF_THERE(name, parameters) bench.expect(bench.skf.name != nullptr, #name " is missing");
  HUTONG_SKF_FUNCTIONS(HUTONG_SKF_THERE)
#undef HUTONG_SKF_THERE
}

void lists(Bench& bench) {
  try_list(bench, "SKF_EnumDev", [&](LPSTR list, ULONG* length) {
    return HUTONG_SKF_CALL(bench, SKF_EnumDev, TRUE, list, length);
  });
  DEVHANDLE device = bench.connect();
  HAPPLICATION application = bench.ready_application(device);
  bench.new_container(application);
  try_list(bench, "SKF_EnumApplication", [&](LPSTR list, ULONG* length) {
    return HUTONG_SKF_CALL(bench, SKF_EnumApplication, device, list, length);
  });
  try_list(bench, "SKF_EnumContainer", [&](LPSTR list, ULONG* length) {
    return HUTONG_SKF_CALL(bench, SKF_EnumContainer, application, list, length);
  });
}

void unknown_devices(Bench& bench) {
  DEVHANDLE device = nullptr;
  const ULONG result = HUTONG_SKF_CALL(bench, SKF_ConnectDev, text("hutong no such device"), &device);
  bench.expect(result != SAR_OK, "SKF_ConnectDev connects to a device that does not exist");
  Number state(DEV_UNKNOWN_STATE);
  HUTONG_SKF_CALL(bench, SKF_GetDevState, text("hutong no such device"), state.out());
  bench.expect(state.value() != DEV_PRESENT_STATE,
               "SKF_GetDevState: a device that does not exist is present");
  bench.require("SKF_GetDevState",
                HUTONG_SKF_CALL(bench, SKF_GetDevState, text(bench.device_name.c_str()), state.out()));
  bench.expect(state.value() == DEV_PRESENT_STATE, "SKF_GetDevState: the connected device is not present");
}

void info_layout(Bench& bench) {
  DEVHANDLE device = bench.connect();
  Bytes memory(1024, kFill);
  bench.require("SKF_GetDevInfo",
                HUTONG_SKF_CALL(bench, SKF_GetDevInfo, device, reinterpret_cast<DEVINFO*>(memory.data())));
  const auto last = std::find_if(memory.rbegin(), memory.rend(), [](BYTE octet) { return octet != kFill; });
  const auto size = static_cast<std::size_t>(memory.rend() - last);
  const char* layout = size == kAlignedInfo ? " (aligned, not packed)"
                       : size == kWideInfo  ? " (ULONG of eight octets)"
                                            : "";
  bench.expect(size == kPackedInfo, "SKF_GetDevInfo writes " + std::to_string(size) + " octets" + layout +
                                        ", the packed structure has " + std::to_string(kPackedInfo));
}

template <std::size_t kSize>
bool is_text(const CHAR (&field)[kSize]) {
  return std::memchr(field, 0, kSize) != nullptr;
}

void info_texts(Bench& bench) {
  DEVHANDLE device = bench.connect();
  Bytes memory(1024);
  bench.require("SKF_GetDevInfo",
                HUTONG_SKF_CALL(bench, SKF_GetDevInfo, device, reinterpret_cast<DEVINFO*>(memory.data())));
  DEVINFO info{};
  std::memcpy(&info, memory.data(), sizeof info);
  bench.expect(
      is_text(info.Manufacturer) && is_text(info.Issuer) && is_text(info.Label) && is_text(info.SerialNumber),
      "DEVINFO: a text does not end with NUL");
  bench.expect(info.SerialNumber[0] != '\0', "DEVINFO: the serial number is empty");
  bench.expect((info.AlgHashCap & SGD_SM3) != 0, "DEVINFO: AlgHashCap without SM3");
  bench.expect((info.AlgSymCap & SGD_SM4_ECB) == SGD_SM4_ECB, "DEVINFO: AlgSymCap without SM4");
  bench.expect(info.FreeSpace <= info.TotalSpace, "DEVINFO: more free space than space");
}

void stale_handles(Bench& bench) {
  DEVHANDLE device = bench.connect();
  bench.require("SKF_DisConnectDev", HUTONG_SKF_CALL(bench, SKF_DisConnectDev, device));
  BYTE random[8];
  bench.expect(HUTONG_SKF_CALL(bench, SKF_GenRandom, device, random, 8U) != SAR_OK,
               "SKF_GenRandom goes on with a device handle that was closed");
  bench.expect(HUTONG_SKF_CALL(bench, SKF_DisConnectDev, device) != SAR_OK,
               "SKF_DisConnectDev closes a handle twice");
}

void null_arguments(Bench& bench) {
  BYTE random[8];
  bench.expect(HUTONG_SKF_CALL(bench, SKF_GenRandom, nullptr, random, 8U) != SAR_OK,
               "SKF_GenRandom takes a null handle");
  DEVHANDLE device = bench.connect();
  bench.expect(HUTONG_SKF_CALL(bench, SKF_GetDevInfo, device, nullptr) != SAR_OK,
               "SKF_GetDevInfo takes a null pointer");
  bench.expect(HUTONG_SKF_CALL(bench, SKF_ConnectDev, nullptr, &device) != SAR_OK,
               "SKF_ConnectDev takes a null name");
}

void random_octets(Bench& bench) {
  DEVHANDLE device = bench.connect();
  Bytes first(64);
  Bytes second(64);
  bench.require("SKF_GenRandom", HUTONG_SKF_CALL(bench, SKF_GenRandom, device, first.data(), 64U));
  bench.require("SKF_GenRandom", HUTONG_SKF_CALL(bench, SKF_GenRandom, device, second.data(), 64U));
  bench.expect(first != second, "SKF_GenRandom gives the same octets twice");
  bench.expect(std::ranges::count(first, 0) < 32, "SKF_GenRandom gives mostly zeros");
}

void locking(Bench& bench) {
  DEVHANDLE device = bench.connect();
  bench.require("SKF_LockDev", HUTONG_SKF_CALL(bench, SKF_LockDev, device, 1000U));
  BYTE random[8];
  bench.expect("SKF_GenRandom while the device is locked by the same handle",
               HUTONG_SKF_CALL(bench, SKF_GenRandom, device, random, 8U), {SAR_OK});
  bench.expect("SKF_UnlockDev", HUTONG_SKF_CALL(bench, SKF_UnlockDev, device), {SAR_OK});
}

}  // namespace

std::vector<Check> device_checks() {
  return {
      {"interface.functions",
       "7",
       {"标准规定的函数齐全", "every function of the norm is there"},
       all_functions},
      {"interface.lists",
       "7.1.4",
       {"名称列表：两次调用与双 NUL 结尾", "name lists: the two calls, two NULs at the end"},
       lists},
      {"device.unknown", "7.1.5", {"不存在的设备不能连接", "an unknown device is refused"}, unknown_devices},
      {"device.info_layout", "6.4.2", {"DEVINFO 按 1 字节对齐", "DEVINFO is packed"}, info_layout},
      {"device.info_texts", "6.4.2", {"DEVINFO 内容合理", "what DEVINFO says makes sense"}, info_texts},
      {"device.stale_handle", "7.1.6", {"已关闭的句柄被拒绝", "closed handles are refused"}, stale_handles},
      {"device.null",
       "7.1",
       {"空句柄与空指针被拒绝", "null handles and pointers are refused"},
       null_arguments},
      {"device.random", "7.6.2", {"随机数", "random octets"}, random_octets},
      {"device.lock", "7.1.10", {"锁定与解锁设备", "a device is locked and unlocked"}, locking},
  };
}

}  // namespace hutong::token::conformance
