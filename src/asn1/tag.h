#pragma once

#include <cstdint>

namespace hutong::asn1 {

/// The identifier octet of a DER element (X.690 8.1.2). Tag numbers above 30 (several identifier octets) are
/// in no structure that we read, and refused.
enum class Tag : std::uint8_t {
  kBoolean = 0x01,
  kInteger = 0x02,
  kBitString = 0x03,
  kOctetString = 0x04,
  kNull = 0x05,
  kOid = 0x06,
  kEnumerated = 0x0A,
  kUtf8String = 0x0C,
  kNumericString = 0x12,
  kPrintableString = 0x13,
  kT61String = 0x14,
  kIa5String = 0x16,
  kUtcTime = 0x17,
  kGeneralizedTime = 0x18,
  kVisibleString = 0x1A,
  kUniversalString = 0x1C,
  kBmpString = 0x1E,
  kSequence = 0x30,
  kSet = 0x31,
};

/// [number] over a primitive value: IMPLICIT OCTET STRING, IA5String ...
constexpr Tag context(std::uint8_t number) { return static_cast<Tag>(0x80 | number); }
/// [number] EXPLICIT, or IMPLICIT over a SEQUENCE or SET.
constexpr Tag context_constructed(std::uint8_t number) { return static_cast<Tag>(0xA0 | number); }
constexpr bool is_constructed(Tag tag) { return (static_cast<std::uint8_t>(tag) & 0x20) != 0; }

}  // namespace hutong::asn1
