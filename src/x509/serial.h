#pragma once

#include <cstddef>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace hutong::x509 {

/// A certificate serial number as it is encoded: the content octets of its INTEGER, minimal two's complement
/// (a leading 00 keeps a high bit positive). Equality is equality of numbers.
class Serial {
 public:
  static constexpr std::size_t kMostOctets = 20;  ///< that RFC 5280 4.1.2.2 allows; longer ones are read

  Serial() = default;
  /// Content octets of a minimal INTEGER. kMalformed "asn1.integer".
  static Result<Serial> from_content(ByteView content);
  /// Big-endian magnitude of a non-negative number, leading zeros allowed.
  static Serial from_magnitude(ByteView magnitude);
  /// What people type: hexadecimal of the number, blanks and colons allowed. kMalformed "encoding.hex".
  static Result<Serial> from_hex(std::string_view text);

  ByteView content() const& { return content_; }
  ByteView content() const&& = delete;
  bool is_zero() const { return content_.size() == 1 && content_[0] == 0; }
  bool is_negative() const { return !content_.empty() && (content_[0] & 0x80) != 0; }
  /// Lower-case hexadecimal of the number without the sign octet: "69e2fec0170ac67b"; zero is "00". A
  /// negative number shows its content octets.
  std::string to_hex() const;

  friend bool operator==(const Serial&, const Serial&) = default;
  friend bool operator<(const Serial& a, const Serial& b) { return less(a.content_, b.content_); }

 private:
  Bytes content_;
};

}  // namespace hutong::x509
