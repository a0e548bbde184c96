#include "ca/signing/subject_data.h"

#include <algorithm>
#include <string_view>

#include "x509/identity.h"

namespace hutong::ca {
namespace {

/// RFC 5280 A.1: ub-common-name and its siblings, in characters; an octet never holds more than one.
constexpr std::size_t kMostCharacters = 64;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

Error missing(std::string_view field) {
  return {Errc::kPolicy, "subject.missing", "the template requires " + std::string(field)};
}

Status check_text(std::string_view field, std::string_view text) {
  const bool blank_edge = !text.empty() && (text.front() == ' ' || text.back() == ' ');
  if (text.empty() || blank_edge || characters(text) > kMostCharacters ||
      std::ranges::any_of(text, is_control)) {
    return Error{
        Errc::kPolicy, "subject.text",
        std::string(field) + " must have 1 to 64 characters, no blanks around and no control characters"};
  }
  return ok();
}

/// Every field of the order has a rule in the template.
template <typename Rules, typename Key>
Status check_known(const std::map<std::string, std::string, std::less<>>& values, const Rules& rules,
                   Key key_of) {
  for (const auto& [field, value] : values) {
    if (std::ranges::find(rules, field, key_of) == rules.end()) {
      return Error{Errc::kPolicy, "subject.not_in_template", "the template has no " + field};
    }
  }
  return ok();
}

/// What the order or the template says for one attribute; empty when neither does.
Result<std::string> value_of(const SubjectRule& rule, const SubjectData& data) {
  const auto given = data.attributes.find(rule.attribute);
  const bool is_given = given != data.attributes.end();
  if (!rule.fixed.empty() && is_given && given->second != rule.fixed) {
    return Error{Errc::kPolicy, "subject.fixed", rule.attribute + " is always " + rule.fixed};
  }
  const std::string value = !rule.fixed.empty() ? rule.fixed : is_given ? given->second : std::string();
  if (value.empty() && !is_given) {
    return rule.required ? Result<std::string>(missing(rule.attribute)) : Result<std::string>(std::string());
  }
  HUTONG_CHECK(check_text(rule.attribute, value));
  return value;
}

bool is_printable(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view(" '()+,-./:=?").find(c) != std::string_view::npos;
  });
}

bool passes(IdentityCheck check, std::string_view text) {
  switch (check) {
    case IdentityCheck::kUnifiedSocialCreditCode:
      return x509::is_unified_social_credit_code(text);
    case IdentityCheck::kResidentIdentityCard:
      return x509::is_resident_identity_number(text);
    case IdentityCheck::kNone:
      break;
  }
  return is_printable(text);
}

}  // namespace

Result<x509::Name> subject_name(const CertificateTemplate& made, const SubjectData& data) {
  HUTONG_CHECK(check_known(data.attributes, made.subject, &SubjectRule::attribute));
  x509::NameBuilder name;
  for (const SubjectRule& rule : made.subject) {
    HUTONG_TRY(const std::string value, value_of(rule, data));
    if (!value.empty()) {
      name.add(x509::attribute_by_short_name(rule.attribute)->type, value);
    }
  }
  return name.build();
}

Result<std::vector<x509::ExtensionValue>> identity_extensions(const CertificateTemplate& made,
                                                              const SubjectData& data) {
  HUTONG_CHECK(check_known(data.identities, made.identity, &IdentityRule::field));
  std::vector<x509::ExtensionValue> extensions;
  for (const IdentityRule& rule : made.identity) {
    const auto given = data.identities.find(rule.field);
    if (given == data.identities.end()) {
      if (rule.required) {
        return missing(rule.field);
      }
      continue;
    }
    if (!passes(rule.check, given->second)) {
      return Error{Errc::kPolicy, "subject.identity", rule.field + " is not a correct number of its kind"};
    }
    extensions.push_back(x509::extension::identity(rule.oid, given->second));
  }
  return extensions;
}

}  // namespace hutong::ca
