// A small SKF library for tests of the driver host, compiled several times: its fault and its peculiarities
// are macros. One device, one application "TEST", one container "C1" with a fixed key pair; PIN 12345678,
// four tries.
//
//   TEST_NAME      what its device is called
//   TEST_CRASH     SKF_EnumDev reads where nothing is
//   TEST_HANG      SKF_EnumDev does not return
//   TEST_OVERRUN   SKF_GetDevInfo writes 1500 octets
//   TEST_CLAIM     SKF_EnumDev claims more octets than it was given
//   TEST_INCOMPLETE  no SKF_VerifyPIN
//   TEST_WIDE      ULONG is `unsigned long`; TEST_ALIGNED: structures are not packed
//   TEST_LEFT      numbers are left-aligned; TEST_DER: signatures are DER; TEST_UNENDED: lists lack their end
//   TEST_OLD       SM2 by the numbers of 2010; a wrong PIN gives SAR_PIN_INVALID
//   TEST_PROBE     SKF_EnumDev tries what a driver must not do, and lists what it could
//   TEST_DEPENDS   the name comes from a library that this one depends on

#include <sched.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>

#include "base/encoding.h"
#include "crypto/sm2.h"
#include "crypto/sm4.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

#ifdef TEST_WIDE
using Number = unsigned long;
#else
using Number = std::uint32_t;
#endif

#ifdef TEST_DEPENDS
extern "C" const char* vendor_common_name();
#endif

namespace {

using hutong::Bytes;
using hutong::ByteView;

#ifndef TEST_ALIGNED
#pragma pack(push, 1)
#endif
struct DeviceInfo {
  std::array<std::uint8_t, 2> version;
  std::array<char, 64> manufacturer, issuer;
  std::array<char, 32> label, serial;
  std::array<std::uint8_t, 2> hardware, firmware;
  std::array<Number, 8> numbers;
  std::array<std::uint8_t, 64> reserved;
};
struct PublicKeyBlob {
  Number bits;
  std::array<std::uint8_t, 64> x, y;
};
struct CipherBlob {
  std::array<std::uint8_t, 64> x, y;
  std::array<std::uint8_t, 32> hash;
  Number size;
  std::array<std::uint8_t, 1> text;
};
struct Parameters {
  std::array<std::uint8_t, 32> iv;
  Number iv_size, padding, feedback;
};
#ifndef TEST_ALIGNED
#pragma pack(pop)
#endif

constexpr std::uint32_t kOk = 0;
constexpr std::uint32_t kFail = 0x0A000001;
constexpr std::uint32_t kNotSupported = 0x0A000003;
constexpr std::uint32_t kInvalidHandle = 0x0A000005;
constexpr std::uint32_t kTooSmall = 0x0A000020;
#ifdef TEST_OLD
[[maybe_unused]] constexpr std::uint32_t kPinIncorrect = 0x0A000026;
constexpr Number kSigningAlgorithm = 0x20100;
#else
[[maybe_unused]] constexpr std::uint32_t kPinIncorrect = 0x0A000024;
constexpr Number kSigningAlgorithm = 0x20200;
#endif
[[maybe_unused]] constexpr std::uint32_t kPinLocked = 0x0A000025;
constexpr std::uint32_t kNotLoggedIn = 0x0A00002D;
constexpr std::uint32_t kNoCertificate = 0x0A00001C;
constexpr std::uint32_t kNotExists = 0x0A00002E;
// The recipient of tests/data/cms/identities.vec.
constexpr std::string_view kKey = "785129917d45a9ea5437a59356b82338eaadda6ceb199088f14ae10defa229b5";

// Handles are addresses of these: whoever sends another is caught.
int device_mark;
int application_mark;
int container_mark;
bool logged_in = false;
[[maybe_unused]] Number tries = 4;
Bytes session_key;
std::unique_ptr<hutong::crypto::Sm4Cbc> cipher;

const hutong::crypto::Sm2PrivateKey& key() {
  static const auto made = hutong::crypto::Sm2PrivateKey::from_octets(hutong::from_hex(kKey).value()).value();
  return made;
}

std::string own_name() {
#ifdef TEST_DEPENDS
  return vendor_common_name();
#else
  return TEST_NAME;
#endif
}

template <std::size_t kSize>
void put(std::array<char, kSize>& field, const std::string& text) {
  field.fill(0);
  std::copy_n(text.begin(), std::min(text.size(), kSize), field.begin());
}

void put_number(std::array<std::uint8_t, 64>& field, ByteView number) {
  field.fill(0);
#ifdef TEST_LEFT
  std::copy(number.begin(), number.end(), field.begin());
#else
  std::copy(number.begin(), number.end(), field.end() - static_cast<std::ptrdiff_t>(number.size()));
#endif
}

std::uint32_t give(const void* octets, std::size_t size, void* out, Number* length) {
  const Number room = *length;
  *length = static_cast<Number>(size);
  if (out == nullptr) {
    return kOk;
  }
  if (room < size) {
    return kTooSmall;
  }
  std::memcpy(out, octets, size);
  return kOk;
}

std::uint32_t give_list(std::string names, char* out, Number* length) {
#ifndef TEST_UNENDED
  names.push_back('\0');
#endif
  return give(names.data(), names.size(), out, length);
}

#ifdef TEST_PROBE
void note(std::string& names, const char* what, bool allowed) {
  names += what;
  names += allowed ? "=yes" : "=no";
  names.push_back('\0');
}

std::string probe() {
  std::string names;
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(0);  // that it came so far is the finding: the host should have denied the fork
  }
  note(names, "fork", child > 0);
  char program[] = "/bin/true";
  char* const arguments[] = {program, nullptr};
  note(names, "exec", ::execv(program, arguments) == 0);
  note(names, "kill", ::kill(::getppid(), 0) == 0);
  note(names, "ptrace", ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0);
  note(names, "mount", ::mount("none", "/mnt", "tmpfs", 0, nullptr) == 0);
  note(names, "unshare", ::unshare(CLONE_NEWUSER) == 0);
  note(names, "file", ::access("/etc/hostname", F_OK) == 0);
  std::atomic<bool> ran = false;
  std::thread([&ran] { ran = true; }).join();
  note(names, "thread", ran);
  return names;
}
#endif

}  // namespace

