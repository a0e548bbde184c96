#pragma once

#include <cstdint>

#include "asn1/tag.h"
#include "base/bytes.h"

namespace hutong::cms::internal {

/// Identifier and length octets in DER of an element whose content follows from elsewhere.
Bytes der_header(asn1::Tag tag, std::uint64_t content_size);
/// The size of header and content together.
std::uint64_t der_size(std::uint64_t content_size);

/// Builds the beginning of nested elements around content that is not in memory, from the inside out: each
/// wrap() puts an element around everything so far.
class DerFrame {
 public:
  explicit DerFrame(std::uint64_t content_size) : size_(content_size) {}
  /// `before` and `after` stand inside the new element, around what there is.
  void wrap(asn1::Tag tag, ByteView before = {}, ByteView after = {});
  ByteView head() const& { return head_; }  ///< octets in front of the content
  ByteView tail() const& { return tail_; }  ///< octets behind it

 private:
  std::uint64_t size_;
  Bytes head_;
  Bytes tail_;
};

}  // namespace hutong::cms::internal
