#include <algorithm>
#include <array>
#include <set>

#include "asn1/oids.h"
#include "x509/extensions.h"
#include "x509/lint/checks.h"
#include "x509/lint/rule.h"
#include "x509/lint/scopes.h"

/// Extensions that say who the key belongs to and what may follow it in a path (RFC 5280 4.2.1).
namespace hutong::x509::lint {
namespace {

namespace oids = asn1::oids;
using View = CertificateView;

constexpr Scope<View> kWithAki{"含颁发机构密钥标识符的证书", "certificates with authorityKeyIdentifier",
                               carries<oids::kAuthorityKeyIdentifier>};
constexpr Scope<View> kWithSki{"含主体密钥标识符的证书", "certificates with subjectKeyIdentifier",
                               carries<oids::kSubjectKeyIdentifier>};
constexpr Scope<View> kWithConstraints{"含基本限制的证书", "certificates with basicConstraints",
                                       carries<oids::kBasicConstraints>};
constexpr Scope<View> kWithPolicies{"含证书策略的证书", "certificates with certificatePolicies",
                                    carries<oids::kCertificatePolicies>};
constexpr Scope<View> kWithMappings{"含策略映射的证书", "certificates with policyMappings",
                                    carries<oids::kPolicyMappings>};
constexpr Scope<View> kWithPolicyConstraints{"含策略限制的证书", "certificates with policyConstraints",
                                             carries<oids::kPolicyConstraints>};
constexpr Scope<View> kWithInhibitAnyPolicy{"含限制所有策略的证书", "certificates with inhibitAnyPolicy",
                                            carries<oids::kInhibitAnyPolicy>};
constexpr Scope<View> kWithNameConstraints{"含名称限制的证书", "certificates with nameConstraints",
                                           carries<oids::kNameConstraints>};
constexpr Scope<View> kWithUsagePeriod{"含私钥使用期的证书", "certificates with privateKeyUsagePeriod",
                                       carries<oids::kPrivateKeyUsagePeriod>};

template <const asn1::Oid& kOid>
Lapse absent(const View& view) {
  return view.extension(kOid) == nullptr ? Lapse("") : std::nullopt;
}

template <const asn1::Oid& kOid>
Lapse not_critical(const View& view) {
  const auto* extension = view.extension(kOid);
  return extension != nullptr && !extension->critical ? Lapse("") : std::nullopt;
}

Lapse unknown_critical(const View& view) {
  const auto found = std::ranges::find_if(view.extensions, [](const ExtensionView& extension) {
    return extension.critical && !is_recognised_extension(extension.oid);
  });
  return found == view.extensions.end() ? std::nullopt : Lapse(found->oid.to_string());
}

std::optional<AuthorityKeyIdentifier> authority_key(const View& view) {
  QuirkRecorder quirks(QuirkPolicy::everything());
  const auto* extension = view.extension(oids::kAuthorityKeyIdentifier);
  if (extension == nullptr) {
    return std::nullopt;
  }
  auto parsed = parse_authority_key_identifier(extension->value, quirks);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

Lapse aki_without_key_identifier(const View& view) {
  const auto aki = authority_key(view);
  return aki && !aki->key_identifier ? Lapse("") : std::nullopt;
}

Lapse aki_with_issuer(const View& view) {
  const auto aki = authority_key(view);
  return aki && (aki->serial || !aki->issuer.empty()) ? Lapse(aki->serial ? aki->serial->to_hex() : "")
                                                      : std::nullopt;
}

Lapse aki_issuer_or_serial_alone(const View& view) {
  const auto aki = authority_key(view);
  return aki && aki->serial.has_value() == aki->issuer.empty() ? Lapse("") : std::nullopt;
}

Lapse ski_odd_length(const View& view) {
  auto identifier = parse_subject_key_identifier(view.extension(oids::kSubjectKeyIdentifier)->value);
  const bool usual = !identifier || identifier->size() == 20 || identifier->size() == 32;
  return usual ? std::nullopt : Lapse(std::to_string(identifier->size()));
}

Lapse path_length_without_ca(const View& view) {
  auto outer = asn1::Reader(view.extension(oids::kBasicConstraints)->value);
  auto body = outer.enter_sequence();
  if (body && body->next_is(asn1::Tag::kBoolean)) {
    static_cast<void>(body->read_boolean());
  }
  const bool has_length = body && body->next_is(asn1::Tag::kInteger);
  const bool may = view.ca && has_usage(view, KeyUsageBit::kKeyCertSign);
  return has_length && !may ? Lapse("") : std::nullopt;
}

Lapse cert_sign_without_ca(const View& view) {
  return has_usage(view, KeyUsageBit::kKeyCertSign) && !view.ca ? Lapse("") : std::nullopt;
}

Lapse ca_default_written(const View& view) {
  auto outer = asn1::Reader(view.extension(oids::kBasicConstraints)->value);
  auto body = outer.enter_sequence();
  if (!body || !body->next_is(asn1::Tag::kBoolean)) {
    return std::nullopt;
  }
  auto ca = body->read_boolean();
  return ca && !*ca ? Lapse("010100") : std::nullopt;
}

/// The policy OIDs, read plainly: parse_certificate_policies refuses what is looked for here.
Lapse policy_twice(const View& view) {
  std::set<asn1::Oid> seen;
  auto outer = asn1::Reader(view.extension(oids::kCertificatePolicies)->value);
  auto list = outer.enter_sequence();
  while (list && !list->at_end()) {
    auto information = list->enter_sequence();
    if (!information) {
      break;
    }
    auto policy = information->read_oid();
    if (policy && !seen.insert(*policy).second) {
      return policy->to_string();
    }
  }
  return std::nullopt;
}

/// The first qualifier of this kind that `wrong` dislikes.
template <typename Wrong>
Lapse first_qualifier(const View& view, const asn1::Oid& kind, Wrong wrong) {
  auto policies = parse_certificate_policies(view.extension(oids::kCertificatePolicies)->value);
  if (!policies) {
    return std::nullopt;
  }
  for (const auto& policy : *policies) {
    for (const auto& qualifier : policy.qualifiers) {
      if (qualifier.id == kind && wrong(qualifier)) {
        return qualifier.text();
      }
    }
  }
  return std::nullopt;
}

Lapse cps_pointer_odd(const View& view) {
  return first_qualifier(view, oids::kCpsQualifier, [](const PolicyQualifier& qualifier) {
    auto reader = asn1::Reader(qualifier.value);
    auto uri = reader.read(asn1::Tag::kIa5String);
    return !uri || !is_network_uri(as_text(*uri));
  });
}

Lapse notice_too_long(const View& view) {
  constexpr std::size_t kMostCharacters = 200;
  return first_qualifier(view, oids::kUserNoticeQualifier, [](const PolicyQualifier& qualifier) {
    const std::string text = qualifier.text();
    const auto characters =
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
    return static_cast<std::size_t>(characters) > kMostCharacters;
  });
}

Lapse mapping_any_policy(const View& view) {
  auto mappings = parse_policy_mappings(view.extension(oids::kPolicyMappings)->value);
  const bool any =
      mappings && std::ranges::any_of(*mappings, [](const PolicyMapping& mapping) {
        return mapping.issuer_domain == oids::kAnyPolicy || mapping.subject_domain == oids::kAnyPolicy;
      });
  return any ? Lapse(oids::kAnyPolicy.to_string()) : std::nullopt;
}

Lapse policy_constraints_empty(const View& view) {
  auto outer = asn1::Reader(view.extension(oids::kPolicyConstraints)->value);
  auto body = outer.enter_sequence();
  return body && body->at_end() ? Lapse("3000") : std::nullopt;
}

/// Extensions that only make sense in a CA certificate.
Lapse ca_extension_in_end_entity(const View& view) {
  static constexpr std::array kForCas{oids::kNameConstraints, oids::kPolicyMappings, oids::kPolicyConstraints,
                                      oids::kInhibitAnyPolicy};
  for (const auto& oid : kForCas) {
    if (view.extension(oid) != nullptr) {
      return oid.to_string();
    }
  }
  return std::nullopt;
}

Lapse usage_period_outside_validity(const View& view) {
  auto period = parse_private_key_usage_period(view.extension(oids::kPrivateKeyUsagePeriod)->value);
  const auto from = view.not_before.time();
  const auto to = view.not_after.time();
  if (!period || !from || !to) {
    return std::nullopt;
  }
  const bool early = period->not_before && *period->not_before < *from;
  const bool late = period->not_after && *period->not_after > *to;
  const bool empty = !period->not_before && !period->not_after;
  const bool backwards = period->not_before && period->not_after && *period->not_before > *period->not_after;
  return early || late || empty || backwards ? Lapse("") : std::nullopt;
}

constexpr std::array kExtensionRules{
    CertificateRule{{"lint.cert.critical_known", kWarning, "RFC 5280 4.2; GM/T 0015-2012 5.2",
                     "关键扩展项宜限于标准所列，别的系统会拒绝：{0}",
                     "Critical extensions should be those of the norm, others make systems refuse: {0}"},
                    "extensions",
                    &kEveryCertificate,
                    unknown_critical},
    CertificateRule{{"lint.cert.aki_present", kError, "RFC 5280 4.2.1.1; GM/T 0015-2012 annex C",
                     "应含颁发机构密钥标识符", "authorityKeyIdentifier shall be present"},
                    "authorityKeyIdentifier",
                    &kNotSelfIssued,
                    absent<oids::kAuthorityKeyIdentifier>},
    CertificateRule{{"lint.cert.aki_not_critical", kError, "RFC 5280 4.2.1.1",
                     "颁发机构密钥标识符不应为关键扩展", "authorityKeyIdentifier shall not be critical"},
                    "authorityKeyIdentifier",
                    &kWithAki,
                    critical<oids::kAuthorityKeyIdentifier>},
    CertificateRule{
        {"lint.cert.aki_key_identifier", kError, "RFC 5280 4.2.1.1; GM/T 0015-2012 5.2",
         "颁发机构密钥标识符应含 keyIdentifier", "authorityKeyIdentifier shall have keyIdentifier"},
        "authorityKeyIdentifier",
        &kWithAki,
        aki_without_key_identifier},
    CertificateRule{{"lint.cert.aki_issuer_pair", kError, "RFC 5280 A.2; X.509 9.2.2.1",
                     "颁发者名称与序列号应同时出现或同时省略",
                     "authorityCertIssuer and authorityCertSerialNumber shall appear together"},
                    "authorityKeyIdentifier",
                    &kWithAki,
                    aki_issuer_or_serial_alone},
    CertificateRule{{"lint.cert.aki_key_identifier_only", kInfo, "practice of the accredited CAs",
                     "颁发机构密钥标识符通常只含 keyIdentifier：{0}",
                     "authorityKeyIdentifier usually has keyIdentifier only: {0}"},
                    "authorityKeyIdentifier",
                    &kWithAki,
                    aki_with_issuer},
    CertificateRule{{"lint.cert.ski_present_ca", kError, "RFC 5280 4.2.1.2; GM/T 0015-2012 tables C.1, C.2",
                     "CA 证书应含主体密钥标识符", "A CA certificate shall have subjectKeyIdentifier"},
                    "subjectKeyIdentifier",
                    &kCa,
                    absent<oids::kSubjectKeyIdentifier>},
    CertificateRule{
        {"lint.cert.ski_present_ee", kWarning, "RFC 5280 4.2.1.2; GM/T 0015-2012 tables C.3, C.4",
         "用户证书宜含主体密钥标识符", "An end-entity certificate should have subjectKeyIdentifier"},
        "subjectKeyIdentifier",
        &kEndEntity,
        absent<oids::kSubjectKeyIdentifier>},
    CertificateRule{{"lint.cert.ski_not_critical", kError, "RFC 5280 4.2.1.2", "主体密钥标识符不应为关键扩展",
                     "subjectKeyIdentifier shall not be critical"},
                    "subjectKeyIdentifier",
                    &kWithSki,
                    critical<oids::kSubjectKeyIdentifier>},
    CertificateRule{{"lint.cert.ski_length", kInfo, "RFC 5280 4.2.1.2",
                     "主体密钥标识符通常为 20 字节（SHA-1）或 32 字节（SM3），实际 {0} 字节",
                     "subjectKeyIdentifier usually has 20 (SHA-1) or 32 octets (SM3); it has {0}"},
                    "subjectKeyIdentifier",
                    &kWithSki,
                    ski_odd_length},
    CertificateRule{{"lint.cert.basic_constraints_ca", kError, "RFC 5280 4.2.1.9; GM/T 0015-2012 5.2",
                     "能签发证书的密钥，其基本限制应写明 cA TRUE",
                     "A key that signs certificates shall have basicConstraints with cA TRUE"},
                    "basicConstraints",
                    &kEveryCertificate,
                    cert_sign_without_ca},
    CertificateRule{
        {"lint.cert.basic_constraints_critical", kError, "RFC 5280 4.2.1.9; GM/T 0015-2012 5.2",
         "CA 证书的基本限制应为关键扩展", "basicConstraints of a CA certificate shall be critical"},
        "basicConstraints",
        &kCa,
        not_critical<oids::kBasicConstraints>},
    CertificateRule{{"lint.cert.basic_constraints_path_length", kError, "RFC 5280 4.2.1.9",
                     "只有能签发证书的 CA 才可有路径长度限制",
                     "Only a CA that signs certificates may have pathLenConstraint"},
                    "basicConstraints",
                    &kWithConstraints,
                    path_length_without_ca},
    CertificateRule{{"lint.cert.basic_constraints_default", kError, "X.690 11.5",
                     "cA 为默认值 FALSE 时不应编码：{0}", "The default cA FALSE shall not be encoded: {0}"},
                    "basicConstraints",
                    &kWithConstraints,
                    ca_default_written},
    CertificateRule{{"lint.cert.policy_unique", kError, "RFC 5280 4.2.1.4", "同一证书策略只应出现一次：{0}",
                     "A certificate policy shall appear only once: {0}"},
                    "certificatePolicies",
                    &kWithPolicies,
                    policy_twice},
    CertificateRule{
        {"lint.cert.policy_cps_uri", kError, "RFC 5280 4.2.1.4", "CPS 限定符应为 IA5String 的网址：{0}",
         "A CPS pointer shall be a URI in IA5String: {0}"},
        "certificatePolicies",
        &kWithPolicies,
        cps_pointer_odd},
    CertificateRule{
        {"lint.cert.policy_notice_length", kError, "RFC 5280 4.2.1.4", "用户通知不应超过 200 个字符：{0}",
         "A user notice shall have at most 200 characters: {0}"},
        "certificatePolicies",
        &kWithPolicies,
        notice_too_long},
    CertificateRule{{"lint.cert.policy_mapping_any", kError, "RFC 5280 4.2.1.5",
                     "anyPolicy 不应参与映射：{0}", "anyPolicy shall not be mapped: {0}"},
                    "policyMappings",
                    &kWithMappings,
                    mapping_any_policy},
    CertificateRule{{"lint.cert.policy_constraints_critical", kError, "RFC 5280 4.2.1.11",
                     "策略限制应为关键扩展", "policyConstraints shall be critical"},
                    "policyConstraints",
                    &kWithPolicyConstraints,
                    not_critical<oids::kPolicyConstraints>},
    CertificateRule{{"lint.cert.policy_constraints_not_empty", kError, "RFC 5280 4.2.1.11",
                     "策略限制不应为空：{0}", "policyConstraints shall not be empty: {0}"},
                    "policyConstraints",
                    &kWithPolicyConstraints,
                    policy_constraints_empty},
    CertificateRule{{"lint.cert.inhibit_any_policy_critical", kError, "RFC 5280 4.2.1.14",
                     "限制所有策略应为关键扩展", "inhibitAnyPolicy shall be critical"},
                    "inhibitAnyPolicy",
                    &kWithInhibitAnyPolicy,
                    not_critical<oids::kInhibitAnyPolicy>},
    CertificateRule{{"lint.cert.name_constraints_critical", kError, "RFC 5280 4.2.1.10",
                     "名称限制应为关键扩展", "nameConstraints shall be critical"},
                    "nameConstraints",
                    &kWithNameConstraints,
                    not_critical<oids::kNameConstraints>},
    CertificateRule{{"lint.cert.ca_extensions", kError, "RFC 5280 4.2.1.5, 4.2.1.10, 4.2.1.11, 4.2.1.14",
                     "名称限制与策略控制类扩展只应出现在 CA 证书中：{0}",
                     "Name constraints and policy controls belong in CA certificates only: {0}"},
                    "extensions",
                    &kEndEntity,
                    ca_extension_in_end_entity},
    CertificateRule{{"lint.cert.private_key_usage_period", kError, "GM/T 0015-2012 5.2; RFC 3280 4.2.1.4",
                     "私钥使用期应非空、有序并在证书有效期之内",
                     "The private key usage period shall not be empty, run backwards or leave the validity"},
                    "privateKeyUsagePeriod",
                    &kWithUsagePeriod,
                    usage_period_outside_validity},
};

}  // namespace

std::span<const CertificateRule> certificate_extension_rules() { return kExtensionRules; }

}  // namespace hutong::x509::lint