EXPORT std::uint32_t SKF_EnumDev(int, char* names, Number* length) {
#ifdef TEST_CRASH
  volatile int* nowhere = nullptr;
  *nowhere = 1;
#endif
#ifdef TEST_HANG
  for (;;) {
    ::pause();
  }
#endif
#ifdef TEST_CLAIM
  *length = *length + 1;
  return kOk;
#endif
#ifdef TEST_PROBE
  return give_list(probe(), names, length);
#else
  return give_list(own_name() + '\0', names, length);
#endif
}

EXPORT std::uint32_t SKF_ConnectDev(const char* name, void** device) {
  *device = &device_mark;
  return own_name() == name ? kOk : kFail;
}
EXPORT std::uint32_t SKF_DisConnectDev(void* device) { return device == &device_mark ? kOk : kInvalidHandle; }

EXPORT std::uint32_t SKF_GetDevInfo(void* device, void* out) {
  if (device != &device_mark) {
    return kInvalidHandle;
  }
  DeviceInfo info{};
  info.version = {1, 0};
  put(info.manufacturer, "Test");
  put(info.label, own_name());
  put(info.serial, "0001    ");
  info.firmware = {2, 7};
  info.numbers = {0x402, 0x20F00, 1, 0x401, 65536, 4096, 1024, 8192};
  std::memcpy(out, &info, sizeof(info));
#ifdef TEST_OVERRUN
  std::memset(out, 0, 1500);
#endif
  return kOk;
}

EXPORT std::uint32_t SKF_EnumApplication(void*, char* names, Number* length) {
  return give_list(std::string("TEST") + '\0', names, length);
}
EXPORT std::uint32_t SKF_OpenApplication(void* device, const char* name, void** application) {
  *application = &application_mark;
  return device == &device_mark && std::string_view(name) == "TEST" ? kOk : kNotExists;
}
EXPORT std::uint32_t SKF_CloseApplication(void*) { return kOk; }
EXPORT std::uint32_t SKF_EnumContainer(void*, char* names, Number* length) {
  return give_list(std::string("C1") + '\0', names, length);
}
EXPORT std::uint32_t SKF_OpenContainer(void* application, const char* name, void** container) {
  *container = &container_mark;
  return application == &application_mark && std::string_view(name) == "C1" ? kOk : kFail;
}
EXPORT std::uint32_t SKF_CloseContainer(void*) { return kOk; }
EXPORT std::uint32_t SKF_ExportCertificate(void*, int signature, std::uint8_t* out, Number* length) {
  static const std::array<std::uint8_t, 5> certificate{0x30, 0x03, 0x02, 0x01, 0x05};
  return signature == 1 ? give(certificate.data(), certificate.size(), out, length) : kNoCertificate;
}

