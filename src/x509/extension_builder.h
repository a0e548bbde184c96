#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "asn1/oid.h"
#include "base/bytes.h"
#include "crypto/public_key.h"
#include "x509/extensions.h"
#include "x509/name.h"

namespace hutong::x509 {

/// An extension to be written; `value` is the content of extnValue.
struct ExtensionValue {
  asn1::Oid oid;
  bool critical = false;
  Bytes value;
};
Bytes to_der(const ExtensionValue& extension);

/// General names to be written, as DER.
Bytes dns_name(std::string_view name);
Bytes email_name(std::string_view address);
Bytes uri_name(std::string_view uri);
Bytes ip_name(ByteView octets);
Bytes directory_name(const Name& name);
Bytes other_name(const asn1::Oid& type, ByteView value_der);

/// SHA-1 of the key octets (RFC 5280 4.2.1.2 method 1): what the CAs of the region write.
Bytes key_identifier(const crypto::PublicKey& key);

namespace extension {

ExtensionValue basic_constraints(bool ca, std::optional<std::uint32_t> path_length = std::nullopt);
ExtensionValue key_usage(std::initializer_list<KeyUsageBit> bits);
ExtensionValue key_usage(const KeyUsage& usage);
ExtensionValue extended_key_usage(const std::vector<asn1::Oid>& purposes, bool critical = false);
ExtensionValue subject_key_identifier(ByteView key_identifier);
ExtensionValue authority_key_identifier(ByteView key_identifier);
struct Policy {
  asn1::Oid oid;
  std::string_view cps_uri = {};  ///< empty: no qualifier
};
ExtensionValue certificate_policies(const std::vector<Policy>& policies, bool critical = false);
ExtensionValue policy_mappings(const std::vector<PolicyMapping>& mappings);
ExtensionValue policy_constraints(std::optional<std::uint32_t> require_explicit_policy,
                                  std::optional<std::uint32_t> inhibit_policy_mapping);
ExtensionValue inhibit_any_policy(std::uint32_t skip_certificates);
/// Bases as DER general names.
ExtensionValue name_constraints(const std::vector<Bytes>& permitted, const std::vector<Bytes>& excluded);
ExtensionValue subject_alt_name(const std::vector<Bytes>& names, bool critical = false);
ExtensionValue issuer_alt_name(const std::vector<Bytes>& names);
/// One distribution point for each list of full names.
ExtensionValue crl_distribution_points(const std::vector<std::vector<Bytes>>& points);
ExtensionValue freshest_crl(const std::vector<std::vector<Bytes>>& points);
struct Access {
  asn1::Oid method;
  Bytes location;
};
ExtensionValue authority_info_access(const std::vector<Access>& accesses);
ExtensionValue private_key_usage_period(Time not_before, Time not_after);
ExtensionValue ocsp_no_check();
/// An identity extension of GM/T 0015 as PrintableString; resident card numbers take the CHOICE tag [0]
/// EXPLICIT (the form of the certificates sheet).
ExtensionValue identity(const asn1::Oid& oid, std::string_view text);

ExtensionValue crl_number(std::uint64_t number);
ExtensionValue delta_crl_indicator(std::uint64_t base_number);
struct IssuingPoint {
  std::vector<Bytes> full_name = {};
  bool only_user_certificates = false;
  bool only_ca_certificates = false;
  std::optional<std::uint16_t> only_some_reasons = std::nullopt;
  bool indirect = false;
};
ExtensionValue issuing_distribution_point(const IssuingPoint& point);

}  // namespace extension

}  // namespace hutong::x509
