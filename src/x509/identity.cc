#include "x509/identity.h"

#include <algorithm>
#include <array>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "base/encoding.h"
#include "x509/internal/name_text.h"

namespace hutong::x509 {
namespace {

using asn1::Oid;
using asn1::Tag;
namespace oids = asn1::oids;
using Kind = IdentityKind;

constexpr bool kExact = false;
constexpr bool kWithChildren = true;
constexpr bool kStandard = true;
constexpr bool kVendorArc = false;

constexpr std::array kArcs{
    IdentityArc{oids::kIdentityCode, kExact, kStandard, Kind::kPersonCode, "个人身份标识码", "identity code",
                ""},
    IdentityArc{oids::kInsuranceNumber, kExact, kStandard, Kind::kInsuranceNumber, "个人社会保险号",
                "social insurance number", ""},
    IdentityArc{oids::kIcRegistrationNumber, kExact, kStandard, Kind::kIcRegistrationNumber, "企业工商注册号",
                "business registration number", ""},
    IdentityArc{oids::kOrganizationCode, kExact, kStandard, Kind::kOrganizationCode, "企业组织机构代码",
                "organization code", ""},
    IdentityArc{oids::kTaxationNumber, kExact, kStandard, Kind::kTaxationNumber, "企业税号",
                "taxation number", ""},
    IdentityArc{oids::kResidentIdentityCard2023, kExact, kStandard, Kind::kResidentIdentityCard,
                "居民身份证号码", "resident identity card number", ""},
    IdentityArc{oids::kPassport2023, kExact, kStandard, Kind::kPassport, "护照号码", "passport number", ""},
    IdentityArc{Oid("1.2.156.10260.4.4"), kExact, kVendorArc, Kind::kUnifiedSocialCreditCode,
                "统一社会信用代码", "unified social credit code", "2023 edition, unresolved"},
    IdentityArc{Oid("1.2.156.10260.4.4.4"), kExact, kVendorArc, Kind::kUnifiedSocialCreditCode,
                "统一社会信用代码", "unified social credit code", "2023 edition, unresolved"},
    IdentityArc{Oid("1.2.86.11.7.1"), kExact, kVendorArc, Kind::kPersonCode, "身份标识", "identity",
                "older e-government set, JIT, CFCA"},
    IdentityArc{Oid("1.2.86.11.7.2"), kExact, kVendorArc, Kind::kVendor, "电子政务扩展 2",
                "e-government item 2", "older e-government set, tax"},
    IdentityArc{Oid("1.2.86.11.7.3"), kExact, kVendorArc, Kind::kVendor, "工商注册号或组织机构代码",
                "business registration number or organization code", "older e-government set, tax"},
    IdentityArc{Oid("1.2.86.11.7.4"), kExact, kVendorArc, Kind::kVendor, "统一社会信用代码或工商注册号",
                "unified social credit code or business registration number", "older e-government set"},
    IdentityArc{Oid("1.2.86.11.7.5"), kExact, kVendorArc, Kind::kTaxationNumber, "税号", "taxation number",
                "older e-government set, tax"},
    IdentityArc{Oid("1.2.86.11.7"), kWithChildren, kVendorArc, Kind::kVendor, "电子政务扩展",
                "e-government item", "older e-government set"},
    IdentityArc{Oid("1.2.156.11.7.1"), kExact, kVendorArc, Kind::kPersonCode, "身份标识", "identity",
                "e-government profile of 2010"},
    IdentityArc{Oid("1.2.156.11.7.2"), kExact, kVendorArc, Kind::kInsuranceNumber, "社会保险号",
                "social insurance number", "e-government profile of 2010"},
    IdentityArc{Oid("1.2.156.11.7.3"), kExact, kVendorArc, Kind::kOrganizationCode, "组织机构代码",
                "organization code", "e-government profile of 2010"},
    IdentityArc{Oid("1.2.156.11.7.4"), kExact, kVendorArc, Kind::kIcRegistrationNumber, "工商注册号",
                "business registration number", "e-government profile of 2010"},
    IdentityArc{Oid("1.2.156.11.7.5"), kExact, kVendorArc, Kind::kTaxationNumber, "税号", "taxation number",
                "e-government profile of 2010"},
    IdentityArc{Oid("1.2.86.21.1.1"), kExact, kVendorArc, Kind::kVendor, "卫生系统人员唯一标识",
                "unique id of a person", "health sector"},
    IdentityArc{Oid("1.2.86.21.1.3"), kExact, kVendorArc, Kind::kVendor, "信任服务号", "trust service number",
                "GDCA"},
    IdentityArc{Oid("1.2.156.1.8888.148"), kExact, kVendorArc, Kind::kVendor, "唯一标识", "unique identifier",
                "SHECA, old"},
    IdentityArc{Oid("1.2.156.112570.11.205"), kExact, kVendorArc, Kind::kVendor, "唯一标识",
                "unique identifier", "SHECA"},
    IdentityArc{Oid("1.2.156.112570.11.201"), kExact, kVendorArc, Kind::kVendor, "厂商扩展", "vendor item",
                "SHECA"},
    IdentityArc{Oid("1.2.156.112578.1"), kExact, kVendorArc, Kind::kVendor, "厂商扩展", "vendor item",
                "FJCA"},
    IdentityArc{Oid("1.2.156.112573.14"), kExact, kVendorArc, Kind::kVendor, "厂商扩展", "vendor item",
                "ZJCA"},
    IdentityArc{Oid("1.3.6.1.4.1.5315.100"), kWithChildren, kVendorArc, Kind::kVendor, "税务扩展", "tax item",
                "tax CAs"},
    IdentityArc{Oid("2.16.840.1.113731.9"), kExact, kVendorArc, Kind::kVendor, "税务扩展", "tax item",
                "tax CAs"},
    IdentityArc{Oid("2.16.840.1.113731.10"), kExact, kVendorArc, Kind::kVendor, "税务扩展", "tax item",
                "tax CAs"},
    IdentityArc{Oid("1.2.5.29.1"), kExact, kVendorArc, Kind::kVendor, "机构代码（裸文本）",
                "organization code as bare text", "YNCA"},
};

struct KindName {
  Kind kind;
  std::string_view en;
  std::string_view zh;
};
constexpr std::array kKindNames{
    KindName{Kind::kPersonCode, "person_code", "个人身份标识"},
    KindName{Kind::kResidentIdentityCard, "resident_identity_card", "居民身份证"},
    KindName{Kind::kMilitaryOfficerCard, "military_officer_card", "军官证"},
    KindName{Kind::kPassport, "passport", "护照"},
    KindName{Kind::kInsuranceNumber, "insurance_number", "社会保险号"},
    KindName{Kind::kIcRegistrationNumber, "ic_registration_number", "工商注册号"},
    KindName{Kind::kOrganizationCode, "organization_code", "组织机构代码"},
    KindName{Kind::kTaxationNumber, "taxation_number", "税号"},
    KindName{Kind::kUnifiedSocialCreditCode, "unified_social_credit_code", "统一社会信用代码"},
    KindName{Kind::kVendor, "vendor", "厂商扩展"},
};

bool covers(const IdentityArc& arc, const Oid& oid) {
  if (!arc.with_children) {
    return arc.oid == oid;
  }
  const ByteView prefix = arc.oid.content();
  const ByteView content = oid.content();
  return content.size() > prefix.size() && equal(content.first(prefix.size()), prefix);
}

std::optional<asn1::Element> only_element(ByteView value) {
  asn1::Reader reader(value);
  auto element = reader.read_any();
  return element && reader.at_end() ? std::optional(*element) : std::nullopt;
}

IdentityForm form_of(Tag tag) {
  switch (tag) {
    case Tag::kPrintableString:
      return IdentityForm::kPrintableString;
    case Tag::kUtf8String:
      return IdentityForm::kUtf8String;
    case Tag::kIa5String:
      return IdentityForm::kIa5String;
    case Tag::kBmpString:
      return IdentityForm::kBmpString;
    default:
      return IdentityForm::kOther;
  }
}

/// The card that a choice of IdentityCode names.
Kind card_of(unsigned choice) {
  constexpr std::array kCards{Kind::kResidentIdentityCard, Kind::kMilitaryOfficerCard, Kind::kPassport};
  return kCards.at(choice);
}

bool is_choice(Tag tag, std::uint8_t base) {
  const auto octet = static_cast<std::uint8_t>(tag);
  return octet >= base && octet <= base + 2;
}

/// [n] EXPLICIT holds a string element, [n] IMPLICIT the octets themselves.
void read_choice(const asn1::Element& element, IdentityValue& value) {
  const unsigned choice = static_cast<unsigned>(element.tag) & 0x03U;
  value.kind = value.kind == Kind::kPersonCode ? card_of(choice) : value.kind;
  value.form =
      asn1::is_constructed(element.tag) ? IdentityForm::kExplicitChoice : IdentityForm::kImplicitChoice;
  const auto inner = asn1::is_constructed(element.tag) ? only_element(element.content) : std::nullopt;
  value.text = inner && internal::is_string_tag(inner->tag)
                   ? internal::decode_string_lossy(inner->tag, inner->content)
                   : internal::to_valid_utf8(as_text(element.content));
}

void read_element(const asn1::Element& element, IdentityValue& value) {
  if (is_choice(element.tag, 0xA0) || is_choice(element.tag, 0x80)) {
    read_choice(element, value);
  } else if (internal::is_string_tag(element.tag)) {
    value.form = form_of(element.tag);
    value.text = internal::decode_string_lossy(element.tag, element.content);
  } else if (element.tag == Tag::kNull) {
    value.form = IdentityForm::kNull;
  } else {
    value.form = IdentityForm::kOther;
    value.text = "#" + to_hex(element.encoded);
  }
}

/// The recorder allows everything here or the caller does not care: a refusal does not stop the reading.
void note(QuirkRecorder& quirks, Quirk quirk) { static_cast<void>(quirks.meet(quirk).has_value()); }

void note_quirks(const IdentityArc* arc, const IdentityValue& value, QuirkRecorder& quirks) {
  if (value.form == IdentityForm::kRawText) {
    note(quirks, Quirk::kRawTextExtension);
  }
  if (arc == nullptr || !arc->standard) {
    return;
  }
  if (value.form == IdentityForm::kNull) {
    note(quirks, Quirk::kIdentityNull);
  }
  const bool bare = value.form == IdentityForm::kPrintableString || value.form == IdentityForm::kUtf8String ||
                    value.form == IdentityForm::kIa5String || value.form == IdentityForm::kBmpString;
  if (bare && value.form != IdentityForm::kPrintableString) {
    note(quirks, Quirk::kIdentityUtf8);
  }
  if (bare && arc->oid == oids::kIdentityCode) {
    note(quirks, Quirk::kIdentityWithoutChoice);
  }
}

}  // namespace

std::string_view to_string(IdentityKind kind) {
  return std::ranges::find(kKindNames, kind, &KindName::kind)->en;
}

std::string_view to_string_zh(IdentityKind kind) {
  return std::ranges::find(kKindNames, kind, &KindName::kind)->zh;
}

std::string_view to_string(IdentityForm form) {
  constexpr std::array<std::string_view, 9> kNames{
      "PrintableString", "UTF8String", "IA5String", "BMPString", "explicit_choice",
      "implicit_choice", "raw_text",   "null",      "other"};
  return kNames.at(static_cast<std::size_t>(form));
}

std::span<const IdentityArc> identity_arcs() { return kArcs; }

const IdentityArc* find_identity_arc(const Oid& oid) {
  const auto* found =
      std::ranges::find_if(kArcs, [&oid](const IdentityArc& arc) { return covers(arc, oid); });
  return found == kArcs.end() ? nullptr : found;
}

IdentityValue read_identity(const Extension& extension, QuirkRecorder& quirks) {
  const IdentityArc* arc = find_identity_arc(extension.oid);
  IdentityValue value;
  value.oid = extension.oid;
  value.kind = arc == nullptr ? Kind::kVendor : arc->kind;
  if (const auto element = only_element(extension.value)) {
    read_element(*element, value);
  } else {
    value.form = IdentityForm::kRawText;
    value.text = internal::to_valid_utf8(as_text(extension.value));
  }
  note_quirks(arc, value, quirks);
  return value;
}

std::vector<IdentityValue> read_identities(std::span<const Extension> extensions) {
  std::vector<IdentityValue> values;
  QuirkRecorder quirks(QuirkPolicy::everything());
  for (const Extension& extension : extensions) {
    if (find_identity_arc(extension.oid) != nullptr) {
      values.push_back(read_identity(extension, quirks));
    }
  }
  return values;
}

bool is_resident_identity_number(std::string_view text) {
  constexpr std::array<int, 17> kWeights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  if (text.size() != 18) {
    return false;
  }
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') {
      return false;
    }
    sum += kWeights[i] * (text[i] - '0');
  }
  const char last = text[17] == 'x' ? 'X' : text[17];
  return std::string_view("10X98765432")[static_cast<std::size_t>(sum % 11)] == last;
}

bool is_unified_social_credit_code(std::string_view text) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  if (text.size() != 18) {
    return false;
  }
  std::size_t sum = 0;
  std::size_t weight = 1;
  for (const char c : text.substr(0, 17)) {
    const auto digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) {
      return false;
    }
    sum += digit * weight;
    weight = weight * 3 % 31;
  }
  return kAlphabet[(31 - sum % 31) % 31] == text[17];
}

}  // namespace hutong::x509
