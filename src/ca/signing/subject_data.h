#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "ca/signing/certificate_template.h"
#include "x509/extension_builder.h"
#include "x509/name.h"

namespace hutong::ca {

/// What an order says about the subject, by the names of the template's rules: attributes by short name
/// ("O"), identity values by field ("credit_code"). UTF-8.
struct SubjectData {
  std::map<std::string, std::string, std::less<>> attributes = {};
  std::map<std::string, std::string, std::less<>> identities = {};
  std::vector<std::string> emails = {};
  std::vector<std::string> dns_names = {};
};

/// The subject's name as the template orders it. kPolicy "subject.missing", "subject.not_in_template",
/// "subject.fixed", "subject.text" (empty, too long, or with control characters).
Result<x509::Name> subject_name(const CertificateTemplate& made, const SubjectData& data);

/// The identity extensions, checked as the template says. kPolicy "subject.missing",
/// "subject.not_in_template", "subject.identity" (a wrong check digit, or characters that PrintableString
/// lacks).
Result<std::vector<x509::ExtensionValue>> identity_extensions(const CertificateTemplate& made,
                                                              const SubjectData& data);

}  // namespace hutong::ca
