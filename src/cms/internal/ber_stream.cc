#include "cms/internal/ber_stream.h"

#include <algorithm>
#include <bit>
#include <string>
#include <utility>

#include "asn1/reader.h"

namespace hutong::cms::internal {
namespace {

constexpr std::uint8_t kConstructed = 0x20;
constexpr std::uint8_t kEndOfContents = 0x00;

Error malformed(std::string_view reason, std::string detail) {
  return {Errc::kMalformed, reason, std::move(detail)};
}

Error truncated() { return malformed("asn1.truncated", "the message ends inside an element"); }

Error over_budget() {
  return {Errc::kLimit, "cms.too_large", "certificates and signers take too much memory"};
}

constexpr std::uint8_t octet(asn1::Tag tag) { return static_cast<std::uint8_t>(tag); }

/// Collects a captured part; the budget is shared by all captures of a message.
class BudgetSink final : public ByteSink {
 public:
  BudgetSink(Bytes& out, std::size_t& left) : out_(&out), left_(&left) {}
  Status write(ByteView piece) override {
    if (piece.size() > *left_) {
      return over_budget();
    }
    *left_ -= piece.size();
    append(*out_, piece);
    return ok();
  }

 private:
  Bytes* out_;
  std::size_t* left_;
};

/// Tag and length as DER writes them.
void append_header(std::uint8_t tag, std::uint64_t length, Bytes& out) {
  out.push_back(tag);
  if (length < 0x80) {
    out.push_back(static_cast<std::uint8_t>(length));
    return;
  }
  const auto octets = static_cast<unsigned>(std::bit_width(length) + 7) / 8;
  out.push_back(static_cast<std::uint8_t>(0x80 | octets));
  for (unsigned i = octets; i-- > 0;) {
    out.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
  }
}

/// The octets of the parts of a constructed OCTET STRING, already rewritten as DER.
Result<Bytes> joined(ByteView parts) {
  Bytes content;
  for (asn1::Reader reader(parts); !reader.at_end();) {
    HUTONG_TRY(const ByteView part, reader.read_octet_string());
    append(content, part);
  }
  return content;
}

constexpr std::size_t kLongestPlainHeader = 5;

/// A header that DER writes, of an element that transcode() would leave as it is.
struct PlainHeader {
  bool constructed;
  std::size_t size;
  std::size_t length;  ///< of the content
};
std::optional<PlainHeader> plain_header(ByteView octets) {
  if (octets.size() < 2 || (octets[0] & 0x1F) == 0x1F || octets[0] == kEndOfContents ||
      octets[0] == (octet(asn1::Tag::kOctetString) | kConstructed)) {
    return std::nullopt;
  }
  PlainHeader header{(octets[0] & kConstructed) != 0, 2, octets[1]};
  if (header.length < 0x80) {
    return header;
  }
  const std::size_t count = header.length & 0x7F;
  header.size += count;
  if (count == 0 || header.size > std::min(octets.size(), kLongestPlainHeader)) {
    return std::nullopt;
  }
  header.length = 0;
  for (const std::uint8_t next : octets.subspan(2, count)) {
    header.length = header.length << 8 | next;
  }
  const bool is_shortest = octets[2] != 0 && header.length >= 0x80;
  return is_shortest ? std::optional(header) : std::nullopt;
}

/// The element at the front of `octets`, when transcode() would copy all of it unchanged.
struct PlainElement {
  std::size_t size = 0;
  std::size_t budget = 0;  ///< what transcode() would count for it
};
/// `depth` levels may still be entered.
std::optional<PlainElement> plain_element(ByteView octets, std::size_t depth) {
  const auto header = plain_header(octets);
  if (!header || header->length > octets.size() - header->size || (header->constructed && depth == 0)) {
    return std::nullopt;
  }
  PlainElement element{.size = header->size + header->length, .budget = 2};
  if (!header->constructed) {
    element.budget += header->length;
    return element;
  }
  for (ByteView left = octets.subspan(header->size, header->length); !left.empty();) {
    const auto child = plain_element(left, depth - 1);
    if (!child) {
      return std::nullopt;
    }
    element.budget += child->budget;
    left = left.subspan(child->size);
  }
  return element;
}

}  // namespace

Result<std::size_t> BerStream::available(std::size_t wanted) {
  if (end_ - begin_ < wanted && begin_ > 0) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  while (end_ - begin_ < wanted) {
    HUTONG_TRY(const std::size_t count, source_->read(std::span(buffer_).subspan(end_)));
    if (count == 0) {
      break;
    }
    end_ += count;
  }
  return end_ - begin_;
}

Result<std::uint8_t> BerStream::take_octet() {
  HUTONG_TRY(const std::size_t count, available(1));
  if (count == 0 || left() == 0) {
    return truncated();
  }
  ++offset_;
  return buffer_[begin_++];
}

Result<std::uint64_t> BerStream::take_length(std::size_t octets) {
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < octets; ++i) {
    HUTONG_TRY(const std::uint8_t next, take_octet());
    saw_ber_ |= i == 0 && next == 0;
    if (length >> 55 != 0) {
      return malformed("asn1.length", "a length that no file can have");
    }
    length = length << 8 | next;
  }
  saw_ber_ |= length < 0x80;
  return length;
}

