#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <vector>

#include "asn1/oid.h"
#include "asn1/tag.h"
#include "base/bytes.h"
#include "base/time.h"

namespace hutong::asn1 {

/// Builds strict DER, front to back. Cannot fail; what goes in must already be right. Not for secrets (it
/// reallocates): private keys are written by crypto into a SecretBytes.
///
///   Writer out;
///   out.sequence([&](Writer& body) { body.oid(kSm2WithSm3); body.null(); });
///   Bytes der = std::move(out).take();
class Writer {
 public:
  Bytes take() && { return std::move(out_); }
  ByteView view() const& { return out_; }

  /// An element with ready content octets.
  void element(Tag tag, ByteView content);
  /// Elements that are already encoded.
  void raw(ByteView encoded) { append(out_, encoded); }
  template <std::invocable<Writer&> Fill>
  void constructed(Tag tag, Fill&& fill) {
    Writer inner;
    fill(inner);
    element(tag, inner.out_);
  }
  template <std::invocable<Writer&> Fill>
  void sequence(Fill&& fill) {
    constructed(Tag::kSequence, fill);
  }
  /// SET OF: sorts the encoded elements (X.690 11.6).
  void set_of(std::vector<Bytes> encoded_elements, Tag tag = Tag::kSet);

  void boolean(bool value);
  void small(std::uint64_t value, Tag tag = Tag::kInteger);
  /// Magnitude octets, big-endian, leading zeros allowed: written in the shortest form with a sign octet if
  /// needed.
  void unsigned_integer(ByteView magnitude, Tag tag = Tag::kInteger);
  void octet_string(ByteView octets) { element(Tag::kOctetString, octets); }
  void bit_string(ByteView octets, unsigned unused_bits = 0);
  /// A named bit list: bit 0 first, trailing zero bits removed (X.690 11.2.2).
  void named_bits(std::uint32_t bits_lsb_is_bit0);
  void null() { element(Tag::kNull, {}); }
  void oid(const Oid& oid) { element(Tag::kOid, oid.content()); }
  void text(Tag tag, std::string_view text) { element(tag, as_bytes(text)); }
  /// UTCTime from 1950 to 2049, GeneralizedTime otherwise (RFC 5280 4.1.2.5).
  void time(Time time);
  void generalized_time(Time time, Tag tag = Tag::kGeneralizedTime);

 private:
  Bytes out_;
};

}  // namespace hutong::asn1
