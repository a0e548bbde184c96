#include "token/driver/device_info.h"

#include <cstring>
#include <string_view>

#include "base/encoding.h"
#include "token/skf.h"

namespace hutong::token {
namespace {

template <typename Field>
std::string text_of(const Field& field) {
  std::string_view text(reinterpret_cast<const char*>(field), sizeof(field));
  text = text.substr(0, text.find('\0'));
  while (!text.empty() && text.back() == ' ') {
    text.remove_suffix(1);
  }
  return is_utf8(text) ? std::string(text) : latin1_to_utf8(as_bytes(text));
}

std::string version_of(const VERSION& version) {
  return std::to_string(version.major) + "." + std::to_string(version.minor);
}

}  // namespace

bool DeviceInfo::draft_numbering() const {
  constexpr std::uint32_t kDraft = 0x0700;
  constexpr std::uint32_t kFinal = 0x0800;
  return (asymmetric_algorithms & kFinal) == 0 && (asymmetric_algorithms & kDraft) != 0;
}

Result<DeviceInfo> read_device_info(ByteView packed) {
  DEVINFO raw;
  if (packed.size() != sizeof(raw)) {
    return Error{Errc::kMalformed, "token.structure",
                 "DEVINFO of " + std::to_string(packed.size()) + " octets"};
  }
  std::memcpy(&raw, packed.data(), sizeof(raw));
  return DeviceInfo{.structure_version = version_of(raw.Version),
                    .manufacturer = text_of(raw.Manufacturer),
                    .issuer = text_of(raw.Issuer),
                    .label = text_of(raw.Label),
                    .serial_number = text_of(raw.SerialNumber),
                    .hardware_version = version_of(raw.HWVersion),
                    .firmware_version = version_of(raw.FirmwareVersion),
                    .symmetric_algorithms = raw.AlgSymCap,
                    .asymmetric_algorithms = raw.AlgAsymCap,
                    .hash_algorithms = raw.AlgHashCap,
                    .authentication_algorithm = raw.DevAuthAlgId,
                    .total_space = raw.TotalSpace,
                    .free_space = raw.FreeSpace,
                    .most_ecc_octets = raw.MaxECCBufferSize,
                    .most_cipher_octets = raw.MaxBufferSize};
}

}  // namespace hutong::token