Result<BerStream::Header> BerStream::take_header() {
  Header header{};
  HUTONG_TRY(header.tag, take_octet());
  if ((header.tag & 0x1F) == 0x1F) {
    return malformed("asn1.high_tag", "tag numbers above 30 are not used here");
  }
  HUTONG_TRY(header.length, take_octet());
  if (header.length == 0x80) {
    if ((header.tag & kConstructed) == 0) {
      return malformed("asn1.length", "an indefinite length on a primitive element");
    }
    header.indefinite = true;
    saw_ber_ = true;
    header.length = 0;
  } else if (header.length > 0x80) {
    HUTONG_TRY(header.length, take_length(static_cast<std::size_t>(header.length & 0x7F)));
  }
  if (header.length > left()) {
    return truncated();
  }
  return header;
}

Status BerStream::push(const Header& header) {
  if (frames_.size() >= kMostDepth) {
    return Error{Errc::kLimit, "asn1.depth", "structures are nested too deeply"};
  }
  frames_.push_back({header.indefinite, header.indefinite ? bound() : offset_ + header.length});
  return ok();
}

Result<bool> BerStream::at_end() {
  if (frames_.empty()) {
    HUTONG_TRY(const std::size_t count, available(1));
    return count == 0;
  }
  if (!frames_.back().indefinite) {
    return left() == 0;
  }
  HUTONG_TRY(const std::size_t count, available(2));
  if (count < 2 || left() < 2) {
    return truncated();
  }
  return buffer_[begin_] == kEndOfContents && buffer_[begin_ + 1] == 0;
}

Result<bool> BerStream::next_is(asn1::Tag tag) {
  HUTONG_TRY(const bool end, at_end());
  if (end) {
    return false;
  }
  HUTONG_TRY(const std::size_t count, available(1));
  return count > 0 && buffer_[begin_] == octet(tag);
}

Status BerStream::enter(asn1::Tag tag) {
  HUTONG_TRY(const bool fits, next_is(tag));
  if (!fits) {
    return malformed("asn1.tag", "the structure is not that of a message: expected tag " +
                                     std::to_string(static_cast<int>(octet(tag))));
  }
  HUTONG_TRY(const Header header, take_header());
  return push(header);
}

Status BerStream::leave() {
  HUTONG_TRY(const bool end, at_end());
  if (!end) {
    return malformed("asn1.trailing_data", "an element holds more than its type allows");
  }
  if (frames_.back().indefinite) {
    begin_ += 2;
    offset_ += 2;
  }
  frames_.pop_back();
  return ok();
}

Status BerStream::finish() {
  HUTONG_TRY(const bool end, at_end());
  if (!end) {
    return malformed("asn1.trailing_data", "octets follow the end of the message");
  }
  return ok();
}

Status BerStream::pass(std::uint64_t count, ByteSink& to) {
  while (count > 0) {
    HUTONG_TRY(const std::size_t ready, available(1));
    if (ready == 0) {
      return truncated();
    }
    const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(ready, count));
    HUTONG_CHECK(to.write(ByteView(buffer_).subspan(begin_, piece)));
    begin_ += piece;
    offset_ += piece;
    count -= piece;
  }
  return ok();
}

Status BerStream::transcode_children(Bytes& out) {
  for (;;) {
    HUTONG_TRY(const bool end, at_end());
    if (end) {
      return leave();
    }
    HUTONG_CHECK(transcode(out));
  }
}

