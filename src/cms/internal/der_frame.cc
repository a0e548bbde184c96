#include "cms/internal/der_frame.h"

namespace hutong::cms::internal {

Bytes der_header(asn1::Tag tag, std::uint64_t content_size) {
  Bytes header{static_cast<std::uint8_t>(tag)};
  if (content_size < 0x80) {
    header.push_back(static_cast<std::uint8_t>(content_size));
    return header;
  }
  std::uint8_t octets = 0;
  for (std::uint64_t rest = content_size; rest != 0; rest >>= 8) {
    ++octets;
  }
  header.push_back(static_cast<std::uint8_t>(0x80 | octets));
  for (; octets > 0; --octets) {
    header.push_back(static_cast<std::uint8_t>(content_size >> (8 * (octets - 1))));
  }
  return header;
}

std::uint64_t der_size(std::uint64_t content_size) {
  return der_header(asn1::Tag::kOctetString, content_size).size() + content_size;
}

void DerFrame::wrap(asn1::Tag tag, ByteView before, ByteView after) {
  size_ += before.size() + after.size();
  Bytes head = der_header(tag, size_);
  size_ += head.size();
  append(head, before);
  append(head, head_);
  head_ = std::move(head);
  append(tail_, after);
}

}  // namespace hutong::cms::internal
