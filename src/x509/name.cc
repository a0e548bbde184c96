#include "x509/name.h"

#include <algorithm>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "asn1/writer.h"
#include "base/encoding.h"
#include "x509/internal/lazy.h"
#include "x509/internal/name_text.h"

namespace hutong::x509 {

struct Name::Impl {
  Bytes der;
  std::vector<NameAttribute> attributes;  ///< views into der
  std::size_t rdn_count = 0;
  internal::Lazy<Bytes> key = {};         ///< most names of messages are compared by their DER alone
  internal::Lazy<std::string> text = {};  ///< in the order of RFC 4514
};

namespace {

using asn1::Oid;
using asn1::Reader;
using asn1::Tag;
namespace oids = asn1::oids;

Status check_text(const NameAttribute& attribute, QuirkRecorder& quirks) {
  switch (attribute.tag) {
    case Tag::kPrintableString:
      return internal::is_printable_string(attribute.value) ? ok()
                                                            : quirks.meet(Quirk::kNamePrintableCharacters);
    case Tag::kIa5String:
      return internal::is_ascii(attribute.value) ? ok() : quirks.meet(Quirk::kNameIa5NotAscii);
    case Tag::kUtf8String:
      return is_utf8(as_text(attribute.value)) ? ok() : quirks.meet(Quirk::kNameInvalidUtf8);
    default:
      break;
  }
  if (!internal::is_string_tag(attribute.tag)) {
    return attribute.type == oids::kUniqueIdentifier ? ok() : quirks.meet(Quirk::kNameOddValue);
  }
  HUTONG_CHECK(quirks.meet(Quirk::kNameLegacyString));
  return internal::decode_string(attribute.tag, attribute.value) ? ok()
                                                                 : quirks.meet(Quirk::kNameInvalidUtf8);
}

Status check_attribute(const NameAttribute& attribute, QuirkRecorder& quirks) {
  HUTONG_CHECK(check_text(attribute, quirks));
  const auto lower = [](std::uint8_t c) { return c >= 'a' && c <= 'z'; };
  if (attribute.type == oids::kCountry && std::ranges::any_of(attribute.value, lower)) {
    HUTONG_CHECK(quirks.meet(Quirk::kNameLowerCaseCountry));
  }
  if (attribute.type == oids::kUniqueIdentifier && internal::is_string_tag(attribute.tag)) {
    HUTONG_CHECK(quirks.meet(Quirk::kNameUniqueIdentifierText));
  }
  return ok();
}

Result<NameAttribute> read_attribute(Reader& set, std::size_t rdn) {
  HUTONG_TRY(Reader pair, set.enter_sequence());
  HUTONG_TRY(const Oid type, pair.read_oid());
  HUTONG_TRY(const asn1::Element value, pair.read_any());
  HUTONG_CHECK(pair.finish());
  return NameAttribute{type, value.tag, value.content, value.encoded, rdn};
}

Status read_rdn(Reader& set, std::size_t rdn, std::vector<NameAttribute>& attributes, QuirkRecorder& quirks) {
  if (set.at_end()) {
    HUTONG_CHECK(quirks.meet(Quirk::kNameEmptyRdn));
  }
  for (ByteView last; !set.at_end();) {
    const ByteView before = set.rest();
    HUTONG_TRY(const NameAttribute attribute, read_attribute(set, rdn));
    const ByteView encoded = before.first(before.size() - set.rest().size());
    if (less(encoded, last)) {
      HUTONG_CHECK(quirks.meet(Quirk::kNameSetOrder));
    }
    last = encoded;
    HUTONG_CHECK(check_attribute(attribute, quirks));
    attributes.push_back(attribute);
  }
  return ok();
}

void append_size(Bytes& out, std::size_t size) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(size >> shift));
  }
}

void set_size(Bytes& out, std::size_t at, std::size_t size) {
  for (std::size_t i = 0; i < 4; ++i) {
    out[at + i] = static_cast<std::uint8_t>(size >> (24 - 8 * i));
  }
}

/// Type, a mark, and what is compared of the value: its text, or the whole DER when it is no text.
void append_attribute_key(Bytes& out, const NameAttribute& attribute) {
  out.push_back(static_cast<std::uint8_t>(attribute.type.content().size()));
  append(out, attribute.type.content());
  const std::size_t size_at = out.size() + 1;
  const bool plain = (attribute.tag == Tag::kUtf8String || attribute.tag == Tag::kPrintableString ||
                      attribute.tag == Tag::kIa5String) &&
                     is_utf8(as_text(attribute.value));
  const auto text = plain ? std::nullopt : internal::decode_string(attribute.tag, attribute.value);
  out.push_back(plain || text ? 1 : 0);
  append_size(out, 0);
  if (plain) {
    internal::append_comparable(out, as_text(attribute.value));
  } else if (text) {
    internal::append_comparable(out, *text);
  } else {
    append(out, attribute.value_der);
  }
  set_size(out, size_at, out.size() - size_at - 4);
}

