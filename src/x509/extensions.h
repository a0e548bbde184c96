#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "asn1/oid.h"
#include "asn1/reader.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "x509/general_name.h"
#include "x509/quirks.h"
#include "x509/serial.h"

/// Values of the extensions of RFC 5280 4.2 and 5.2 and of GM/T 0015. Views point into the octets that were
/// parsed; inside a Certificate or Crl they live as long as it does. Every parse_ function takes the
/// extnValue content and refuses trailing octets; errors are kMalformed with reason "ext.…" or "asn1.…".
namespace hutong::x509 {

/// One extension as it stands there.
struct Extension {
  asn1::Oid oid;
  bool critical = false;
  ByteView value;  ///< content of extnValue
  ByteView der;    ///< the whole Extension
};
/// SEQUENCE OF Extension, given as content octets. Quirks: explicit FALSE, duplicates (refused), empty list.
Result<std::vector<Extension>> parse_extensions(ByteView content, QuirkRecorder& quirks);
const Extension* find_extension(std::span<const Extension> extensions, const asn1::Oid& oid);

/// Bits of KeyUsage (RFC 5280 4.2.1.3), bit number n is 1 << n.
enum class KeyUsageBit : std::uint16_t {
  kDigitalSignature = 1 << 0,
  kNonRepudiation = 1 << 1,
  kKeyEncipherment = 1 << 2,
  kDataEncipherment = 1 << 3,
  kKeyAgreement = 1 << 4,
  kKeyCertSign = 1 << 5,
  kCrlSign = 1 << 6,
  kEncipherOnly = 1 << 7,
  kDecipherOnly = 1 << 8,
};
struct KeyUsage {
  std::uint16_t bits = 0;
  bool has(KeyUsageBit bit) const { return (bits & static_cast<std::uint16_t>(bit)) != 0; }
  /// The key signs (documents, not certificates): digitalSignature or nonRepudiation.
  bool can_sign() const;
  /// The key receives: keyEncipherment, dataEncipherment or keyAgreement.
  bool can_encrypt() const;
  /// The norm's names in bit order: "digitalSignature", …
  std::vector<std::string_view> names() const;
  friend bool operator==(const KeyUsage&, const KeyUsage&) = default;
};
Result<KeyUsage> parse_key_usage(ByteView value, QuirkRecorder& quirks);

struct BasicConstraints {
  bool ca = false;
  std::optional<std::uint32_t> path_length;  ///< numbers above 2^31 are cut to it; absent without cA
  friend bool operator==(const BasicConstraints&, const BasicConstraints&) = default;
};
Result<BasicConstraints> parse_basic_constraints(ByteView value, QuirkRecorder& quirks);

struct AuthorityKeyIdentifier {
  std::optional<ByteView> key_identifier;
  std::vector<GeneralName> issuer;  ///< authorityCertIssuer
  std::optional<Serial> serial;     ///< authorityCertSerialNumber
};
Result<AuthorityKeyIdentifier> parse_authority_key_identifier(ByteView value, QuirkRecorder& quirks);
/// KeyIdentifier of subjectKeyIdentifier: opaque octets.
Result<ByteView> parse_subject_key_identifier(ByteView value);

struct ExtendedKeyUsage {
  std::vector<asn1::Oid> purposes;
  bool has(const asn1::Oid& purpose) const;
};
Result<ExtendedKeyUsage> parse_extended_key_usage(ByteView value);

struct PolicyQualifier {
  asn1::Oid id;
  ByteView value;  ///< DER of the qualifier
  /// The URI of a CPS pointer or the explicitText of a user notice, UTF-8; empty for anything else.
  std::string text() const;
};
struct PolicyInformation {
  asn1::Oid policy;
  std::vector<PolicyQualifier> qualifiers;
  ByteView qualifiers_der;  ///< SEQUENCE OF PolicyQualifierInfo, empty when absent
};
/// Duplicate policies are kMalformed "ext.duplicate_policy" (RFC 5280 4.2.1.4).
Result<std::vector<PolicyInformation>> parse_certificate_policies(ByteView value);

struct PolicyMapping {
  asn1::Oid issuer_domain;
  asn1::Oid subject_domain;
};
Result<std::vector<PolicyMapping>> parse_policy_mappings(ByteView value);

struct PolicyConstraints {
  std::optional<std::uint32_t> require_explicit_policy;
  std::optional<std::uint32_t> inhibit_policy_mapping;
};
Result<PolicyConstraints> parse_policy_constraints(ByteView value);
/// SkipCerts of inhibitAnyPolicy.
Result<std::uint32_t> parse_inhibit_any_policy(ByteView value);

struct GeneralSubtree {
  GeneralName base;
  std::uint64_t minimum = 0;
  std::optional<std::uint64_t> maximum;
};
struct NameConstraints {
  std::vector<GeneralSubtree> permitted;
  std::vector<GeneralSubtree> excluded;
};
/// Both lists absent is kMalformed "ext.name_constraints".
Result<NameConstraints> parse_name_constraints(ByteView value, QuirkRecorder& quirks);

/// ReasonFlags (RFC 5280 4.2.1.13), bit number n is 1 << n; bit 0 is unused.
inline constexpr std::uint16_t kAllReasons = 0x1FE;
struct DistributionPointName {
  std::vector<GeneralName> full_name;     ///< empty when relative_name is used
  std::optional<ByteView> relative_name;  ///< content octets of the RDN's SET; see Name::with_rdn
};
struct DistributionPoint {
  std::optional<DistributionPointName> name;
  std::optional<std::uint16_t> reasons;
  std::vector<GeneralName> crl_issuer;
};
/// cRLDistributionPoints and freshestCRL.
Result<std::vector<DistributionPoint>> parse_distribution_points(ByteView value, QuirkRecorder& quirks);

struct IssuingDistributionPoint {
  std::optional<DistributionPointName> name;
  bool only_user_certificates = false;
  bool only_ca_certificates = false;
  std::optional<std::uint16_t> only_some_reasons;
  bool indirect = false;
  bool only_attribute_certificates = false;
};
Result<IssuingDistributionPoint> parse_issuing_distribution_point(ByteView value, QuirkRecorder& quirks);

struct AccessDescription {
  asn1::Oid method;
  GeneralName location;
};
/// authorityInfoAccess and subjectInfoAccess.
Result<std::vector<AccessDescription>> parse_access_descriptions(ByteView value, QuirkRecorder& quirks);
/// subjectAltName, issuerAltName, certificateIssuer.
Result<std::vector<GeneralName>> parse_alternative_names(ByteView value, QuirkRecorder& quirks);

struct PrivateKeyUsagePeriod {
  std::optional<Time> not_before;
  std::optional<Time> not_after;
};
Result<PrivateKeyUsagePeriod> parse_private_key_usage_period(ByteView value);

struct DirectoryAttribute {
  asn1::Oid type;
  std::vector<ByteView> values;  ///< DER of each
};
Result<std::vector<DirectoryAttribute>> parse_directory_attributes(ByteView value);
/// An INTEGER (cRLNumber, deltaCRLIndicator).
Result<Serial> parse_crl_number(ByteView value);

/// CRLReason (RFC 5280 5.3.1).
enum class CrlReason : std::uint8_t {
  kUnspecified = 0,
  kKeyCompromise = 1,
  kCaCompromise = 2,
  kAffiliationChanged = 3,
  kSuperseded = 4,
  kCessationOfOperation = 5,
  kCertificateHold = 6,
  kRemoveFromCrl = 8,
  kPrivilegeWithdrawn = 9,
  kAaCompromise = 10,
};
std::string_view to_string(CrlReason reason);     ///< "keyCompromise" …
std::string_view to_string_zh(CrlReason reason);  ///< "密钥泄露" …
/// kMalformed "ext.crl_reason" for a number the norm does not have.
Result<CrlReason> crl_reason_from(std::uint64_t number);

/// All certificate extensions we understand, decoded; of a certificate or of a request's extensionRequest.
struct CertificateExtensions {
  std::vector<Extension> all;  ///< in the order of the certificate
  std::optional<AuthorityKeyIdentifier> authority_key_identifier;
  std::optional<ByteView> subject_key_identifier;
  std::optional<KeyUsage> key_usage;
  std::optional<ExtendedKeyUsage> extended_key_usage;
  std::optional<BasicConstraints> basic_constraints;
  std::optional<std::vector<PolicyInformation>> policies;
  std::optional<std::vector<PolicyMapping>> policy_mappings;
  std::optional<PolicyConstraints> policy_constraints;
  std::optional<std::uint32_t> inhibit_any_policy;
  std::optional<NameConstraints> name_constraints;
  std::optional<std::vector<DistributionPoint>> crl_distribution_points;
  std::optional<std::vector<DistributionPoint>> freshest_crl;
  std::optional<std::vector<AccessDescription>> authority_info_access;
  std::optional<std::vector<AccessDescription>> subject_info_access;
  std::optional<std::vector<GeneralName>> subject_alt_name;
  std::optional<std::vector<GeneralName>> issuer_alt_name;
  std::optional<PrivateKeyUsagePeriod> private_key_usage_period;
  std::optional<std::vector<DirectoryAttribute>> subject_directory_attributes;
  bool ocsp_no_check = false;
  /// Known extensions whose value did not parse; only with a policy that allows kMalformedExtension.
  std::vector<asn1::Oid> malformed;

  const Extension* find(const asn1::Oid& oid) const { return find_extension(all, oid); }
  bool is_critical(const asn1::Oid& oid) const;
};
/// The content of SEQUENCE OF Extension.
Result<CertificateExtensions> parse_certificate_extensions(ByteView content, QuirkRecorder& quirks);
/// True for the extensions that CertificateExtensions decodes: what "recognised" means for a critical one
/// (RFC 5280 4.2). The identity extensions of GM/T 0015 count as recognised.
bool is_recognised_extension(const asn1::Oid& oid);

}  // namespace hutong::x509
