// Whatever a walk over all elements accepts is DER: it encodes to the same octets again, and so does every
// value that a typed read takes.

#include "asn1/reader.h"
#include "asn1/writer.h"
#include "fuzz/property.h"

namespace hutong::fuzz {
namespace {

using asn1::Reader;
using asn1::Tag;
using asn1::Writer;

template <typename Fill>
void require_same(const asn1::Element& element, const char* property, Fill&& fill) {
  Writer out;
  fill(out);
  require(equal(out.view(), element.encoded), property);
}

void check_integer(const asn1::Element& element) {
  if (const auto magnitude = Reader(element.encoded).read_unsigned()) {
    require_same(element, "INTEGER", [&](Writer& out) { out.unsigned_integer(*magnitude); });
  }
  if (const auto number = Reader(element.encoded).read_small()) {
    require_same(element, "small INTEGER", [&](Writer& out) { out.small(*number); });
  }
}

void check_oid(const asn1::Element& element) {
  const auto oid = Reader(element.encoded).read_oid();
  if (!oid) {
    return;
  }
  require_same(element, "OBJECT IDENTIFIER", [&](Writer& out) { out.oid(*oid); });
  const auto parsed = asn1::Oid::parse(oid->to_string());
  require(parsed && *parsed == *oid, "an OBJECT IDENTIFIER survives its dotted text");
}

void check_time(const asn1::Element& element) {
  const auto time = Reader(element.encoded).read_time();
  if (!time) {
    return;
  }
  require(time->written_as == element.tag, "a time knows its tag");
  require_same(element, "time", [&](Writer& out) {
    if (element.tag == Tag::kUtcTime) {
      out.time(time->time);
    } else {
      out.generalized_time(time->time);
    }
  });
}

void check_value(const asn1::Element& element) {
  switch (element.tag) {
    case Tag::kInteger:
      return check_integer(element);
    case Tag::kOid:
      return check_oid(element);
    case Tag::kUtcTime:
    case Tag::kGeneralizedTime:
      return check_time(element);
    case Tag::kBoolean:
      if (const auto value = Reader(element.encoded).read_boolean()) {
        require_same(element, "BOOLEAN", [&](Writer& out) { out.boolean(*value); });
      }
      return;
    case Tag::kBitString:
      if (const auto bits = Reader(element.encoded).read_bit_string()) {
        require_same(element, "BIT STRING",
                     [&](Writer& out) { out.bit_string(bits->octets, bits->unused_bits); });
      }
      return;
    default:
      return;
  }
}

/// False when the walk stops at something that is no DER.
bool copy(Reader in, Writer& out) {
  while (!in.at_end()) {
    Reader at = in;
    const auto element = in.read_any();
    if (!element) {
      require(equal(at.rest(), in.rest()), "a failed read leaves the reader where it was");
      return false;
    }
    if (!asn1::is_constructed(element->tag)) {
      check_value(*element);
      out.element(element->tag, element->content);
      continue;
    }
    auto inner = at.enter(element->tag);
    bool complete = inner.has_value();
    out.constructed(element->tag, [&](Writer& body) { complete = complete && copy(*inner, body); });
    if (!complete) {
      return false;
    }
  }
  return in.finish().has_value();
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hutong::ByteView input(data, size);
  hutong::asn1::Writer out;
  if (hutong::fuzz::copy(hutong::asn1::Reader(input), out)) {
    hutong::fuzz::require(hutong::equal(out.view(), input), "what a walk accepts encodes to the same octets");
  }
  return 0;
}
