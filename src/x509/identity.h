#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "asn1/oid.h"
#include "base/bytes.h"
#include "x509/extensions.h"
#include "x509/quirks.h"

namespace hutong::x509 {

/// What an identity value is about.
enum class IdentityKind : std::uint8_t {
  kPersonCode,               ///< identity code, card type not said
  kResidentIdentityCard,     ///< 居民身份证 (GB 11643)
  kMilitaryOfficerCard,      ///< 军官证
  kPassport,                 ///< 护照
  kInsuranceNumber,          ///< 社会保险号
  kIcRegistrationNumber,     ///< 工商注册号
  kOrganizationCode,         ///< 组织机构代码
  kTaxationNumber,           ///< 税号
  kUnifiedSocialCreditCode,  ///< 统一社会信用代码 (GB 32100)
  kVendor,                   ///< a vendor's own number; see the arc's note
};
std::string_view to_string(IdentityKind kind);     ///< "resident_identity_card" …
std::string_view to_string_zh(IdentityKind kind);  ///< "居民身份证" …

/// How the value stood in the extension: reported apart from the text, because lint cares and readers do not.
enum class IdentityForm : std::uint8_t {
  kPrintableString,
  kUtf8String,
  kIa5String,
  kBmpString,
  kExplicitChoice,  ///< [n] around a string
  kImplicitChoice,  ///< [n] over the octets
  kRawText,         ///< octets without any TLV
  kNull,            ///< NULL: no value
  kOther,           ///< something else; the text is "#" and hexadecimal
};
std::string_view to_string(IdentityForm form);

struct IdentityValue {
  asn1::Oid oid;
  IdentityKind kind = IdentityKind::kVendor;
  IdentityForm form = IdentityForm::kOther;
  std::string text;  ///< well-formed UTF-8
};

/// An arc under which an identity value was seen, as data. Meanings of vendor arcs differ between CAs: they
/// are hints for people, recognition by them must be configured per vendor.
struct IdentityArc {
  asn1::Oid oid;
  bool with_children;  ///< the arc covers everything below it
  bool standard;       ///< GM/T 0015 (the kind is certain), else a vendor's
  IdentityKind kind;
  std::string_view zh;
  std::string_view en;
  std::string_view note;  ///< who uses it; empty for the norm
};
std::span<const IdentityArc> identity_arcs();
const IdentityArc* find_identity_arc(const asn1::Oid& oid);

/// The reading algorithm for identity extensions (certificates sheet, section 4): never fails.
IdentityValue read_identity(const Extension& extension, QuirkRecorder& quirks);
/// The identity values of all extensions under known arcs, in order.
std::vector<IdentityValue> read_identities(std::span<const Extension> extensions);

/// Check digits: GB 11643 (18 characters) and GB 32100 (18 characters).
bool is_resident_identity_number(std::string_view text);
bool is_unified_social_credit_code(std::string_view text);

}  // namespace hutong::x509
