#include "ca/signing/certificate_template.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "x509/extension_builder.h"
#include "x509/name.h"

namespace hutong::ca {
namespace {

using net::Json;

constexpr std::uint32_t kMostDays = 30 * 366;
constexpr std::array<std::pair<IdentityCheck, std::string_view>, 3> kChecks{
    {{IdentityCheck::kNone, "none"},
     {IdentityCheck::kUnifiedSocialCreditCode, "unified_social_credit_code"},
     {IdentityCheck::kResidentIdentityCard, "resident_identity_card"}}};
constexpr std::array<std::pair<KeyOrigin, std::string_view>, 2> kOrigins{
    {{KeyOrigin::kRequest, "request"}, {KeyOrigin::kKeyCentre, "key_centre"}}};

Error wrong(std::string_view member) {
  return {Errc::kMalformed, "template.field", "wrong or missing member " + std::string(member)};
}
Error contradiction(std::string what) { return {Errc::kPolicy, "template.rule", std::move(what)}; }

/// The members of one JSON object; every read names what it wants, what nobody read is unknown.
class Members {
 public:
  static Result<Members> of(const Json& json, std::string_view where,
                            std::initializer_list<std::string_view> known) {
    if (!json.is_object()) {
      return wrong(where);
    }
    for (const auto& item : json.items()) {
      if (std::ranges::find(known, item.key()) == known.end()) {
        return wrong(item.key());
      }
    }
    return Members(json);
  }
  Result<std::string> text(const char* name) const {
    const auto found = json_->find(name);
    return found != json_->end() && found->is_string() ? Result<std::string>(found->get<std::string>())
                                                       : wrong(name);
  }
  Result<std::string> text_or_empty(const char* name) const {
    return json_->contains(name) ? text(name) : Result<std::string>(std::string());
  }
  Result<bool> flag(const char* name) const {
    const auto found = json_->find(name);
    if (found == json_->end()) {
      return false;
    }
    return found->is_boolean() ? Result<bool>(found->get<bool>()) : wrong(name);
  }
  Result<std::uint32_t> number(const char* name, std::uint32_t most) const {
    const auto found = json_->find(name);
    if (found == json_->end() || !found->is_number_integer()) {
      return wrong(name);
    }
    const auto value = found->get<std::int64_t>();
    return value >= 0 && value <= most ? Result<std::uint32_t>(static_cast<std::uint32_t>(value))
                                       : wrong(name);
  }
  /// Nothing for an absent member; an array otherwise.
  Result<const Json*> list(const char* name) const {
    static const Json empty = Json::array();
    const auto found = json_->find(name);
    if (found == json_->end()) {
      return &empty;
    }
    return found->is_array() ? Result<const Json*>(&*found) : wrong(name);
  }
  const Json* find(const char* name) const {
    const auto found = json_->find(name);
    return found == json_->end() ? nullptr : &*found;
  }

