#pragma once

#include <cstdint>

#include "asn1/reader.h"
#include "base/bytes.h"
#include "base/result.h"
#include "x509/extensions.h"

namespace hutong::x509::internal {

/// One Extension, with the quirk of an explicit FALSE.
Result<Extension> read_extension(asn1::Reader& list, QuirkRecorder& quirks);

/// The whole value is one SEQUENCE: a reader over its content.
inline Result<asn1::Reader> enter_only_sequence(ByteView value) {
  asn1::Reader reader(value);
  HUTONG_TRY(asn1::Reader fields, reader.enter_sequence());
  HUTONG_CHECK(reader.finish());
  return fields;
}

/// The same for a SEQUENCE SIZE (1..MAX) OF.
inline Result<asn1::Reader> enter_only_list(ByteView value) {
  HUTONG_TRY(asn1::Reader list, enter_only_sequence(value));
  if (list.at_end()) {
    return Error{Errc::kMalformed, "ext.empty_list", "a list that must have an element is empty"};
  }
  return list;
}

inline constexpr std::uint32_t kNumberCap = std::uint32_t{1} << 31;

/// A non-negative INTEGER (content octets); numbers above 2^31 mean 2^31, which no chain reaches.
inline Result<std::uint32_t> capped_number(ByteView integer) {
  HUTONG_CHECK(asn1::check_integer(integer));
  if ((integer[0] & 0x80) != 0) {
    return Error{Errc::kMalformed, "ext.negative", "a count is negative"};
  }
  if (integer.size() > 5) {
    return kNumberCap;
  }
  HUTONG_TRY(const std::uint64_t value, asn1::small_from(integer));
  return static_cast<std::uint32_t>(value < kNumberCap ? value : kNumberCap);
}

}  // namespace hutong::x509::internal
