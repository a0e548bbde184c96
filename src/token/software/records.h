#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/sm2.h"

/// What the files of a device hold, as strict DER (docs/tokens.md). Every decode_... refuses with kMalformed
/// "token.record"; nothing in them is secret unless it is sealed (sealing.h).
namespace hutong::token::software {

inline constexpr std::size_t kMostNameSize = 64;      ///< of applications and containers
inline constexpr std::size_t kMostFileNameSize = 32;  ///< 7.4.2
inline constexpr std::size_t kMostTextSize = 64;      ///< of manufacturer and issuer in DEVINFO
inline constexpr std::size_t kMostLabelSize = 32;     ///< of label and serial number there

struct DeviceRecord {
  std::string label;  ///< under 32 octets, as the serial number
  std::string manufacturer;
  std::string issuer;
  std::string serial_number;
};

/// Octets under SM4-GCM, the tag at their end.
struct SealedOctets {
  Bytes nonce;  ///< 12
  Bytes octets;
};

struct PinRecord {
  std::uint32_t most_tries = 0;
  std::uint32_t rounds = 0;  ///< of PBKDF2
  Bytes salt;                ///< 16
  SealedOctets master_key;   ///< of the application, under the key from the PIN
  bool factory = true;       ///< still the one that the application was created with
};

struct ApplicationRecord {
  std::string name;
  Bytes identity;  ///< 16 random octets: another application of the same name is another
  std::uint32_t creation_rights = 0;
  PinRecord admin;
  PinRecord user;
};

/// How often each PIN may still be tried. A file of its own, because it is written at every attempt.
struct TriesRecord {
  std::uint32_t admin = 0;
  std::uint32_t user = 0;
};

struct KeyPairRecord {
  crypto::Sm2PublicKey public_key;
  SealedOctets private_key;
};

struct ContainerRecord {
  std::string name;
  std::optional<KeyPairRecord> signature;
  std::optional<KeyPairRecord> encryption;
  Bytes signature_certificate;  ///< DER; empty when there is none
  Bytes encryption_certificate;
};

struct FileRecord {
  std::string name;
  std::uint32_t size = 0;
  std::uint32_t read_rights = 0;
  std::uint32_t write_rights = 0;
  Bytes nonce;  ///< empty when the content is not sealed
  Bytes content;
};

Bytes encode(const DeviceRecord& record);
Bytes encode(const ApplicationRecord& record);
Bytes encode(const TriesRecord& record);
Bytes encode(const ContainerRecord& record);
Bytes encode(const FileRecord& record);
Result<DeviceRecord> decode_device(ByteView der);
Result<ApplicationRecord> decode_application(ByteView der);
Result<TriesRecord> decode_tries(ByteView der);
Result<ContainerRecord> decode_container(ByteView der);
Result<FileRecord> decode_file(ByteView der);

}  // namespace hutong::token::software
