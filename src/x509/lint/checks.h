#pragma once

#include <string>

#include "x509/lint/rule.h"

/// What several kinds of object have in common: algorithm identifiers, keys, times, names.
namespace hutong::x509::lint {

/// SM2-with-SM3 wants no parameters; NULL is a widespread habit. Anything else is a lapse.
Lapse sm2_parameters_odd(const AlgorithmView& algorithm);
Lapse sm2_parameters_written(const AlgorithmView& algorithm);
Lapse not_sm2_with_sm3(const AlgorithmView& algorithm);
Lapse weak_hash(const AlgorithmView& algorithm);
Lapse algorithms_differ(const AlgorithmView& inner, const AlgorithmView& outer);
/// For SM2: SEQUENCE { r, s } in strict DER, whole octets.
Lapse signature_odd(const AlgorithmView& algorithm, const asn1::BitString& signature);

Lapse key_not_sm2(ByteView spki);
Lapse key_form_odd(ByteView spki);
Lapse key_unreadable(ByteView spki);

Lapse time_form_odd(const TimeView& time);
/// UTCTime to 2049, GeneralizedTime from 2050.
Lapse time_choice_wrong(const TimeView& time);

Lapse serial_not_positive(ByteView integer);
Lapse serial_too_long(ByteView integer);

Lapse extension_twice(const std::vector<ExtensionView>& extensions);
Lapse extension_default_written(const std::vector<ExtensionView>& extensions);
/// The value of a known extension does not parse.
Lapse extension_broken(const std::vector<ExtensionView>& extensions);

Lapse rdn_with_several_attributes(const Name& name);
Lapse name_order_unusual(const Name& name);
Lapse country_not_two_letters(const Name& name);
Lapse country_not_upper_case(const Name& name);
Lapse country_not_printable(const Name& name);
Lapse legacy_string(const Name& name);
Lapse printable_instead_of_utf8(const Name& name);
Lapse email_not_ia5(const Name& name);
Lapse serial_number_not_printable(const Name& name);
Lapse domain_component_not_ia5(const Name& name);
Lapse characters_outside_type(const Name& name);
Lapse longer_than_upper_bound(const Name& name);
Lapse blank_at_border(const Name& name);
Lapse control_character(const Name& name);
Lapse attribute_twice(const Name& name);
Lapse unique_identifier_not_bits(const Name& name);
Lapse attribute_value_not_string(const Name& name);

/// The extension is marked critical.
template <const asn1::Oid& kOid>
Lapse critical(const CertificateView& view) {
  const auto* extension = view.extension(kOid);
  return extension != nullptr && extension->critical ? Lapse("") : std::nullopt;
}

/// An absolute URI in ASCII with one of the schemes http, https, ldap, ldaps.
bool is_network_uri(std::string_view text);
bool is_ascii(std::string_view text);

}  // namespace hutong::x509::lint
