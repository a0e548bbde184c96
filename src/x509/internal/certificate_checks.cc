#include "x509/internal/certificate_checks.h"

#include <algorithm>
#include <array>

#include "base/time.h"
#include "x509/internal/host_name.h"
#include "x509/path_findings.h"

namespace hutong::x509 {
namespace {

namespace oids = asn1::oids;

std::string refused_algorithm(const Certificate& certificate, const AlgorithmPolicy& policy) {
  const auto& algorithm = certificate.signature_algorithm();
  if (!algorithm) {
    return algorithm.error().detail;
  }
  return is_accepted(*algorithm, policy) ? std::string() : algorithm->name();
}

std::string refused_key(const Certificate& certificate, const AlgorithmPolicy& policy) {
  const auto& key = certificate.public_key();
  if (!key) {
    return certificate.key_algorithm().to_string();
  }
  const bool short_rsa = key->type() == crypto::KeyType::kRsa && key->bits() < policy.smallest_rsa_bits;
  return short_rsa ? std::string(key->name()) : std::string();
}

/// Collects profile findings with the severity of the profile in force.
class ProfileReport {
 public:
  ProfileReport(Profile profile, const std::string& where, std::vector<Finding>& findings)
      : profile_(profile), where_(where), findings_(findings) {}

  void add(bool broken, const findings::ProfileKind& kind, std::vector<std::string> arguments = {}) {
    if (broken) {
      findings_.emplace_back(profile_ == Profile::kRfc5280 ? kind.strict : kind.tolerant, where_,
                             std::move(arguments));
    }
  }