 private:
  explicit Members(const Json& json) : json_(&json) {}
  const Json* json_;
};

template <typename Enum, std::size_t kCount>
Result<Enum> value_of(const std::array<std::pair<Enum, std::string_view>, kCount>& names,
                      std::string_view text, std::string_view member) {
  const auto found = std::ranges::find(names, text, [](const auto& row) { return row.second; });
  return found != names.end() ? Result<Enum>(found->first) : wrong(member);
}
template <typename Enum, std::size_t kCount>
std::string name_of(const std::array<std::pair<Enum, std::string_view>, kCount>& names, Enum value) {
  const auto found = std::ranges::find(names, value, [](const auto& row) { return row.first; });
  return std::string(found->second);
}

Result<std::vector<asn1::Oid>> oids(const Members& members, const char* name) {
  HUTONG_TRY(const Json* list, members.list(name));
  std::vector<asn1::Oid> result;
  for (const Json& item : *list) {
    if (!item.is_string()) {
      return wrong(name);
    }
    const auto oid = asn1::Oid::parse(item.get<std::string>());
    if (!oid) {
      return wrong(name);
    }
    result.push_back(oid.value());
  }
  return result;
}
Json texts(const std::vector<asn1::Oid>& values) {
  Json list = Json::array();
  for (const asn1::Oid& oid : values) {
    list.push_back(oid.to_string());
  }
  return list;
}

constexpr std::uint16_t kAllUsages = 0x1FF;

constexpr std::string_view kSm2 = "SM2";
constexpr std::array<std::string_view, 2> kKeyAlgorithms{kSm2, "P-256"};

/// SM2 alone when the member is absent.
Result<std::vector<std::string>> key_algorithms(const Members& members) {
  HUTONG_TRY(const Json* list, members.list("key_algorithms"));
  std::vector<std::string> names;
  for (const Json& item : *list) {
    if (!item.is_string() ||
        std::ranges::find(kKeyAlgorithms, item.get<std::string>()) == kKeyAlgorithms.end()) {
      return wrong("key_algorithms");
    }
    names.push_back(item.get<std::string>());
  }
  return names.empty() ? std::vector<std::string>{std::string(kSm2)} : names;
}

bool is_sm2_only(const std::vector<std::string>& names) { return names.size() == 1 && names[0] == kSm2; }

Result<x509::KeyUsage> key_usage(const Members& members) {
  HUTONG_TRY(const Json* list, members.list("key_usage"));
  x509::KeyUsage usage;
  for (const Json& item : *list) {
    std::uint16_t found = 0;
    for (std::uint16_t bit = 1; bit <= kAllUsages && item.is_string();
         bit = static_cast<std::uint16_t>(bit << 1)) {
      const x509::KeyUsage one{bit};
      found = one.names().front() == item.get<std::string>() ? bit : found;
    }
    if (found == 0) {
      return wrong("key_usage");
    }
    usage.bits = static_cast<std::uint16_t>(usage.bits | found);
  }
  return usage;
}

Result<SubjectRule> subject_rule(const Json& json) {
  HUTONG_TRY(const Members members, Members::of(json, "subject", {"attribute", "required", "fixed"}));
  SubjectRule rule;
  HUTONG_TRY(rule.attribute, members.text("attribute"));
  HUTONG_TRY(rule.required, members.flag("required"));
  HUTONG_TRY(rule.fixed, members.text_or_empty("fixed"));
  return x509::attribute_by_short_name(rule.attribute) != nullptr ? Result<SubjectRule>(std::move(rule))
                                                                  : wrong("attribute");
}

Result<IdentityRule> identity_rule(const Json& json) {
  HUTONG_TRY(const Members members, Members::of(json, "identity", {"field", "oid", "required", "check"}));
  IdentityRule rule;
  HUTONG_TRY(rule.field, members.text("field"));
  HUTONG_TRY(const std::string oid, members.text("oid"));
  HUTONG_TRY(rule.oid, asn1::Oid::parse(oid));
  HUTONG_TRY(rule.required, members.flag("required"));
  HUTONG_TRY(const std::string check, members.text("check"));
  HUTONG_TRY(rule.check, value_of(kChecks, check, "check"));
  return rule;
}

template <typename Rule>
Result<std::vector<Rule>> rules(const Members& members, const char* name,
                                Result<Rule> (*read)(const Json& json)) {
  HUTONG_TRY(const Json* list, members.list(name));
  std::vector<Rule> result;
  for (const Json& item : *list) {
    HUTONG_TRY(auto rule, read(item));
    result.push_back(std::move(rule));
  }
  return result;
}

Result<std::optional<x509::BasicConstraints>> basic_constraints(const Members& members) {
  const Json* json = members.find("basic_constraints");
  if (json == nullptr) {
    return std::optional<x509::BasicConstraints>();
  }
  HUTONG_TRY(const Members inner, Members::of(*json, "basic_constraints", {"ca", "path_length"}));
  x509::BasicConstraints constraints;
  HUTONG_TRY(constraints.ca, inner.flag("ca"));
  if (inner.find("path_length") != nullptr) {
    HUTONG_TRY(constraints.path_length, inner.number("path_length", 255));
  }
  return std::optional(constraints);
}

Status check_rules(const CertificateTemplate& made) {
  if (made.id.empty() || made.version == 0) {
    return contradiction("a template needs an id and a version");
  }
  if (made.days == 0 || made.days > made.most_days) {
    return contradiction("days must be between 1 and most_days");
  }
  if (made.subject.empty()) {
    return contradiction("a template needs rules for the subject");
  }
  if (made.key == KeyOrigin::kKeyCentre && (made.is_authority() || made.key_usage.can_sign())) {
    return contradiction("keys of the key centre encrypt; they neither sign nor certify");
  }
  if (made.key == KeyOrigin::kKeyCentre && !is_sm2_only(made.key_algorithms)) {
    return contradiction("the key centre makes SM2 keys");
  }
  if (!made.encryption_template.empty() && made.key != KeyOrigin::kRequest) {
    return contradiction("only a certificate for a requested key can have a second one beside it");
  }
  return ok();
}

}  // namespace

bool operator==(const CertificateTemplate& a, const CertificateTemplate& b) {
  return to_json(a) == to_json(b);
}

Result<CertificateTemplate> template_from_json(const Json& json) {
  HUTONG_TRY(
      const Members members,
      Members::of(json, "template",
                  {"id", "version", "name_zh", "name_en", "key", "key_algorithms", "days", "most_days",
                   "subject", "identity", "key_usage", "extended_key_usage", "extended_key_usage_critical",
                   "policies", "basic_constraints", "ocsp_no_check", "encryption_template"}));
  CertificateTemplate made;
  HUTONG_TRY(made.id, members.text("id"));
  HUTONG_TRY(made.version, members.number("version", 1'000'000));
  HUTONG_TRY(made.name_zh, members.text("name_zh"));
  HUTONG_TRY(made.name_en, members.text("name_en"));
  HUTONG_TRY(const std::string key, members.text("key"));
  HUTONG_TRY(made.key, value_of(kOrigins, key, "key"));
  HUTONG_TRY(made.key_algorithms, key_algorithms(members));
  HUTONG_TRY(made.days, members.number("days", kMostDays));
  HUTONG_TRY(made.most_days, members.number("most_days", kMostDays));
  HUTONG_TRY(made.subject, rules(members, "subject", subject_rule));
  HUTONG_TRY(made.identity, rules(members, "identity", identity_rule));
  HUTONG_TRY(made.key_usage, key_usage(members));
  HUTONG_TRY(made.extended_key_usage, oids(members, "extended_key_usage"));
  HUTONG_TRY(made.extended_key_usage_critical, members.flag("extended_key_usage_critical"));
  HUTONG_TRY(made.policies, oids(members, "policies"));
  HUTONG_TRY(made.basic_constraints, basic_constraints(members));
  HUTONG_TRY(made.ocsp_no_check, members.flag("ocsp_no_check"));
  HUTONG_TRY(made.encryption_template, members.text_or_empty("encryption_template"));
  HUTONG_CHECK(check_rules(made));
  return made;
}

Json to_json(const CertificateTemplate& made) {
  Json subject = Json::array();
  for (const SubjectRule& rule : made.subject) {
    Json row{{"attribute", rule.attribute}, {"required", rule.required}};
    if (!rule.fixed.empty()) {
      row["fixed"] = rule.fixed;
    }
    subject.push_back(std::move(row));
  }
  Json identity = Json::array();
  for (const IdentityRule& rule : made.identity) {
    identity.push_back({{"field", rule.field},
                        {"oid", rule.oid.to_string()},
                        {"required", rule.required},
                        {"check", name_of(kChecks, rule.check)}});
  }
  Json json{{"id", made.id},
            {"version", made.version},
            {"name_zh", made.name_zh},
            {"name_en", made.name_en},
            {"key", name_of(kOrigins, made.key)},
            {"days", made.days},
            {"most_days", made.most_days},
            {"subject", std::move(subject)},
            {"identity", std::move(identity)},
            {"key_usage", made.key_usage.names()},
            {"extended_key_usage", texts(made.extended_key_usage)},
            {"extended_key_usage_critical", made.extended_key_usage_critical},
            {"policies", texts(made.policies)},
            {"ocsp_no_check", made.ocsp_no_check}};
  if (made.basic_constraints) {
    json["basic_constraints"]["ca"] = made.basic_constraints->ca;
    if (made.basic_constraints->path_length) {
      json["basic_constraints"]["path_length"] = *made.basic_constraints->path_length;
    }
  }
  if (!is_sm2_only(made.key_algorithms)) {
    json["key_algorithms"] = made.key_algorithms;
  }
  if (!made.encryption_template.empty()) {
    json["encryption_template"] = made.encryption_template;
  }
  return json;
}

}  // namespace hutong::ca
