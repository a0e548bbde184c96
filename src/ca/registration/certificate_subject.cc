#include "ca/registration/certificate_subject.h"

#include <algorithm>

#include "x509/general_name.h"
#include "x509/identity.h"
#include "x509/name.h"

namespace hutong::ca::registration {
namespace {

void add_attributes(const x509::Certificate& certificate, const CertificateTemplate& made,
                    SubjectData& subject) {
  for (const SubjectRule& rule : made.subject) {
    const std::string text =
        certificate.subject().text_of(x509::attribute_by_short_name(rule.attribute)->type);
    if (!text.empty() && rule.fixed.empty()) {
      subject.attributes.emplace(rule.attribute, text);
    }
  }
}

void add_identities(const x509::Certificate& certificate, const CertificateTemplate& made,
                    SubjectData& subject) {
  for (const x509::IdentityValue& value : certificate.identities()) {
    const auto rule = std::ranges::find(made.identity, value.oid, &IdentityRule::oid);
    if (rule != made.identity.end()) {
      subject.identities.emplace(rule->field, value.text);
    }
  }
}

void add_alternative_names(const x509::Certificate& certificate, SubjectData& subject) {
  const auto& names = certificate.extensions().subject_alt_name;
  if (!names) {
    return;
  }
  for (const x509::GeneralName& name : *names) {
    if (name.kind == x509::GeneralNameKind::kDnsName) {
      subject.dns_names.emplace_back(name.text());
    } else if (name.kind == x509::GeneralNameKind::kRfc822Name) {
      subject.emails.emplace_back(name.text());
    }
  }
}

}  // namespace

SubjectData subject_of(const x509::Certificate& certificate, const CertificateTemplate& made) {
  SubjectData subject;
  add_attributes(certificate, made, subject);
  add_identities(certificate, made, subject);
  add_alternative_names(certificate, subject);
  return subject;
}

Applicant applicant_of(const SubjectData& subject) {
  Applicant applicant;
  for (const char* attribute : {"CN", "O"}) {
    const auto found = subject.attributes.find(attribute);
    if (found != subject.attributes.end()) {
      applicant.name = found->second;  // the organisation, when there is one
    }
  }
  for (const auto& [field, value] : subject.identities) {
    const bool is_number =
        x509::is_unified_social_credit_code(value) || x509::is_resident_identity_number(value);
    applicant.number = is_number ? value : applicant.number;
  }
  return applicant;
}

}  // namespace hutong::ca::registration
