#include "x509/extensions.h"

#include <algorithm>
#include <array>

#include "asn1/oids.h"
#include "x509/identity.h"
#include "x509/internal/extension_reading.h"

namespace hutong::x509 {
namespace {

using asn1::Oid;
using asn1::Reader;
using asn1::Tag;
namespace oids = asn1::oids;

constexpr std::size_t kMostExtensions = 1'000;

/// Reads one known extension into its place.
using Decode = Status (*)(ByteView value, CertificateExtensions& into, QuirkRecorder& quirks);

template <auto Member, auto Parse>
Status decode(ByteView value, CertificateExtensions& into, QuirkRecorder& quirks) {
  if constexpr (requires { Parse(value, quirks); }) {
    HUTONG_TRY(into.*Member, Parse(value, quirks));
  } else {
    HUTONG_TRY(into.*Member, Parse(value));
  }
  return ok();
}

Status decode_no_check(ByteView value, CertificateExtensions& into, QuirkRecorder& /*quirks*/) {
  Reader reader(value);
  HUTONG_CHECK(reader.read_null());
  into.ocsp_no_check = true;
  return reader.finish();
}

struct Known {
  Oid oid;
  Decode decode;
};

using E = CertificateExtensions;
constexpr std::array kKnown{
    Known{oids::kAuthorityKeyIdentifier,
          decode<&E::authority_key_identifier, parse_authority_key_identifier>},
    Known{oids::kSubjectKeyIdentifier, decode<&E::subject_key_identifier, parse_subject_key_identifier>},
    Known{oids::kKeyUsage, decode<&E::key_usage, parse_key_usage>},
    Known{oids::kBasicConstraints, decode<&E::basic_constraints, parse_basic_constraints>},
    Known{oids::kCrlDistributionPoints, decode<&E::crl_distribution_points, parse_distribution_points>},
    Known{oids::kExtendedKeyUsage, decode<&E::extended_key_usage, parse_extended_key_usage>},
    Known{oids::kAuthorityInfoAccess, decode<&E::authority_info_access, parse_access_descriptions>},
    Known{oids::kCertificatePolicies, decode<&E::policies, parse_certificate_policies>},
    Known{oids::kSubjectAltName, decode<&E::subject_alt_name, parse_alternative_names>},
    Known{oids::kPolicyMappings, decode<&E::policy_mappings, parse_policy_mappings>},
    Known{oids::kPolicyConstraints, decode<&E::policy_constraints, parse_policy_constraints>},
    Known{oids::kInhibitAnyPolicy, decode<&E::inhibit_any_policy, parse_inhibit_any_policy>},
    Known{oids::kNameConstraints, decode<&E::name_constraints, parse_name_constraints>},
    Known{oids::kFreshestCrl, decode<&E::freshest_crl, parse_distribution_points>},
    Known{oids::kSubjectInfoAccess, decode<&E::subject_info_access, parse_access_descriptions>},
    Known{oids::kIssuerAltName, decode<&E::issuer_alt_name, parse_alternative_names>},
    Known{oids::kPrivateKeyUsagePeriod, decode<&E::private_key_usage_period, parse_private_key_usage_period>},
    Known{oids::kSubjectDirectoryAttributes,
          decode<&E::subject_directory_attributes, parse_directory_attributes>},
    Known{oids::kOcspNoCheck, decode_no_check},
};

const Known* find_known(const Oid& oid) {
  const auto* found = std::ranges::find(kKnown, oid, &Known::oid);
  return found == kKnown.end() ? nullptr : found;
}

bool is_one_element(ByteView value) {
  Reader reader(value);
  return reader.read_any() && reader.at_end();
}

Status read_unknown(const Extension& extension, QuirkRecorder& quirks) {
  if (find_identity_arc(extension.oid) == nullptr) {
    return is_one_element(extension.value) ? ok() : quirks.meet(Quirk::kRawTextExtension);
  }
  QuirkRecorder identity(QuirkPolicy::everything());
  read_identity(extension, identity);
  for (const Quirk quirk : identity.seen().list()) {
    HUTONG_CHECK(quirks.meet(quirk, extension.oid.to_string()));
  }
  return ok();
}

Status read_known(const Known& known, const Extension& extension, CertificateExtensions& into,
                  QuirkRecorder& quirks) {
  if (auto decoded = known.decode(extension.value, into, quirks); !decoded) {
    if (!quirks.policy().allows(Quirk::kMalformedExtension)) {
      Error error = std::move(decoded).error();
      error.detail = extension.oid.to_string() + ": " + error.detail;
      return error;
    }
    into.malformed.push_back(extension.oid);
    return quirks.meet(Quirk::kMalformedExtension);
  }
  return ok();
}

}  // namespace

Result<Extension> internal::read_extension(Reader& list, QuirkRecorder& quirks) {
  const ByteView before = list.rest();
  HUTONG_TRY(Reader fields, list.enter_sequence());
  Extension extension;
  HUTONG_TRY(extension.oid, fields.read_oid());
  if (fields.next_is(Tag::kBoolean)) {
    HUTONG_TRY(extension.critical, fields.read_boolean());
    if (!extension.critical) {
      HUTONG_CHECK(quirks.meet(Quirk::kExplicitFalseCritical, extension.oid.to_string()));
    }
  }
  HUTONG_TRY(extension.value, fields.read_octet_string());
  HUTONG_CHECK(fields.finish());
  extension.der = before.first(before.size() - list.rest().size());
  return extension;
}

Result<std::vector<Extension>> parse_extensions(ByteView content, QuirkRecorder& quirks) {
  Reader list(content);
  std::vector<Extension> extensions;
  if (list.at_end()) {
    HUTONG_CHECK(quirks.meet(Quirk::kEmptyExtensions));
  }
  while (!list.at_end()) {
    HUTONG_TRY(Extension extension, internal::read_extension(list, quirks));
    if (find_extension(extensions, extension.oid) != nullptr) {
      HUTONG_CHECK(quirks.meet(Quirk::kDuplicateExtension, extension.oid.to_string()));
    }
    if (extensions.size() == kMostExtensions) {
      return Error{Errc::kLimit, "ext.too_many", "more than 1,000 extensions"};
    }
    extensions.push_back(extension);
  }
  return extensions;
}

const Extension* find_extension(std::span<const Extension> extensions, const Oid& oid) {
  const auto found = std::ranges::find(extensions, oid, &Extension::oid);
  return found == extensions.end() ? nullptr : &*found;
}

Result<CertificateExtensions> parse_certificate_extensions(ByteView content, QuirkRecorder& quirks) {
  CertificateExtensions extensions;
  HUTONG_TRY(extensions.all, parse_extensions(content, quirks));
  for (const Extension& extension : extensions.all) {
    const Known* known = find_known(extension.oid);
    HUTONG_CHECK(known != nullptr ? read_known(*known, extension, extensions, quirks)
                                  : read_unknown(extension, quirks));
  }
  return extensions;
}

bool CertificateExtensions::is_critical(const Oid& oid) const {
  const Extension* extension = find(oid);
  return extension != nullptr && extension->critical;
}

bool is_recognised_extension(const Oid& oid) {
  const IdentityArc* arc = find_identity_arc(oid);
  return find_known(oid) != nullptr || (arc != nullptr && arc->standard);
}

}  // namespace hutong::x509
