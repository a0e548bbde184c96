#include "ca/cmp/requested_subject.h"

#include <algorithm>
#include <string>
#include <utility>

#include "asn1/oids.h"
#include "x509/identity.h"

namespace hutong::ca {
namespace {

Error bad_subject(std::string detail) { return {Errc::kPolicy, "cmp.template", std::move(detail)}; }

Status add_attributes(const x509::Name& name, SubjectData& data) {
  for (const x509::NameAttribute& attribute : name.attributes()) {
    const x509::AttributeName* const known = x509::attribute_name(attribute.type);
    if (known == nullptr || known->short_name.empty()) {
      return bad_subject("attribute " + attribute.type.to_string() + " is unknown");
    }
    if (!data.attributes.emplace(known->short_name, attribute.text()).second) {
      return bad_subject("attribute " + std::string(known->short_name) + " comes twice");
    }
  }
  return ok();
}

Status add_alternative_names(const x509::ExtensionValue& extension, SubjectData& data) {
  x509::QuirkRecorder quirks;
  HUTONG_TRY(const auto names, x509::parse_alternative_names(extension.value, quirks));
  for (const x509::GeneralName& name : names) {
    if (name.kind == x509::GeneralNameKind::kDnsName) {
      data.dns_names.emplace_back(name.text());
    } else if (name.kind == x509::GeneralNameKind::kRfc822Name) {
      data.emails.emplace_back(name.text());
    } else {
      return bad_subject("alternative name " + name.to_string());
    }
  }
  return ok();
}

}  // namespace

Result<SubjectData> requested_subject(const x509::Name& name,
                                      const std::vector<x509::ExtensionValue>& extensions,
                                      const CertificateTemplate& made) {
  SubjectData data;
  HUTONG_CHECK(add_attributes(name, data));
  for (const x509::ExtensionValue& extension : extensions) {
    const auto rule = std::ranges::find(made.identity, extension.oid, &IdentityRule::oid);
    if (rule != made.identity.end()) {
      x509::QuirkRecorder quirks;
      const x509::Extension read{extension.oid, extension.critical, extension.value, {}};
      data.identities[rule->field] = x509::read_identity(read, quirks).text;
    } else if (extension.oid == asn1::oids::kSubjectAltName) {
      HUTONG_CHECK(add_alternative_names(extension, data));
    }
  }
  return data;
}

}  // namespace hutong::ca