void append_rdn_key(Bytes& key, std::span<const NameAttribute> rdn) {
  const std::size_t size_at = key.size();
  append_size(key, 0);
  if (rdn.size() == 1) {
    append_attribute_key(key, rdn.front());
  } else {
    std::vector<Bytes> parts(rdn.size());
    for (std::size_t i = 0; i < rdn.size(); ++i) {
      append_attribute_key(parts[i], rdn[i]);
    }
    std::ranges::sort(parts);
    for (const Bytes& part : parts) {
      append(key, part);
    }
  }
  set_size(key, size_at, key.size() - size_at - 4);
}

Bytes key_of(std::span<const NameAttribute> attributes) {
  Bytes key;
  key.reserve(attributes.size() * 32);
  while (!attributes.empty()) {
    const auto ends = std::ranges::find_if(
        attributes, [rdn = attributes.front().rdn](const NameAttribute& a) { return a.rdn != rdn; });
    const auto size = static_cast<std::size_t>(ends - attributes.begin());
    append_rdn_key(key, attributes.first(size));
    attributes = attributes.subspan(size);
  }
  return key;
}

std::string type_text(const Oid& type) {
  const AttributeName* known = attribute_name(type);
  return known != nullptr ? std::string(known->short_name) : type.to_string();
}

std::string attribute_text(const NameAttribute& attribute) {
  const bool hexadecimal = !attribute.is_text() || attribute_name(attribute.type) == nullptr;
  return type_text(attribute.type) + "=" +
         (hexadecimal ? "#" + to_hex(attribute.value_der) : internal::escape_value(attribute.text()));
}

std::string text_of_all(std::span<const NameAttribute> attributes, std::size_t rdn_count, NameOrder order) {
  std::vector<std::string> rdns(rdn_count);
  for (const NameAttribute& attribute : attributes) {
    std::string& rdn = rdns[attribute.rdn];
    rdn += (rdn.empty() ? "" : "+") + attribute_text(attribute);
  }
  if (order == NameOrder::kRfc4514) {
    std::ranges::reverse(rdns);
  }
  std::string text;
  for (const std::string& rdn : rdns) {
    text += (text.empty() ? "" : ",") + rdn;
  }
  return text;
}

}  // namespace

bool NameAttribute::is_text() const { return internal::is_string_tag(tag); }

std::string NameAttribute::text() const {
  return is_text() ? internal::decode_string_lossy(tag, value) : "#" + to_hex(value_der);
}

Name::Name() {
  static const auto kEmpty = [] {
    auto impl = std::make_shared<Impl>();
    impl->der = {0x30, 0x00};
    return impl;
  }();
  impl_ = kEmpty;
}

Result<Name> Name::parse(ByteView der) {
  QuirkRecorder quirks;
  return parse(der, quirks);
}

Result<Name> Name::parse(ByteView der, QuirkRecorder& quirks) {
  auto impl = std::make_shared<Impl>();
  impl->der = to_bytes(der);
  Reader outer(impl->der);
  HUTONG_TRY(Reader rdns, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  while (!rdns.at_end()) {
    HUTONG_TRY(Reader set, rdns.enter(Tag::kSet));
    HUTONG_CHECK(read_rdn(set, impl->rdn_count, impl->attributes, quirks));
    ++impl->rdn_count;
  }
  return Name(std::move(impl));
}

ByteView Name::der() const& { return impl_->der; }
std::span<const NameAttribute> Name::attributes() const& { return impl_->attributes; }
std::size_t Name::rdn_count() const { return impl_->rdn_count; }
ByteView Name::key() const& {
  return impl_->key.get([this] { return key_of(impl_->attributes); });
}
std::size_t Name::hash() const { return std::hash<std::string_view>()(as_text(key())); }

const NameAttribute* Name::find(const Oid& type) const& {
  const auto found = std::find_if(impl_->attributes.rbegin(), impl_->attributes.rend(),
                                  [&type](const NameAttribute& a) { return a.type == type; });
  return found == impl_->attributes.rend() ? nullptr : &*found;
}

std::string Name::text_of(const Oid& type) const {
  const NameAttribute* attribute = find(type);
  return attribute == nullptr ? std::string() : attribute->text();
}

std::string Name::display() const {
  for (const Oid& type : {oids::kCommonName, oids::kOrganizationalUnit, oids::kOrganization}) {
    if (const NameAttribute* attribute = find(type); attribute != nullptr) {
      return attribute->text();
    }
  }
  return empty() ? std::string() : impl_->attributes.back().text();
}

std::string Name::to_string(NameOrder order) const {
  const auto make = [&] { return text_of_all(impl_->attributes, impl_->rdn_count, order); };
  return order == NameOrder::kRfc4514 ? impl_->text.get(make) : make();
}

bool Name::is_within(const Name& base) const {
  const ByteView prefix = base.key();
  return prefix.size() <= key().size() && equal(key().first(prefix.size()), prefix);
}

Result<Name> Name::with_rdn(ByteView rdn_content) const {
  HUTONG_TRY(const ByteView rdns, Reader(der()).read(Tag::kSequence));
  asn1::Writer out;
  out.sequence([&](asn1::Writer& body) {
    body.raw(rdns);
    body.element(Tag::kSet, rdn_content);
  });
  return parse(out.view());
}

bool same_text(std::string_view a, std::string_view b) {
  Bytes first;
  Bytes second;
  internal::append_comparable(first, a);
  internal::append_comparable(second, b);
  return first == second;
}

}  // namespace hutong::x509
