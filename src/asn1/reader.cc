#include "asn1/reader.h"

#include <string>

namespace hutong::asn1 {
namespace {

Error malformed(std::string_view reason, std::string detail) {
  return {Errc::kMalformed, reason, std::move(detail)};
}

/// Two decimal digits at `at`; -1 when they are not digits.
int two_digits(ByteView text, std::size_t at) {
  const auto digit = [&text](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : -1; };
  const int high = digit(at);
  const int low = digit(at + 1);
  return high < 0 || low < 0 ? -1 : high * 10 + low;
}

/// Month to second, ten digits and "Z" from `at` on.
Result<Time> time_from(int year, ByteView text, std::size_t at) {
  const CivilTime civil{year,
                        two_digits(text, at),
                        two_digits(text, at + 2),
                        two_digits(text, at + 4),
                        two_digits(text, at + 6),
                        two_digits(text, at + 8)};
  auto time = civil.month < 0 || civil.day < 0 ? Result<Time>(malformed("asn1.time", "")) : from_civil(civil);
  if (!time || text[at + 10] != 'Z') {
    return malformed("asn1.time", "not a time in the form of RFC 5280 4.1.2.5");
  }
  return time;
}

/// Why the next element cannot be read.
enum class Fault : std::uint8_t {
  kNone,
  kEnd,
  kHighTag,
  kIndefinite,
  kLongLength,
  kEndInLength,
  kPaddedLength,
  kTooLong,
  kOtherTag,
};

/// The element at the front, without a word on the way: most elements are as they should be.
Fault look(ByteView rest, Element& element) {
  if (rest.size() < 2) {
    return Fault::kEnd;
  }
  if ((rest[0] & 0x1F) == 0x1F) {
    return Fault::kHighTag;
  }
  std::size_t header = 2;
  std::size_t length = rest[1];
  if (length >= 0x80) {
    const std::size_t octets = length & 0x7F;
    if (octets == 0 || octets > 4) {
      return octets == 0 ? Fault::kIndefinite : Fault::kLongLength;
    }
    if (rest.size() < 2 + octets) {
      return Fault::kEndInLength;
    }
    length = 0;
    for (std::size_t i = 0; i < octets; ++i) {
      length = length << 8 | rest[2 + i];
    }
    if (length < 0x80 || rest[2] == 0) {
      return Fault::kPaddedLength;
    }
    header += octets;
  }
  if (length > rest.size() - header) {
    return Fault::kTooLong;
  }
  element = {static_cast<Tag>(rest[0]), rest.subspan(header, length), rest.first(header + length)};
  return Fault::kNone;
}

Fault look(ByteView rest, Tag tag, Element& element) {
  const Fault fault = look(rest, element);
  return fault == Fault::kNone && element.tag != tag ? Fault::kOtherTag : fault;
}

[[gnu::cold]] Error error_of(Fault fault, ByteView rest, Tag expected = {}) {
  switch (fault) {
    case Fault::kEnd:
      return malformed("asn1.truncated", "the structure ends where an element is expected");
    case Fault::kHighTag:
      return malformed("asn1.high_tag", "tag numbers above 30 are not used here");
    case Fault::kIndefinite:
      return malformed("asn1.length", "indefinite length is not DER");
    case Fault::kLongLength:
      return malformed("asn1.length", "a length of more than 4 octets");
    case Fault::kEndInLength:
      return malformed("asn1.truncated", "the structure ends inside a length");
    case Fault::kPaddedLength:
      return malformed("asn1.length", "the length is not written in its shortest form");
    case Fault::kTooLong:
      return malformed("asn1.truncated", "an element claims more octets than the " +
                                             std::to_string(rest.size()) + " that are left with its header");
    case Fault::kOtherTag:
    case Fault::kNone:
      break;
  }
  return malformed("asn1.tag", "expected tag " + std::to_string(static_cast<int>(expected)) + ", found " +
                                   std::to_string(static_cast<int>(rest[0])));
}

}  // namespace

bool BitString::bit(std::size_t index) const {
  const std::size_t octet = index / 8;
  return octet < octets.size() && (octets[octet] >> (7 - index % 8) & 1) != 0;
}

Status Reader::finish() const {
  if (!rest_.empty()) {
    return malformed("asn1.trailing_data",
                     std::to_string(rest_.size()) + " octets follow the end of the structure");
  }
  return ok();
}

Result<Element> Reader::parse_next() const {
  Element element{};
  if (const Fault fault = look(rest_, element); fault != Fault::kNone) {
    return error_of(fault, rest_);
  }
  return element;
}

Result<Element> Reader::read_any() {
  HUTONG_TRY(const Element element, parse_next());
  rest_ = rest_.subspan(element.encoded.size());
  return element;
}

Result<Element> Reader::read_element(Tag tag) {
  Element element{};
  if (const Fault fault = look(rest_, tag, element); fault != Fault::kNone) {
    return error_of(fault, rest_, tag);
  }
  rest_ = rest_.subspan(element.encoded.size());
  return element;
}

Result<ByteView> Reader::read(Tag tag) {
  Element element{};
  if (const Fault fault = look(rest_, tag, element); fault != Fault::kNone) {
    return error_of(fault, rest_, tag);
  }
  rest_ = rest_.subspan(element.encoded.size());
  return element.content;
}

Result<std::optional<ByteView>> Reader::read_optional(Tag tag) {
  if (!next_is(tag)) {
    return std::optional<ByteView>();
  }
  HUTONG_TRY(const ByteView content, read(tag));
  return std::optional<ByteView>(content);
}

Result<Reader> Reader::nested(ByteView content) const {
  if (depth_left_ == 0) {
    return Error{Errc::kLimit, "asn1.depth", "structures are nested too deeply"};
  }
  return Reader(content, depth_left_ - 1);
}

Result<Reader> Reader::enter(Tag tag) {
  if (depth_left_ == 0) {
    return Error{Errc::kLimit, "asn1.depth", "structures are nested too deeply"};
  }
  Element element{};
  if (const Fault fault = look(rest_, tag, element); fault != Fault::kNone) {
    return error_of(fault, rest_, tag);
  }
  rest_ = rest_.subspan(element.encoded.size());
  return Reader(element.content, depth_left_ - 1);
}

Result<std::optional<Reader>> Reader::enter_optional(Tag tag) {
  if (!next_is(tag)) {
    return std::optional<Reader>();
  }
  HUTONG_TRY(const Reader inner, enter(tag));
  return std::optional<Reader>(inner);
}

Result<bool> Reader::read_boolean() {
  Reader attempt = *this;
  HUTONG_TRY(const ByteView content, attempt.read(Tag::kBoolean));
  if (content.size() != 1 || (content[0] != 0x00 && content[0] != 0xFF)) {
    return malformed("asn1.boolean", "a BOOLEAN is one octet, 00 or FF");
  }
  *this = attempt;
  return content[0] == 0xFF;
}

Status check_integer(ByteView content) {
  if (content.empty()) {
    return malformed("asn1.integer", "an INTEGER without octets");
  }
  const bool padded = content.size() > 1 && ((content[0] == 0x00 && (content[1] & 0x80) == 0) ||
                                             (content[0] == 0xFF && (content[1] & 0x80) != 0));
  if (padded) {
    return malformed("asn1.integer", "an INTEGER is not written in its shortest form");
  }
  return ok();
}

Result<std::uint64_t> small_from(ByteView content) {
  HUTONG_CHECK(check_integer(content));
  if (content.size() > 8 || (content[0] & 0x80) != 0) {
    return malformed("asn1.integer", "a number is negative or out of range");
  }
  std::uint64_t value = 0;
  for (const std::uint8_t octet : content) {
    value = value << 8 | octet;
  }
  return value;
}

Result<ByteView> Reader::read_integer() {
  Reader attempt = *this;
  HUTONG_TRY(const ByteView content, attempt.read(Tag::kInteger));
  HUTONG_CHECK(check_integer(content));
  *this = attempt;
  return content;
}

Result<ByteView> Reader::read_unsigned() {
  Reader attempt = *this;
  HUTONG_TRY(const ByteView content, attempt.read_integer());
  if ((content[0] & 0x80) != 0) {
    return malformed("asn1.integer", "a negative INTEGER where none is allowed");
  }
  *this = attempt;
  return content.size() > 1 && content[0] == 0 ? content.subspan(1) : content;
}

Result<std::uint64_t> Reader::read_small() {
  Reader attempt = *this;
  HUTONG_TRY(const ByteView content, attempt.read(Tag::kInteger));
  HUTONG_TRY(const std::uint64_t value, small_from(content));
  *this = attempt;
  return value;
}

Result<std::uint64_t> Reader::read_enumerated() {
  Reader attempt = *this;
  HUTONG_TRY(const ByteView content, attempt.read(Tag::kEnumerated));
  HUTONG_TRY(const std::uint64_t value, small_from(content));
  *this = attempt;
  return value;
}

Result<BitString> bit_string_from(ByteView content) {
  if (content.empty() || content[0] > 7 || (content.size() == 1 && content[0] != 0)) {
    return malformed("asn1.bit_string", "the count of unused bits is wrong");
  }
  const unsigned unused = content[0];
  if (unused > 0 && (content.back() & ((1U << unused) - 1)) != 0) {
    return malformed("asn1.bit_string", "unused bits are not zero");
  }
  return BitString{unused, content.subspan(1)};
}

Result<BitString> Reader::read_bit_string() {
  Reader attempt = *this;
  HUTONG_TRY(const ByteView content, attempt.read(Tag::kBitString));
  HUTONG_TRY(const BitString bits, bit_string_from(content));
  *this = attempt;
  return bits;
}

Result<ByteView> Reader::read_bit_string_octets() {
  Reader attempt = *this;
  HUTONG_TRY(const BitString bits, attempt.read_bit_string());
  if (bits.unused_bits != 0) {
    return malformed("asn1.bit_string", "a BIT STRING that holds octets has unused bits");
  }
  *this = attempt;
  return bits.octets;
}

Status Reader::read_null() {
  Reader attempt = *this;
  HUTONG_TRY(const ByteView content, attempt.read(Tag::kNull));
  if (!content.empty()) {
    return malformed("asn1.null", "a NULL with content");
  }
  *this = attempt;
  return ok();
}

Result<Oid> Reader::read_oid() {
  Reader attempt = *this;
  HUTONG_TRY(const ByteView content, attempt.read(Tag::kOid));
  HUTONG_TRY(const Oid oid, Oid::from_content(content));
  *this = attempt;
  return oid;
}

Result<Time> utc_time_from(ByteView content) {
  const int year = content.size() == 13 ? two_digits(content, 0) : -1;
  if (year < 0) {
    return malformed("asn1.time", "not a UTCTime in the form YYMMDDHHMMSSZ");
  }
  return time_from(year < 50 ? 2000 + year : 1900 + year, content, 2);
}

Result<Time> generalized_time_from(ByteView content) {
  const int century = content.size() == 15 ? two_digits(content, 0) : -1;
  const int year = century < 0 ? -1 : two_digits(content, 2);
  if (year < 0) {
    return malformed("asn1.time", "not a GeneralizedTime in the form YYYYMMDDHHMMSSZ");
  }
  return time_from(century * 100 + year, content, 4);
}

Result<TimeValue> Reader::read_time() {
  Reader attempt = *this;
  HUTONG_TRY(const Element element, attempt.read_any());
  if (element.tag != Tag::kUtcTime && element.tag != Tag::kGeneralizedTime) {
    return malformed("asn1.tag", "expected a UTCTime or GeneralizedTime");
  }
  HUTONG_TRY(const Time time, element.tag == Tag::kUtcTime ? utc_time_from(element.content)
                                                           : generalized_time_from(element.content));
  *this = attempt;
  return TimeValue{time, element.tag};
}

}  // namespace hutong::asn1
