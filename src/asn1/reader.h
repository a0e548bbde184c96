#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "asn1/oid.h"
#include "asn1/tag.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace hutong::asn1 {

/// One element as it stands in the input.
struct Element {
  Tag tag;
  ByteView content;
  ByteView encoded;  ///< identifier, length and content octets
};

struct BitString {
  unsigned unused_bits = 0;  ///< 0 to 7, at the end of the last octet
  ByteView octets;
  /// Bit 0 is the most significant bit of the first octet; bits beyond the end are 0 (X.680 22.7).
  bool bit(std::size_t index) const;
};

/// A time and how it was written: GB/T 20518 wants UTCTime up to 2049 (lint checks it; reading accepts both).
struct TimeValue {
  Time time;
  Tag written_as;  ///< kUtcTime or kGeneralizedTime
};

/// Reads DER (X.690 with the restrictions of clauses 10 and 11) front to back, giving views into the input,
/// which must outlive every view. Definite, minimal lengths only; nesting is limited by a depth budget handed
/// down by enter(). A failed read leaves the reader where it was. Error reasons: asn1.truncated, asn1.tag,
/// asn1.length, asn1.high_tag, asn1.trailing_data, asn1.depth, asn1.boolean, asn1.integer, asn1.bit_string,
/// asn1.null, asn1.oid, asn1.time; all kMalformed but asn1.depth, which is kLimit. One reader belongs to one
/// thread.
class Reader {
 public:
  static constexpr unsigned kMostDepth = 32;

  explicit Reader(ByteView input, unsigned depth_left = kMostDepth) : rest_(input), depth_left_(depth_left) {}

  bool at_end() const { return rest_.empty(); }
  ByteView rest() const { return rest_; }
  /// True when another element follows and has this tag.
  bool next_is(Tag tag) const { return !rest_.empty() && rest_[0] == static_cast<std::uint8_t>(tag); }
  /// kMalformed "asn1.trailing_data" unless everything was read.
  Status finish() const;

  Result<Element> read_any();
  Result<Element> read_element(Tag tag);
  /// The content of the next element, which must have this tag.
  Result<ByteView> read(Tag tag);
  /// Nothing when the next element has another tag or there is none.
  Result<std::optional<ByteView>> read_optional(Tag tag);
  /// A reader over the content of the next, constructed element.
  Result<Reader> enter(Tag tag);
  Result<std::optional<Reader>> enter_optional(Tag tag);
  Result<Reader> enter_sequence() { return enter(Tag::kSequence); }
  /// For a reader over content that was read earlier at this level (IMPLICIT values, extnValue ...).
  Result<Reader> nested(ByteView content) const;

  Result<bool> read_boolean();
  /// Content octets of a minimal two's-complement INTEGER.
  Result<ByteView> read_integer();
  /// Magnitude octets of a non-negative INTEGER without the sign octet; zero is one octet 00. kMalformed
  /// "asn1.integer" when negative.
  Result<ByteView> read_unsigned();
  /// A non-negative INTEGER of at most 63 bits.
  Result<std::uint64_t> read_small();
  Result<std::uint64_t> read_enumerated();
  Result<BitString> read_bit_string();
  /// A BIT STRING that holds octets (keys, signatures): no unused bits.
  Result<ByteView> read_bit_string_octets();
  Result<ByteView> read_octet_string() { return read(Tag::kOctetString); }
  Status read_null();
  Result<Oid> read_oid();
  /// UTCTime or GeneralizedTime, in the profile of RFC 5280 4.1.2.5: seconds present, "Z", no fraction.
  Result<TimeValue> read_time();

 private:
  Result<Element> parse_next() const;

  ByteView rest_;
  unsigned depth_left_;
};

/// Checks of content octets whose tag was already read (IMPLICIT tagging).
Status check_integer(ByteView content);
Result<std::uint64_t> small_from(ByteView integer_content);
Result<BitString> bit_string_from(ByteView content);
Result<Time> utc_time_from(ByteView content);
Result<Time> generalized_time_from(ByteView content);

}  // namespace hutong::asn1