 private:
  Profile profile_;
  const std::string& where_;
  std::vector<Finding>& findings_;
};

void check_criticality(const CertificateExtensions& extensions, bool is_ca, bool empty_subject,
                       ProfileReport& report) {
  static constexpr std::array kNeverCritical = {oids::kAuthorityKeyIdentifier, oids::kSubjectKeyIdentifier,
                                                oids::kAuthorityInfoAccess, oids::kSubjectInfoAccess,
                                                oids::kFreshestCrl};
  static constexpr std::array kAlwaysCritical = {oids::kNameConstraints, oids::kPolicyConstraints,
                                                 oids::kInhibitAnyPolicy};
  const auto check = [&](const asn1::Oid& oid, bool critical) {
    const Extension* extension = extensions.find(oid);
    report.add(extension != nullptr && extension->critical != critical, findings::kCriticality,
               {oid.to_string()});
  };
  for (const auto& oid : kNeverCritical) {
    check(oid, false);
  }
  for (const auto& oid : kAlwaysCritical) {
    check(oid, true);
  }
  if (is_ca) {
    check(oids::kBasicConstraints, true);
  }
  if (empty_subject) {
    check(oids::kSubjectAltName, true);
  }
}

void check_ca_bits(const CertificateExtensions& extensions, bool is_ca, ProfileReport& report) {
  const auto& key_usage = extensions.key_usage;
  const bool signs = key_usage && key_usage->has(KeyUsageBit::kKeyCertSign);
  const bool has_path_length = extensions.basic_constraints && extensions.basic_constraints->path_length;
  report.add((signs && !is_ca) || (has_path_length && key_usage && !signs), findings::kInconsistentCa);
}

void check_dns_names(const CertificateExtensions& extensions, ProfileReport& report) {
  if (!extensions.subject_alt_name) {
    return;
  }
  for (const auto& name : *extensions.subject_alt_name) {
    report.add(name.kind == GeneralNameKind::kDnsName && !is_preferred_host_name(name.text(), Wildcard::kYes),
               findings::kDnsSyntax, {name.to_string()});
  }
}

/// RFC 5280 4.2.1.1 excepts certificates signed with their own key.
bool may_lack_authority_key_identifier(const Certificate& certificate, Profile profile) {
  const auto& key = certificate.public_key();
  return certificate.is_self_issued() ||
         (profile == Profile::kRfc5280 && key && certificate.is_signed_by(key.value()));
}

}  // namespace

bool is_accepted(const crypto::SignatureAlgorithm& algorithm, const AlgorithmPolicy& policy) {
  const bool sha1 = algorithm.digest == crypto::DigestAlgorithm::kSha1;
  return !(sha1 && policy.sha1 == Sha1::kRefused) &&
         std::ranges::find(policy.refused_schemes, algorithm.scheme) == policy.refused_schemes.end();
}

void check_validity(const Certificate& certificate, Time at, const std::string& where,
                    std::vector<Finding>& findings) {
  if (at < certificate.not_before()) {
    findings.emplace_back(findings::kNotYetValid, where, std::vector{to_rfc3339(certificate.not_before())});
  }
  if (at > certificate.not_after()) {
    findings.emplace_back(findings::kExpired, where, std::vector{to_rfc3339(certificate.not_after())});
  }
}

void check_algorithms(const Certificate& certificate, const AlgorithmPolicy& policy, SignatureCounts counts,
                      const std::string& where, std::vector<Finding>& findings) {
  if (counts == SignatureCounts::kYes) {
    if (auto name = refused_algorithm(certificate, policy); !name.empty()) {
      findings.emplace_back(findings::kAlgorithmRefused, where + ".signatureAlgorithm",
                            std::vector{std::move(name)});
    }
  }
  if (auto name = refused_key(certificate, policy); !name.empty()) {
    findings.emplace_back(findings::kKeyRefused, where + ".subjectPublicKeyInfo",
                          std::vector{std::move(name)});
  }
}

void check_extensions(const Certificate& certificate, const std::string& where,
                      std::vector<Finding>& findings) {
  const CertificateExtensions& extensions = certificate.extensions();
  for (const auto& extension : extensions.all) {
    if (extension.critical && !is_recognised_extension(extension.oid)) {
      findings.emplace_back(findings::kUnknownCritical, where, std::vector{extension.oid.to_string()});
    }
  }
  for (const auto& oid : extensions.malformed) {
    findings.emplace_back(findings::kMalformedExtension, where, std::vector{oid.to_string()});
  }
}

void check_profile(const Certificate& certificate, Position position, Profile profile,
                   const std::string& where, std::vector<Finding>& findings) {
  const CertificateExtensions& extensions = certificate.extensions();
  const bool is_ca = certificate.is_ca();
  const auto& authority = extensions.authority_key_identifier;
  const Serial& serial = certificate.serial();
  ProfileReport report(profile, where, findings);
  const bool lacks_authority = !(authority && authority->key_identifier);
  report.add(lacks_authority && !may_lack_authority_key_identifier(certificate, profile),
             findings::kMissingAki);
  report.add(is_ca && !extensions.subject_key_identifier, findings::kMissingSki);
  report.add(certificate.issuer().empty() || (is_ca && certificate.subject().empty()), findings::kCaNames);
  report.add(serial.is_zero() || serial.is_negative() || serial.content().size() > Serial::kMostOctets,
             findings::kSerialNumber);
  report.add(extensions.extended_key_usage && extensions.extended_key_usage->purposes.empty(),
             findings::kEmptyPurposes);
  report.add(position == Position::kEndEntity && !is_ca && extensions.name_constraints,
             findings::kNotInEndEntity);
  check_criticality(extensions, is_ca, certificate.subject().empty(), report);
  check_ca_bits(extensions, is_ca, report);
  check_dns_names(extensions, report);
}

void check_wishes(const VerifyRequest& request, const std::string& where, std::vector<Finding>& findings) {
  const CertificateExtensions& extensions = request.leaf.extensions();
  const auto& key_usage = extensions.key_usage;
  if (request.key_usage.bits != 0 && key_usage && (key_usage->bits & request.key_usage.bits) == 0) {
    std::string names;
    for (const auto name : key_usage->names()) {
      names.append(names.empty() ? "" : ", ").append(name);
    }
    findings.emplace_back(findings::kLeafKeyUsage, where + ".keyUsage", std::vector{std::move(names)});
  }
  const auto& purposes = extensions.extended_key_usage;
  if (request.purpose && purposes && !purposes->has(*request.purpose) &&
      !purposes->has(oids::kAnyExtendedKeyUsage)) {
    findings.emplace_back(findings::kPurpose, where + ".extKeyUsage",
                          std::vector{request.purpose->to_string()});
  }
  const auto& names = extensions.subject_alt_name;
  for (const auto& expected : request.peer_names) {
    if (!names || !matches_peer_name(expected, *names)) {
      findings.emplace_back(findings::kPeerName, where + ".subjectAltName", std::vector{expected.text});
    }
  }
}

}  // namespace hutong::x509
