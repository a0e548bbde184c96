#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "asn1/oid.h"
#include "base/result.h"
#include "net/json.h"
#include "x509/extensions.h"

namespace hutong::ca {

/// One attribute of the subject's name, in the order in which it is written.
struct SubjectRule {
  std::string attribute;  ///< short name: "C", "O", "CN"
  bool required = false;
  std::string fixed = {};  ///< when set, the template decides and the order may not say otherwise
};

/// What an identity value is checked for before it is certified.
enum class IdentityCheck : std::uint8_t {
  kNone,
  kUnifiedSocialCreditCode,  ///< GB 32100
  kResidentIdentityCard,     ///< GB 11643
};

/// One identity extension of GM/T 0015.
struct IdentityRule {
  std::string field;  ///< its name in orders: "credit_code"
  asn1::Oid oid;
  bool required = false;
  IdentityCheck check = IdentityCheck::kNone;
};

/// Who holds the private key that the certificate is for.
enum class KeyOrigin : std::uint8_t {
  kRequest,    ///< the subscriber: the order carries a certificate request (GM/T 0092)
  kKeyCentre,  ///< made and escrowed by the key management centre, delivered in a GM/T 0009 enveloped key
};

/// A certificate template (证书模板; GM/T 0037 8.6.2.9): what a kind of certificate holds, as data. A
/// template that was used is never changed: a new version takes its place, so that every certificate can be
/// explained by the version that its record names.
struct CertificateTemplate {
  std::string id;  ///< "organization-signing"
  std::uint32_t version = 1;
  std::string name_zh;
  std::string name_en;
  KeyOrigin key = KeyOrigin::kRequest;
  /// Keys that may be certified, by PublicKey::name(): "SM2", "P-256". Another than SM2 is for tests with
  /// software that has no SM2, and its certificates leave the profile of GM/T 0015 in this one point.
  std::vector<std::string> key_algorithms = {"SM2"};
  std::uint32_t days = 0;       ///< of validity, unless the order says otherwise
  std::uint32_t most_days = 0;  ///< that an order may ask for
  std::vector<SubjectRule> subject;
  std::vector<IdentityRule> identity;
  x509::KeyUsage key_usage;
  std::vector<asn1::Oid> extended_key_usage;
  bool extended_key_usage_critical = false;
  std::vector<asn1::Oid> policies;
  std::optional<x509::BasicConstraints> basic_constraints;  ///< nothing: the extension is left out
  bool ocsp_no_check = false;
  /// The template of the second certificate of a dual order (双证书); empty: a single certificate.
  std::string encryption_template;

  bool is_authority() const { return basic_constraints && basic_constraints->ca; }
  friend bool operator==(const CertificateTemplate&, const CertificateTemplate&);
};

/// kMalformed "template.field" when a member is missing, unknown or of the wrong kind; kPolicy
/// "template.rule" when the members contradict each other (more days than the most, no subject …).
Result<CertificateTemplate> template_from_json(const net::Json& json);
net::Json to_json(const CertificateTemplate& certificate_template);

/// The templates a new CA starts with: organisations, persons, devices, operators, OCSP and time stamp
/// responders, seal makers, subordinate CAs. Compiled in from default_templates.json.
const std::vector<CertificateTemplate>& default_templates();

}  // namespace hutong::ca
