#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "asn1/oids.h"
#include "x509/identity.h"
#include "x509/lint/checks.h"
#include "x509/lint/rule.h"
#include "x509/lint/scopes.h"
#include "x509/mask_text.h"

/// Who the subject is: the identity extensions of GM/T 0015 and the credit code in front of the
/// organisation's name, with the check digits of GB 11643, GB 32100, GB 11714 and GS 15.
namespace hutong::x509::lint {
namespace {

namespace oids = asn1::oids;
using View = CertificateView;

constexpr std::size_t kCreditCodeSize = 18;
constexpr std::size_t kOrganizationCodeSize = 9;
constexpr std::size_t kRegistrationNumberSize = 15;

struct Identity {
  IdentityValue value;
  bool critical;
};

/// The identity extensions of the norm; vendors' own arcs are not its business.
std::vector<Identity> identities(const View& view) {
  std::vector<Identity> found;
  for (const auto& extension : view.extensions) {
    const auto* arc = find_identity_arc(extension.oid);
    if (arc != nullptr && arc->standard) {
      QuirkRecorder quirks(QuirkPolicy::everything());
      found.push_back({read_identity({extension.oid, extension.critical, extension.value, {}}, quirks),
                       extension.critical});
    }
  }
  return found;
}

constexpr Scope<View> kWithIdentity{"含身份标识扩展的证书", "certificates with identity extensions",
                                    [](const View& view) { return !identities(view).empty(); }};
constexpr Scope<View> kHolder{"个人和机构的证书", "certificates of persons and organisations",
                              [](const View& view) { return !view.ca && view.purposes.empty(); }};

/// Numbers of persons are not shown in full, not even in a finding.
std::string masked(const std::string& text) {
  constexpr std::size_t kShown = 4;
  return mask_middle(text, kShown, kShown);
}

bool is_of_person(IdentityKind kind) {
  return kind == IdentityKind::kPersonCode || kind == IdentityKind::kResidentIdentityCard ||
         kind == IdentityKind::kMilitaryOfficerCard || kind == IdentityKind::kPassport ||
         kind == IdentityKind::kInsuranceNumber;
}

template <typename Wrong>
Lapse first_identity(const View& view, Wrong wrong) {
  for (const auto& identity : identities(view)) {
    if (wrong(identity)) {
      const auto& text = identity.value.text;
      return identity.value.oid.to_string() + " " + (is_of_person(identity.value.kind) ? masked(text) : text);
    }
  }
  return std::nullopt;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool looks_like_citizen_number(std::string_view text) {
  return text.size() == kCreditCodeSize && std::ranges::all_of(text.substr(0, kCreditCodeSize - 1), is_digit);
}

/// The characters of GB 32100: digits and capital letters without I, O, S, V, Z.
bool looks_like_credit_code(std::string_view text) {
  return text.size() == kCreditCodeSize && std::ranges::all_of(text, [](char c) {
           return is_digit(c) ||
                  (c >= 'A' && c <= 'Z' && std::string_view("IOSVZ").find(c) == std::string_view::npos);
         });
}

int value_of(char c) { return is_digit(c) ? c - '0' : c - 'A' + 10; }

/// GB 11714: eight characters, a hyphen that may be left out, a check character of modulus 11.
bool is_organization_code(std::string text) {
  std::erase(text, '-');
  const auto fits = [](char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); };
  if (text.size() != kOrganizationCodeSize || !std::ranges::all_of(text, fits)) {
    return false;
  }
  static constexpr std::array kWeights{3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) {
    sum += kWeights.at(i) * value_of(text[i]);
  }
  const int check = (11 - sum % 11) % 11;
  return text.back() == (check == 10 ? 'X' : static_cast<char>('0' + check));
}

/// GS 15: fifteen digits, ISO 7064 MOD 11,10.
bool is_registration_number(std::string_view text) {
  if (text.size() != kRegistrationNumberSize || !std::ranges::all_of(text, is_digit)) {
    return false;
  }
  int product = 10;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const int sum = (product + text[i] - '0') % 10;
    product = (sum == 0 ? 10 : sum) * 2 % 11;
  }
  return (product + text.back() - '0') % 10 == 1;
}

bool is_number_of_organization(IdentityKind kind) {
  return kind == IdentityKind::kIcRegistrationNumber || kind == IdentityKind::kOrganizationCode ||
         kind == IdentityKind::kTaxationNumber || kind == IdentityKind::kUnifiedSocialCreditCode;
}

Lapse identity_critical(const View& view) {
  return first_identity(view, [](const Identity& identity) { return identity.critical; });
}

Lapse identity_without_text(const View& view) {
  return first_identity(view, [](const Identity& identity) {
    return identity.value.text.empty() || identity.value.form == IdentityForm::kNull ||
           identity.value.form == IdentityForm::kRawText || identity.value.form == IdentityForm::kOther;
  });
}

Lapse identity_not_printable(const View& view) {
  return first_identity(view, [](const Identity& identity) {
    return identity.value.form == IdentityForm::kUtf8String ||
           identity.value.form == IdentityForm::kIa5String || identity.value.form == IdentityForm::kBmpString;
  });
}

Lapse identity_code_without_choice(const View& view) {
  return first_identity(view, [](const Identity& identity) {
    return identity.value.oid == oids::kIdentityCode &&
           identity.value.form != IdentityForm::kExplicitChoice &&
           identity.value.form != IdentityForm::kImplicitChoice;
  });
}

Lapse citizen_number_wrong(const View& view) {
  return first_identity(view, [](const Identity& identity) {
    const bool resident =
        identity.value.kind == IdentityKind::kResidentIdentityCard ||
        (identity.value.kind == IdentityKind::kPersonCode && looks_like_citizen_number(identity.value.text));
    return resident && !is_resident_identity_number(identity.value.text);
  });
}

Lapse credit_code_wrong(const View& view) {
  return first_identity(view, [](const Identity& identity) {
    const bool eighteen = identity.value.text.size() == kCreditCodeSize;
    const bool must = identity.value.kind == IdentityKind::kUnifiedSocialCreditCode;
    return is_number_of_organization(identity.value.kind) && (eighteen || must) &&
           !is_unified_social_credit_code(identity.value.text);
  });
}

Lapse organization_code_wrong(const View& view) {
  return first_identity(view, [](const Identity& identity) {
    const auto size = std::ranges::count_if(identity.value.text, [](char c) { return c != '-'; });
    return identity.value.kind == IdentityKind::kOrganizationCode &&
           static_cast<std::size_t>(size) == kOrganizationCodeSize &&
           !is_organization_code(identity.value.text);
  });
}

Lapse organization_code_size(const View& view) {
  return first_identity(view, [](const Identity& identity) {
    const auto size =
        static_cast<std::size_t>(std::ranges::count_if(identity.value.text, [](char c) { return c != '-'; }));
    return identity.value.kind == IdentityKind::kOrganizationCode && size != kOrganizationCodeSize &&
           size != kCreditCodeSize;
  });
}

Lapse registration_number_wrong(const View& view) {
  return first_identity(view, [](const Identity& identity) {
    return identity.value.kind == IdentityKind::kIcRegistrationNumber &&
           identity.value.text.size() == kRegistrationNumberSize &&
           !is_registration_number(identity.value.text);
  });
}

/// The credit code in front of the name of the organisation, or nothing.
std::optional<std::string> credit_code_in_name(const View& view) {
  const std::string organization = view.subject.text_of(oids::kOrganization);
  const std::string head = organization.substr(0, kCreditCodeSize);
  const bool followed_by_name = organization.size() > kCreditCodeSize &&
                                static_cast<unsigned char>(organization[kCreditCodeSize]) >= 0x80;
  return looks_like_credit_code(head) && followed_by_name ? std::optional(head) : std::nullopt;
}

Lapse credit_code_in_name_wrong(const View& view) {
  const auto code = credit_code_in_name(view);
  return code && !is_unified_social_credit_code(*code) ? Lapse(*code) : std::nullopt;
}

Lapse credit_codes_differ(const View& view) {
  const auto code = credit_code_in_name(view);
  return first_identity(view, [&](const Identity& identity) {
    return code && is_number_of_organization(identity.value.kind) &&
           identity.value.text.size() == kCreditCodeSize && identity.value.text != *code;
  });
}

Lapse nobody_identified(const View& view) {
  const bool known = !identities(view).empty() || credit_code_in_name(view).has_value();
  return known ? std::nullopt : Lapse(view.subject.display());
}

constexpr std::array kIdentityRules{
    CertificateRule{
        {"lint.cert.identity_present", kInfo, "GM/T 0015-2012 5.2",
         "用户证书通常含证件号码扩展或以统一社会信用代码开头的 O：{0}",
         "User certificates usually have an identity extension or an O with the credit code: {0}"},
        "extensions",
        &kHolder,
        nobody_identified},
    CertificateRule{{"lint.cert.identity_not_critical", kWarning, "GM/T 0015-2012 5.2",
                     "身份标识扩展不宜为关键扩展：{0}", "Identity extensions should not be critical: {0}"},
                    "extensions",
                    &kWithIdentity,
                    identity_critical},
    CertificateRule{{"lint.cert.identity_value", kError, "GM/T 0015-2012 5.2",
                     "身份标识扩展应含有字符串：{0}", "An identity extension shall hold a string: {0}"},
                    "extensions",
                    &kWithIdentity,
                    identity_without_text},
    CertificateRule{
        {"lint.cert.identity_type", kError, "GM/T 0015-2012 5.2", "身份标识扩展的值应为 PrintableString：{0}",
         "The value of an identity extension shall be a PrintableString: {0}"},
        "extensions",
        &kWithIdentity,
        identity_not_printable},
    CertificateRule{
        {"lint.cert.identity_choice", kWarning, "GM/T 0015-2012 5.2", "个人身份标识码宜带证件种类标签：{0}",
         "An identity code should carry the tag that tells the kind of document: {0}"},
        "extensions",
        &kWithIdentity,
        identity_code_without_choice},
    CertificateRule{
        {"lint.cert.identity_citizen_number", kError, "GB 11643-1999 4.1.4",
         "公民身份号码的校验码应正确：{0}", "A citizen number shall have the right check digit: {0}"},
        "extensions",
        &kWithIdentity,
        citizen_number_wrong},
    CertificateRule{
        {"lint.cert.identity_credit_code", kError, "GB 32100-2015", "统一社会信用代码的校验码应正确：{0}",
         "A unified social credit code shall have the right check digit: {0}"},
        "extensions",
        &kWithIdentity,
        credit_code_wrong},
    CertificateRule{
        {"lint.cert.identity_organization_code", kError, "GB 11714-1997", "组织机构代码的校验码应正确：{0}",
         "An organisation code shall have the right check character: {0}"},
        "extensions",
        &kWithIdentity,
        organization_code_wrong},
    CertificateRule{{"lint.cert.identity_organization_code_size", kWarning, "GB 11714-1997; GB 32100-2015",
                     "组织机构代码宜为 9 位，或 18 位统一社会信用代码：{0}",
                     "An organisation code should have 9 characters, or the 18 of a credit code: {0}"},
                    "extensions",
                    &kWithIdentity,
                    organization_code_size},
    CertificateRule{
        {"lint.cert.identity_registration_number", kError, "GS 15-2006", "工商注册号的校验码应正确：{0}",
         "A business registration number shall have the right check digit: {0}"},
        "extensions",
        &kWithIdentity,
        registration_number_wrong},
    CertificateRule{{"lint.cert.organization_credit_code", kError, "GB 32100-2015",
                     "O 开头的统一社会信用代码，其校验码应正确：{0}",
                     "The credit code in front of O shall have the right check digit: {0}"},
                    "subject.O",
                    &kEndEntity,
                    credit_code_in_name_wrong},
    CertificateRule{{"lint.cert.organization_same_code", kError, "GB 32100-2015; GM/T 0015-2012 5.2",
                     "扩展项与 O 中的统一社会信用代码应相同：{0}",
                     "The credit codes in the extension and in O shall be the same: {0}"},
                    "subject.O",
                    &kWithIdentity,
                    credit_codes_differ},
};

}  // namespace

std::span<const CertificateRule> certificate_identity_rules() { return kIdentityRules; }

}  // namespace hutong::x509::lint
