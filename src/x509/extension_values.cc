#include <algorithm>
#include <array>

#include "asn1/oids.h"
#include "x509/extensions.h"
#include "x509/internal/extension_reading.h"

/// Extensions about the key and its holder; policies and constraints are in extension_policies.cc, revocation
/// in extension_points.cc.
namespace hutong::x509 {
namespace {

using asn1::Oid;
using asn1::Reader;
using asn1::Tag;

struct NamedBit {
  KeyUsageBit bit;
  std::string_view name;
};
constexpr std::array kKeyUsageNames{
    NamedBit{KeyUsageBit::kDigitalSignature, "digitalSignature"},
    NamedBit{KeyUsageBit::kNonRepudiation, "nonRepudiation"},
    NamedBit{KeyUsageBit::kKeyEncipherment, "keyEncipherment"},
    NamedBit{KeyUsageBit::kDataEncipherment, "dataEncipherment"},
    NamedBit{KeyUsageBit::kKeyAgreement, "keyAgreement"},
    NamedBit{KeyUsageBit::kKeyCertSign, "keyCertSign"},
    NamedBit{KeyUsageBit::kCrlSign, "cRLSign"},
    NamedBit{KeyUsageBit::kEncipherOnly, "encipherOnly"},
    NamedBit{KeyUsageBit::kDecipherOnly, "decipherOnly"},
};

/// The octets of the bit list with the bits that count as unused cleared.
std::uint16_t usage_bits(ByteView octets, unsigned unused) {
  std::uint16_t bits = 0;
  const std::size_t total = octets.size() * 8 - (octets.empty() ? 0 : unused);
  for (std::size_t i = 0; i < std::min<std::size_t>(total, 9); ++i) {
    if ((octets[i / 8] >> (7 - i % 8) & 1) != 0) {
      bits = static_cast<std::uint16_t>(bits | 1U << i);
    }
  }
  return bits;
}

bool is_der_bit_list(ByteView octets, unsigned unused) {
  if (octets.empty()) {
    return unused == 0;
  }
  const unsigned last = octets.back();
  return last != 0 && (last & ((1U << unused) - 1)) == 0 && (last >> unused & 1) != 0;
}

}  // namespace

bool KeyUsage::can_sign() const {
  return has(KeyUsageBit::kDigitalSignature) || has(KeyUsageBit::kNonRepudiation);
}

bool KeyUsage::can_encrypt() const {
  return has(KeyUsageBit::kKeyEncipherment) || has(KeyUsageBit::kDataEncipherment) ||
         has(KeyUsageBit::kKeyAgreement);
}

std::vector<std::string_view> KeyUsage::names() const {
  std::vector<std::string_view> names;
  for (const NamedBit& named : kKeyUsageNames) {
    if (has(named.bit)) {
      names.push_back(named.name);
    }
  }
  return names;
}

Result<KeyUsage> parse_key_usage(ByteView value, QuirkRecorder& quirks) {
  Reader reader(value);
  HUTONG_TRY(const ByteView content, reader.read(Tag::kBitString));
  HUTONG_CHECK(reader.finish());
  if (content.empty() || content[0] > 7) {
    return Error{Errc::kMalformed, "ext.key_usage", "keyUsage is not a BIT STRING"};
  }
  const ByteView octets = content.subspan(1);
  if (!is_der_bit_list(octets, content[0])) {
    HUTONG_CHECK(quirks.meet(Quirk::kKeyUsageUnusedBits));
  }
  const KeyUsage usage{usage_bits(octets, content[0])};
  if (usage.bits == 0) {
    HUTONG_CHECK(quirks.meet(Quirk::kKeyUsageEmpty));
  }
  return usage;
}

Result<BasicConstraints> parse_basic_constraints(ByteView value, QuirkRecorder& quirks) {
  HUTONG_TRY(Reader fields, internal::enter_only_sequence(value));
  BasicConstraints constraints;
  if (fields.at_end()) {
    HUTONG_CHECK(quirks.meet(Quirk::kBasicConstraintsEmpty));
  }
  if (fields.next_is(Tag::kBoolean)) {
    HUTONG_TRY(constraints.ca, fields.read_boolean());
    if (!constraints.ca) {
      HUTONG_CHECK(quirks.meet(Quirk::kBasicConstraintsExplicitFalse));
    }
  }
  if (!fields.at_end()) {
    HUTONG_TRY(const ByteView length, fields.read_integer());
    HUTONG_TRY(const std::uint32_t path_length, internal::capped_number(length));
    constraints.path_length = path_length;
  }
  HUTONG_CHECK(fields.finish());
  return constraints;
}

Result<AuthorityKeyIdentifier> parse_authority_key_identifier(ByteView value, QuirkRecorder& quirks) {
  HUTONG_TRY(Reader fields, internal::enter_only_sequence(value));
  AuthorityKeyIdentifier identifier;
  HUTONG_TRY(identifier.key_identifier, fields.read_optional(asn1::context(0)));
  HUTONG_TRY(const auto issuer, fields.read_optional(asn1::context_constructed(1)));
  if (issuer) {
    HUTONG_TRY(identifier.issuer, parse_general_names(*issuer, quirks));
  }
  HUTONG_TRY(const auto serial, fields.read_optional(asn1::context(2)));
  if (serial) {
    HUTONG_TRY(identifier.serial, Serial::from_content(*serial));
  }
  HUTONG_CHECK(fields.finish());
  return identifier;
}

Result<ByteView> parse_subject_key_identifier(ByteView value) {
  Reader reader(value);
  HUTONG_TRY(const ByteView identifier, reader.read_octet_string());
  HUTONG_CHECK(reader.finish());
  return identifier;
}

bool ExtendedKeyUsage::has(const Oid& purpose) const {
  return std::ranges::find(purposes, purpose) != purposes.end();
}

Result<ExtendedKeyUsage> parse_extended_key_usage(ByteView value) {
  HUTONG_TRY(Reader list, internal::enter_only_list(value));
  ExtendedKeyUsage usage;
  while (!list.at_end()) {
    HUTONG_TRY(const Oid purpose, list.read_oid());
    usage.purposes.push_back(purpose);
  }
  return usage;
}

Result<std::vector<GeneralName>> parse_alternative_names(ByteView value, QuirkRecorder& quirks) {
  Reader reader(value);
  HUTONG_TRY(const ByteView content, reader.read(Tag::kSequence));
  HUTONG_CHECK(reader.finish());
  return parse_general_names(content, quirks);
}

Result<std::vector<AccessDescription>> parse_access_descriptions(ByteView value, QuirkRecorder& quirks) {
  HUTONG_TRY(Reader list, internal::enter_only_list(value));
  std::vector<AccessDescription> accesses;
  while (!list.at_end()) {
    HUTONG_TRY(Reader fields, list.enter_sequence());
    HUTONG_TRY(const Oid method, fields.read_oid());
    HUTONG_TRY(GeneralName location, parse_general_name(fields, quirks));
    HUTONG_CHECK(fields.finish());
    accesses.push_back({method, std::move(location)});
  }
  return accesses;
}

Result<PrivateKeyUsagePeriod> parse_private_key_usage_period(ByteView value) {
  HUTONG_TRY(Reader fields, internal::enter_only_sequence(value));
  PrivateKeyUsagePeriod period;
  HUTONG_TRY(const auto not_before, fields.read_optional(asn1::context(0)));
  if (not_before) {
    HUTONG_TRY(period.not_before, asn1::generalized_time_from(*not_before));
  }
  HUTONG_TRY(const auto not_after, fields.read_optional(asn1::context(1)));
  if (not_after) {
    HUTONG_TRY(period.not_after, asn1::generalized_time_from(*not_after));
  }
  HUTONG_CHECK(fields.finish());
  return period;
}

Result<std::vector<DirectoryAttribute>> parse_directory_attributes(ByteView value) {
  HUTONG_TRY(Reader list, internal::enter_only_list(value));
  std::vector<DirectoryAttribute> attributes;
  while (!list.at_end()) {
    HUTONG_TRY(Reader fields, list.enter_sequence());
    DirectoryAttribute attribute;
    HUTONG_TRY(attribute.type, fields.read_oid());
    HUTONG_TRY(Reader values, fields.enter(Tag::kSet));
    HUTONG_CHECK(fields.finish());
    while (!values.at_end()) {
      HUTONG_TRY(const asn1::Element element, values.read_any());
      attribute.values.push_back(element.encoded);
    }
    attributes.push_back(std::move(attribute));
  }
  return attributes;
}

}  // namespace hutong::x509