Status BerStream::transcode_constructed(const Header& header, Bytes& out) {
  HUTONG_CHECK(push(header));
  const std::size_t start = out.size();
  // In DER the length does not change: then everything goes straight to its place.
  append_header(header.tag, header.length, out);
  const std::size_t content_start = out.size();
  HUTONG_CHECK(transcode_children(out));
  const bool in_parts = header.tag == (octet(asn1::Tag::kOctetString) | kConstructed);
  if (!in_parts && out.size() - content_start == header.length) {
    return ok();
  }
  Bytes content(out.begin() + static_cast<std::ptrdiff_t>(content_start), out.end());
  std::uint8_t tag = header.tag;
  if (in_parts) {
    saw_ber_ = true;
    tag = octet(asn1::Tag::kOctetString);
    HUTONG_TRY(content, joined(content));
  }
  out.resize(start);
  append_header(tag, content.size(), out);
  append(out, content);
  return ok();
}

Status BerStream::transcode(Bytes& out) {
  HUTONG_TRY(const Header header, take_header());
  if (capture_left_ < 2) {
    return over_budget();
  }
  capture_left_ -= 2;
  if ((header.tag & kConstructed) != 0) {
    return transcode_constructed(header, out);
  }
  if (header.tag == kEndOfContents) {
    return malformed("asn1.tag", "an end-of-contents mark where none belongs");
  }
  append_header(header.tag, header.length, out);
  BudgetSink sink(out, capture_left_);
  return pass(header.length, sink);
}

Result<ByteView> BerStream::waiting(std::size_t wanted) {
  HUTONG_TRY(const std::size_t ready, available(wanted));
  return ByteView(buffer_).subspan(begin_, static_cast<std::size_t>(std::min<std::uint64_t>(ready, left())));
}

/// Most messages are DER: then a part is looked through in the buffer and copied at once.
Result<std::optional<Bytes>> BerStream::capture_plain() {
  HUTONG_TRY(const ByteView front, waiting(kLongestPlainHeader));
  const auto header = plain_header(front);
  if (!header || header->length > buffer_.size() - header->size) {
    return std::optional<Bytes>();
  }
  HUTONG_TRY(const ByteView octets, waiting(header->size + header->length));
  const auto element = plain_element(octets, kMostDepth - frames_.size());
  if (!element || element->budget > capture_left_) {
    return std::optional<Bytes>();
  }
  auto out = to_bytes(octets.first(element->size));
  capture_left_ -= element->budget;
  begin_ += element->size;
  offset_ += element->size;
  return std::optional(std::move(out));
}

Result<Bytes> BerStream::capture() {
  HUTONG_TRY(auto plain, capture_plain());
  if (plain) {
    return std::move(*plain);
  }
  Bytes out;
  HUTONG_CHECK(transcode(out));
  return out;
}

Result<Bytes> BerStream::capture(asn1::Tag tag) {
  HUTONG_TRY(const bool fits, next_is(tag));
  if (!fits) {
    return malformed("asn1.tag", "the structure is not that of a message: expected tag " +
                                     std::to_string(static_cast<int>(octet(tag))));
  }
  return capture();
}

Status BerStream::stream_parts(ByteSink& to, std::uint64_t& total) {
  for (;;) {
    HUTONG_TRY(const bool end, at_end());
    if (end) {
      return leave();
    }
    HUTONG_TRY(const std::uint64_t part, stream_string(asn1::Tag::kOctetString, to));
    total += part;
  }
}

Result<std::uint64_t> BerStream::stream_string(asn1::Tag tag, ByteSink& to) {
  HUTONG_TRY(const Header header, take_header());
  if (header.tag == octet(tag)) {
    HUTONG_CHECK(pass(header.length, to));
    return header.length;
  }
  if (header.tag != (octet(tag) | kConstructed)) {
    return malformed("asn1.tag", "expected an OCTET STRING");
  }
  saw_ber_ = true;
  HUTONG_CHECK(push(header));
  std::uint64_t total = 0;
  HUTONG_CHECK(stream_parts(to, total));
  return total;
}

Result<std::uint64_t> BerStream::stream_content(ByteSink& to) {
  HUTONG_TRY(const Header header, take_header());
  if (!header.indefinite) {
    HUTONG_CHECK(pass(header.length, to));
    return header.length;
  }
  HUTONG_CHECK(push(header));
  std::uint64_t total = 0;
  for (;;) {
    HUTONG_TRY(const bool end, at_end());
    if (end) {
      HUTONG_CHECK(leave());
      return total;
    }
    HUTONG_TRY(const Bytes element, capture());
    HUTONG_CHECK(to.write(element));
    total += element.size();
  }
}

}  // namespace hutong::cms::internal
