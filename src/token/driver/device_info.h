#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace hutong::token {

/// DEVINFO of GM/T 0016 6.4.1. Texts are trimmed of NUL and blanks; octets that are not UTF-8 are read as
/// ISO 8859-1.
struct DeviceInfo {
  std::string structure_version;  ///< "1.0"
  std::string manufacturer;
  std::string issuer;
  std::string label;
  std::string serial_number;
  std::string hardware_version;
  std::string firmware_version;
  std::uint32_t symmetric_algorithms = 0;
  std::uint32_t asymmetric_algorithms = 0;
  std::uint32_t hash_algorithms = 0;
  std::uint32_t authentication_algorithm = 0;  ///< of SKF_DevAuth
  std::uint32_t total_space = 0;
  std::uint32_t free_space = 0;
  std::uint32_t most_ecc_octets = 0;     ///< of ECC encryption
  std::uint32_t most_cipher_octets = 0;  ///< of block ciphers and hashes, in one call

  /// The SM2 algorithms are numbered as in the draft of 2010.
  bool draft_numbering() const;
};

/// From the packed structure. kMalformed "token.structure".
Result<DeviceInfo> read_device_info(ByteView packed);

}  // namespace hutong::token
