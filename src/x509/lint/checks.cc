#include "x509/lint/checks.h"

#include <algorithm>
#include <array>
#include <set>

#include "asn1/oids.h"
#include "base/encoding.h"
#include "crypto/public_key.h"
#include "crypto/sm2.h"
#include "x509/extensions.h"

namespace hutong::x509::lint {
namespace {

namespace oids = asn1::oids;
using asn1::Tag;

constexpr std::size_t kMostShownOctets = 24;

std::string shown(ByteView octets) {
  const auto first = octets.first(std::min(octets.size(), kMostShownOctets));
  return to_hex(first) + (first.size() < octets.size() ? "…" : "");
}

bool is_null(ByteView parameters) {
  return parameters.size() == 2 && parameters[0] == 0x05 && parameters[1] == 0x00;
}

/// True when the value of this extension parses completely; true for extensions that we do not know.
bool parses(const ExtensionView& extension) {
  QuirkRecorder quirks(QuirkPolicy::everything());
  const ByteView value = extension.value;
  struct Parser {
    asn1::Oid oid;
    bool (*parses)(ByteView, QuirkRecorder&);
  };
  static constexpr std::array kParsers{
      Parser{oids::kAuthorityKeyIdentifier,
             [](ByteView v, QuirkRecorder& q) { return parse_authority_key_identifier(v, q).has_value(); }},
      Parser{oids::kSubjectKeyIdentifier,
             [](ByteView v, QuirkRecorder&) { return parse_subject_key_identifier(v).has_value(); }},
      Parser{oids::kKeyUsage, [](ByteView v, QuirkRecorder& q) { return parse_key_usage(v, q).has_value(); }},
      Parser{oids::kBasicConstraints,
             [](ByteView v, QuirkRecorder& q) { return parse_basic_constraints(v, q).has_value(); }},
      Parser{oids::kExtendedKeyUsage,
             [](ByteView v, QuirkRecorder&) { return parse_extended_key_usage(v).has_value(); }},
      Parser{oids::kCertificatePolicies,
             [](ByteView v, QuirkRecorder&) {
               auto policies = parse_certificate_policies(v);
               return policies || policies.error().reason == "ext.duplicate_policy";
             }},
      Parser{oids::kPolicyMappings,
             [](ByteView v, QuirkRecorder&) { return parse_policy_mappings(v).has_value(); }},
      Parser{oids::kPolicyConstraints,
             [](ByteView v, QuirkRecorder&) { return parse_policy_constraints(v).has_value(); }},
      Parser{oids::kInhibitAnyPolicy,
             [](ByteView v, QuirkRecorder&) { return parse_inhibit_any_policy(v).has_value(); }},
      Parser{oids::kNameConstraints,
             [](ByteView v, QuirkRecorder& q) { return parse_name_constraints(v, q).has_value(); }},
      Parser{oids::kCrlDistributionPoints,
             [](ByteView v, QuirkRecorder& q) { return parse_distribution_points(v, q).has_value(); }},
      Parser{oids::kFreshestCrl,
             [](ByteView v, QuirkRecorder& q) { return parse_distribution_points(v, q).has_value(); }},
      Parser{oids::kIssuingDistributionPoint,
             [](ByteView v, QuirkRecorder& q) { return parse_issuing_distribution_point(v, q).has_value(); }},
      Parser{oids::kAuthorityInfoAccess,
             [](ByteView v, QuirkRecorder& q) { return parse_access_descriptions(v, q).has_value(); }},
      Parser{oids::kSubjectInfoAccess,
             [](ByteView v, QuirkRecorder& q) { return parse_access_descriptions(v, q).has_value(); }},
      Parser{oids::kSubjectAltName,
             [](ByteView v, QuirkRecorder& q) { return parse_alternative_names(v, q).has_value(); }},
      Parser{oids::kIssuerAltName,
             [](ByteView v, QuirkRecorder& q) { return parse_alternative_names(v, q).has_value(); }},
      Parser{oids::kPrivateKeyUsagePeriod,
             [](ByteView v, QuirkRecorder&) { return parse_private_key_usage_period(v).has_value(); }},
      Parser{oids::kSubjectDirectoryAttributes,
             [](ByteView v, QuirkRecorder&) { return parse_directory_attributes(v).has_value(); }},
      Parser{oids::kCrlNumber, [](ByteView v, QuirkRecorder&) { return parse_crl_number(v).has_value(); }},
      Parser{oids::kDeltaCrlIndicator,
             [](ByteView v, QuirkRecorder&) { return parse_crl_number(v).has_value(); }},
  };
  const auto found = std::ranges::find(kParsers, extension.oid, &Parser::oid);
  return found == kParsers.end() || found->parses(value, quirks);
}

}  // namespace

Lapse sm2_parameters_odd(const AlgorithmView& algorithm) {
  if (algorithm.oid != oids::kSm2WithSm3 || algorithm.parameters.empty() || is_null(algorithm.parameters)) {
    return std::nullopt;
  }
  return shown(algorithm.parameters);
}

Lapse sm2_parameters_written(const AlgorithmView& algorithm) {
  const bool null = algorithm.oid == oids::kSm2WithSm3 && is_null(algorithm.parameters);
  return null ? Lapse("NULL") : std::nullopt;
}

Lapse not_sm2_with_sm3(const AlgorithmView& algorithm) {
  return algorithm.oid == oids::kSm2WithSm3 ? std::nullopt : Lapse(algorithm.oid.to_string());
}

Lapse weak_hash(const AlgorithmView& algorithm) {
  static constexpr std::array kWeak{oids::kMd5WithRsa, oids::kSha1WithRsa, oids::kEcdsaWithSha1,
                                    oids::kDsaWithSha1};
  const bool weak = std::ranges::find(kWeak, algorithm.oid) != kWeak.end();
  return weak ? Lapse(algorithm.oid.to_string()) : std::nullopt;
}

Lapse algorithms_differ(const AlgorithmView& inner, const AlgorithmView& outer) {
  if (equal(inner.encoded, outer.encoded)) {
    return std::nullopt;
  }
  return shown(inner.encoded) + " ≠ " + shown(outer.encoded);
}

Lapse signature_odd(const AlgorithmView& algorithm, const asn1::BitString& signature) {
  const bool whole = signature.unused_bits == 0;
  const bool sm2 = algorithm.oid == oids::kSm2WithSm3;
  if (whole && (!sm2 || crypto::Sm2Signature::from_der(signature.octets))) {
    return std::nullopt;
  }
  return shown(signature.octets);
}

Lapse key_not_sm2(ByteView spki) {
  auto key = crypto::PublicKey::from_spki(spki);
  return key && key->type() != crypto::KeyType::kSm2 ? Lapse(key->name()) : std::nullopt;
}

Lapse key_form_odd(ByteView spki) {
  auto key = crypto::PublicKey::from_spki(spki);
  if (!key || key->form() == crypto::SpkiForm::kStandard) {
    return std::nullopt;
  }
  return key->form() == crypto::SpkiForm::kExplicitCurve ? "SpecifiedECDomain" : oids::kSm2Curve.to_string();
}

Lapse key_unreadable(ByteView spki) {
  auto key = crypto::PublicKey::from_spki(spki);
  return key ? std::nullopt : Lapse(std::string(key.error().reason));
}

Lapse time_form_odd(const TimeView& time) {
  return time.time() ? std::nullopt : Lapse(std::string(as_text(time.content)));
}

Lapse time_choice_wrong(const TimeView& time) {
  const auto when = time.time();
  if (!when) {
    return std::nullopt;
  }
  const bool utc_time_wanted = to_civil(*when).year < 2050;
  return utc_time_wanted == (time.tag == Tag::kUtcTime) ? std::nullopt
                                                        : Lapse(std::string(as_text(time.content)));
}

Lapse serial_not_positive(ByteView integer) {
  const bool zero = std::ranges::all_of(integer, [](std::uint8_t octet) { return octet == 0; });
  const bool negative = !integer.empty() && (integer[0] & 0x80) != 0;
  return zero || negative ? Lapse(shown(integer)) : std::nullopt;
}

Lapse serial_too_long(ByteView integer) {
  return integer.size() > 20 ? Lapse(std::to_string(integer.size())) : std::nullopt;
}

Lapse extension_twice(const std::vector<ExtensionView>& extensions) {
  std::set<asn1::Oid> seen;
  for (const auto& extension : extensions) {
    if (!seen.insert(extension.oid).second) {
      return extension.oid.to_string();
    }
  }
  return std::nullopt;
}

Lapse extension_default_written(const std::vector<ExtensionView>& extensions) {
  const auto found = std::ranges::find(extensions, true, &ExtensionView::default_written);
  return found == extensions.end() ? std::nullopt : Lapse(found->oid.to_string());
}

Lapse extension_broken(const std::vector<ExtensionView>& extensions) {
  const auto found = std::ranges::find_if_not(extensions, parses);
  return found == extensions.end() ? std::nullopt : Lapse(found->oid.to_string());
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_network_uri(std::string_view text) {
  static constexpr std::array<std::string_view, 4> kSchemes{"http", "https", "ldap", "ldaps"};
  const auto colon = text.find("://");
  if (colon == std::string_view::npos || colon + 3 == text.size()) {
    return false;
  }
  const bool known = std::ranges::any_of(
      kSchemes, [&](std::string_view scheme) { return same_text(scheme, text.substr(0, colon)); });
  const bool clean = std::ranges::all_of(
      text, [](char c) { return c > 0x20 && c < 0x7F && c != '"' && c != '<' && c != '>'; });
  return known && clean;
}

}  // namespace hutong::x509::lint
