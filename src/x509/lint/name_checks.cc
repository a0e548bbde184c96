#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "asn1/oids.h"
#include "base/encoding.h"
#include "x509/lint/checks.h"

namespace hutong::x509::lint {
namespace {

namespace oids = asn1::oids;
using asn1::Tag;

/// "CN=…" for the detail of a finding.
std::string shown(const NameAttribute& attribute) {
  const auto* known = attribute_name(attribute.type);
  const bool has_short_name = known != nullptr && !known->short_name.empty();
  return (has_short_name ? std::string(known->short_name) : attribute.type.to_string()) + "=" +
         attribute.text();
}

template <typename Wrong>
Lapse first_where(const Name& name, Wrong wrong) {
  for (const auto& attribute : name.attributes()) {
    if (wrong(attribute)) {
      return shown(attribute);
    }
  }
  return std::nullopt;
}

bool is_letter(std::uint8_t c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/// X.680 41.4.
bool is_printable(std::uint8_t c) {
  return is_letter(c) || (c >= '0' && c <= '9') ||
         std::string_view(" '()+,-./:=?").find(static_cast<char>(c)) != std::string_view::npos;
}

bool fits_its_type(const NameAttribute& attribute) {
  switch (attribute.tag) {
    case Tag::kPrintableString:
      return std::ranges::all_of(attribute.value, is_printable);
    case Tag::kIa5String:
    case Tag::kVisibleString:
      return is_ascii(as_text(attribute.value));
    case Tag::kNumericString:
      return std::ranges::all_of(attribute.value,
                                 [](std::uint8_t c) { return c == ' ' || (c >= '0' && c <= '9'); });
    case Tag::kUtf8String:
      return is_utf8(as_text(attribute.value));
    case Tag::kBmpString:
      return utf16be_to_utf8(attribute.value).has_value();
    case Tag::kUniversalString:
      return utf32be_to_utf8(attribute.value).has_value();
    default:
      return true;
  }
}

/// Attributes whose string type is fixed by X.520 and not DirectoryString.
bool has_fixed_type(const asn1::Oid& type) {
  static constexpr std::array kFixed{oids::kCountry,      oids::kSerialNumber,    oids::kDnQualifier,
                                     oids::kEmailAddress, oids::kDomainComponent, oids::kUniqueIdentifier};
  return std::ranges::find(kFixed, type) != kFixed.end();
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// ub-… of RFC 5280 appendix A.1, in characters.
std::optional<std::size_t> upper_bound_of(const asn1::Oid& type) {
  static const std::map<asn1::Oid, std::size_t> kBounds{
      {oids::kCommonName, 64}, {oids::kOrganization, 64},     {oids::kOrganizationalUnit, 64},
      {oids::kLocality, 128},  {oids::kStateOrProvince, 128}, {oids::kSerialNumber, 64},
      {oids::kTitle, 64},      {oids::kPseudonym, 128},       {oids::kEmailAddress, 255},
      {oids::kSurname, 32768}, {oids::kGivenName, 32768}};
  const auto found = kBounds.find(type);
  return found == kBounds.end() ? std::nullopt : std::optional(found->second);
}

bool is_country(const NameAttribute& attribute) { return attribute.type == oids::kCountry; }

}  // namespace

Lapse rdn_with_several_attributes(const Name& name) {
  const auto attributes = name.attributes();
  const auto same =
      std::ranges::adjacent_find(attributes, [](const auto& a, const auto& b) { return a.rdn == b.rdn; });
  return same == attributes.end() ? std::nullopt : Lapse(shown(*same) + "+" + shown(*std::next(same)));
}

Lapse name_order_unusual(const Name& name) {
  const auto attributes = name.attributes();
  const bool late_country = name.find(oids::kCountry) != nullptr && attributes.front().type != oids::kCountry;
  const bool early_common_name =
      name.find(oids::kCommonName) != nullptr && attributes.back().type != oids::kCommonName;
  return late_country || early_common_name ? Lapse(name.to_string(NameOrder::kEncoded)) : std::nullopt;
}

Lapse country_not_two_letters(const Name& name) {
  return first_where(name, [](const auto& attribute) {
    return is_country(attribute) &&
           (attribute.value.size() != 2 || !std::ranges::all_of(attribute.value, is_letter));
  });
}

Lapse country_not_upper_case(const Name& name) {
  return first_where(name, [](const auto& attribute) {
    return is_country(attribute) &&
           std::ranges::any_of(attribute.value, [](std::uint8_t c) { return c >= 'a' && c <= 'z'; });
  });
}

Lapse country_not_printable(const Name& name) {
  return first_where(name, [](const auto& attribute) {
    return is_country(attribute) && attribute.tag != Tag::kPrintableString;
  });
}

Lapse legacy_string(const Name& name) {
  return first_where(name, [](const auto& attribute) {
    return !has_fixed_type(attribute.type) &&
           (attribute.tag == Tag::kT61String || attribute.tag == Tag::kBmpString ||
            attribute.tag == Tag::kUniversalString);
  });
}

Lapse printable_instead_of_utf8(const Name& name) {
  return first_where(name, [](const auto& attribute) {
    return !has_fixed_type(attribute.type) && attribute.tag == Tag::kPrintableString;
  });
}

Lapse email_not_ia5(const Name& name) {
  return first_where(name, [](const auto& attribute) {
    return attribute.type == oids::kEmailAddress &&
           (attribute.tag != Tag::kIa5String || !is_ascii(as_text(attribute.value)));
  });
}

Lapse serial_number_not_printable(const Name& name) {
  return first_where(name, [](const auto& attribute) {
    return attribute.type == oids::kSerialNumber && attribute.tag != Tag::kPrintableString;
  });
}

Lapse domain_component_not_ia5(const Name& name) {
  return first_where(name, [](const auto& attribute) {
    return attribute.type == oids::kDomainComponent && attribute.tag != Tag::kIa5String;
  });
}

Lapse characters_outside_type(const Name& name) {
  return first_where(name, [](const auto& attribute) { return !fits_its_type(attribute); });
}

Lapse longer_than_upper_bound(const Name& name) {
  return first_where(name, [](const auto& attribute) {
    const auto bound = upper_bound_of(attribute.type);
    return bound && characters(attribute.text()) > *bound;
  });
}

Lapse blank_at_border(const Name& name) {
  return first_where(name, [](const auto& attribute) {
    const std::string text = attribute.text();
    return text.empty() || text.front() == ' ' || text.back() == ' ';
  });
}

Lapse control_character(const Name& name) {
  return first_where(name, [](const auto& attribute) {
    return std::ranges::any_of(attribute.text(),
                               [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  });
}

Lapse attribute_twice(const Name& name) {
  std::set<std::pair<asn1::Oid, std::string>> seen;
  bool country = false;
  return first_where(name, [&](const auto& attribute) {
    const bool second_country = is_country(attribute) && country;
    country = country || is_country(attribute);
    return second_country || !seen.emplace(attribute.type, attribute.text()).second;
  });
}

Lapse unique_identifier_not_bits(const Name& name) {
  return first_where(name, [](const auto& attribute) {
    return attribute.type == oids::kUniqueIdentifier && attribute.tag != Tag::kBitString;
  });
}

Lapse attribute_value_not_string(const Name& name) {
  return first_where(name, [](const auto& attribute) {
    return attribute.type != oids::kUniqueIdentifier && !attribute.is_text();
  });
}

}  // namespace hutong::x509::lint