#ifndef TEST_INCOMPLETE
EXPORT std::uint32_t SKF_VerifyPIN(void*, Number, const char* pin, Number* left) {
  if (tries == 0) {
    *left = 0;
    return kPinLocked;
  }
  logged_in = std::string_view(pin) == "12345678";
  tries = logged_in ? 4 : tries - 1;
  *left = tries;
  return logged_in ? kOk : kPinIncorrect;
}
#endif

EXPORT std::uint32_t SKF_ExportPublicKey(void*, int, std::uint8_t* out, Number* length) {
  PublicKeyBlob blob{};
  blob.bits = 256;
  const ByteView point = ByteView(key().public_key().octets()).subspan(1);
  put_number(blob.x, point.first(32));
  put_number(blob.y, point.last(32));
  return give(&blob, sizeof(blob), out, length);
}

EXPORT std::uint32_t SKF_GenECCKeyPair(void* container, Number algorithm, std::uint8_t* out) {
  Number length = sizeof(PublicKeyBlob);
  return algorithm == kSigningAlgorithm ? SKF_ExportPublicKey(container, 1, out, &length) : kNotSupported;
}

EXPORT std::uint32_t SKF_ECCSignData(void* container, const std::uint8_t* digest, Number size,
                                     std::uint8_t* out) {
  if (container != &container_mark || size != 32) {
    return kFail;
  }
  if (!logged_in) {
    return kNotLoggedIn;
  }
  hutong::crypto::Sm3Digest e{};
  std::copy_n(digest, e.size(), e.begin());
  const auto signature = key().sign_digest(e);
  std::memset(out, 0, 128);
#ifdef TEST_DER
  const Bytes der = signature.to_der();
  std::copy(der.begin(), der.end(), out);
#else
  std::array<std::uint8_t, 64> field{};
  put_number(field, signature.r);
  std::copy(field.begin(), field.end(), out);
  put_number(field, signature.s);
  std::copy(field.begin(), field.end(), out + 64);
#endif
  return kOk;
}

EXPORT std::uint32_t SKF_ImportSessionKey(void*, Number, const std::uint8_t* wrapped, Number size,
                                          void** handle) {
  const auto* blob = reinterpret_cast<const CipherBlob*>(wrapped);
  const std::size_t fixed = offsetof(CipherBlob, text);
  if (size != fixed + blob->size) {
    return kFail;
  }
  Bytes raw(blob->x.begin() + 32, blob->x.end());
  raw.insert(raw.end(), blob->y.begin() + 32, blob->y.end());
  raw.insert(raw.end(), blob->hash.begin(), blob->hash.end());
  raw.insert(raw.end(), wrapped + fixed, wrapped + size);
  const auto opened =
      hutong::crypto::sm2_decrypt(key(), raw, hutong::crypto::Sm2CipherLayout::kC1C3C2NoPrefix);
  if (!opened) {
    return kFail;
  }
  session_key = hutong::to_bytes(opened->expose());
  *handle = &session_key;
  return kOk;
}

EXPORT std::uint32_t SKF_DecryptInit(void* handle, Parameters parameters) {
  if (parameters.iv_size != 16 || parameters.padding != 1) {
    return kFail;
  }
  hutong::crypto::Sm4Block iv{};
  std::copy_n(parameters.iv.begin(), iv.size(), iv.begin());
  auto sm4 = hutong::crypto::Sm4Key::from_octets(*static_cast<Bytes*>(handle));
  cipher = std::make_unique<hutong::crypto::Sm4Cbc>(
      std::move(sm4).value(), iv, hutong::crypto::Direction::kDecrypt, hutong::crypto::Padding::kPkcs7);
  return kOk;
}
EXPORT std::uint32_t SKF_DecryptUpdate(void*, const std::uint8_t* data, Number size, std::uint8_t* out,
                                       Number* length) {
  const Bytes plain = cipher->update({data, size});
  return give(plain.data(), plain.size(), out, length);
}
EXPORT std::uint32_t SKF_DecryptFinal(void*, std::uint8_t* out, Number* length) {
  const auto rest = cipher->finish();
  return rest ? give(rest->data(), rest->size(), out, length) : 0x0A00001E;
}
EXPORT std::uint32_t SKF_CloseHandle(void*) { return kOk; }
