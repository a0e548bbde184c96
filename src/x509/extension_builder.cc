#include "x509/extension_builder.h"

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "crypto/digest.h"
#include "x509/internal/extension_writing.h"

namespace hutong::x509 {
namespace {

using asn1::Tag;
using asn1::Writer;
namespace oids = asn1::oids;

template <typename Fill>
Bytes sequence_of(Fill&& fill) {
  Writer out;
  out.sequence(fill);
  return std::move(out).take();
}

Bytes text_name(GeneralNameKind kind, std::string_view text) {
  Writer out;
  out.text(asn1::context(static_cast<std::uint8_t>(kind)), text);
  return std::move(out).take();
}

void write_all(Writer& out, const std::vector<Bytes>& parts) {
  for (const Bytes& part : parts) {
    out.raw(part);
  }
}

/// distributionPoint [0] { fullName [0] names }.
void write_point_name(Writer& out, const std::vector<Bytes>& names) {
  out.constructed(asn1::context_constructed(0), [&names](Writer& choice) {
    choice.constructed(asn1::context_constructed(0), [&names](Writer& full) { write_all(full, names); });
  });
}

Bytes points_der(const std::vector<std::vector<Bytes>>& points) {
  return sequence_of([&points](Writer& list) {
    for (const auto& names : points) {
      list.sequence([&names](Writer& point) { write_point_name(point, names); });
    }
  });
}

void write_flag(Writer& out, std::uint8_t number, bool value) {
  constexpr std::uint8_t kTrue = 0xFF;
  if (value) {
    out.element(asn1::context(number), {&kTrue, 1});
  }
}

Bytes number_der(std::uint64_t number) {
  Writer out;
  out.small(number);
  return std::move(out).take();
}

Bytes octets_der(ByteView octets) {
  Writer out;
  out.octet_string(octets);
  return std::move(out).take();
}

void write_subtrees(Writer& out, std::uint8_t number, const std::vector<Bytes>& bases) {
  if (bases.empty()) {
    return;
  }
  out.constructed(asn1::context_constructed(number), [&bases](Writer& list) {
    for (const Bytes& base : bases) {
      list.sequence([&base](Writer& subtree) { subtree.raw(base); });
    }
  });
}

}  // namespace

Bytes to_der(const ExtensionValue& extension) {
  return sequence_of([&extension](Writer& fields) {
    fields.oid(extension.oid);
    if (extension.critical) {
      fields.boolean(true);
    }
    fields.octet_string(extension.value);
  });
}

namespace internal {

void write_extensions(Writer& out, const std::vector<ExtensionValue>& extensions) {
  out.sequence([&extensions](Writer& list) {
    for (const ExtensionValue& extension : extensions) {
      list.raw(to_der(extension));
    }
  });
}

}  // namespace internal

Bytes dns_name(std::string_view name) { return text_name(GeneralNameKind::kDnsName, name); }
Bytes email_name(std::string_view address) { return text_name(GeneralNameKind::kRfc822Name, address); }
Bytes uri_name(std::string_view uri) { return text_name(GeneralNameKind::kUri, uri); }

Bytes ip_name(ByteView octets) {
  Writer out;
  out.element(asn1::context(static_cast<std::uint8_t>(GeneralNameKind::kIpAddress)), octets);
  return std::move(out).take();
}

Bytes directory_name(const Name& name) {
  Writer out;
  out.element(asn1::context_constructed(static_cast<std::uint8_t>(GeneralNameKind::kDirectoryName)),
              name.der());
  return std::move(out).take();
}

Bytes other_name(const asn1::Oid& type, ByteView value_der) {
  Writer out;
  out.constructed(asn1::context_constructed(0), [&](Writer& fields) {
    fields.oid(type);
    fields.element(asn1::context_constructed(0), value_der);
  });
  return std::move(out).take();
}

Bytes key_identifier(const crypto::PublicKey& key) {
  return crypto::digest(crypto::DigestAlgorithm::kSha1, key.key_octets());
}

namespace extension {

ExtensionValue basic_constraints(bool ca, std::optional<std::uint32_t> path_length) {
  return {oids::kBasicConstraints, true, sequence_of([&](Writer& fields) {
            if (ca) {
              fields.boolean(true);
            }
            if (path_length) {
              fields.small(*path_length);
            }
          })};
}

ExtensionValue key_usage(std::initializer_list<KeyUsageBit> bits) {
  KeyUsage usage;
  for (const KeyUsageBit bit : bits) {
    usage.bits = static_cast<std::uint16_t>(usage.bits | static_cast<std::uint16_t>(bit));
  }
  return key_usage(usage);
}

ExtensionValue key_usage(const KeyUsage& usage) {
  Writer out;
  out.named_bits(usage.bits);
  return {oids::kKeyUsage, true, std::move(out).take()};
}

ExtensionValue extended_key_usage(const std::vector<asn1::Oid>& purposes, bool critical) {
  return {oids::kExtendedKeyUsage, critical, sequence_of([&purposes](Writer& list) {
            for (const asn1::Oid& purpose : purposes) {
              list.oid(purpose);
            }
          })};
}

ExtensionValue subject_key_identifier(ByteView identifier) {
  return {oids::kSubjectKeyIdentifier, false, octets_der(identifier)};
}

ExtensionValue authority_key_identifier(ByteView identifier) {
  return {oids::kAuthorityKeyIdentifier, false,
          sequence_of([identifier](Writer& fields) { fields.element(asn1::context(0), identifier); })};
}

ExtensionValue certificate_policies(const std::vector<Policy>& policies, bool critical) {
  const auto write_qualifier = [](Writer& list, std::string_view uri) {
    list.sequence([uri](Writer& qualifier) {
      qualifier.oid(oids::kCpsQualifier);
      qualifier.text(Tag::kIa5String, uri);
    });
  };
  return {
      oids::kCertificatePolicies, critical, sequence_of([&](Writer& list) {
        for (const Policy& policy : policies) {
          list.sequence([&](Writer& information) {
            information.oid(policy.oid);
            if (!policy.cps_uri.empty()) {
              information.sequence([&](Writer& qualifiers) { write_qualifier(qualifiers, policy.cps_uri); });
            }
          });
        }
      })};
}

ExtensionValue policy_mappings(const std::vector<PolicyMapping>& mappings) {
  return {oids::kPolicyMappings, true, sequence_of([&mappings](Writer& list) {
            for (const PolicyMapping& mapping : mappings) {
              list.sequence([&mapping](Writer& fields) {
                fields.oid(mapping.issuer_domain);
                fields.oid(mapping.subject_domain);
              });
            }
          })};
}

ExtensionValue policy_constraints(std::optional<std::uint32_t> require_explicit_policy,
                                  std::optional<std::uint32_t> inhibit_policy_mapping) {
  return {oids::kPolicyConstraints, true, sequence_of([&](Writer& fields) {
            if (require_explicit_policy) {
              fields.small(*require_explicit_policy, asn1::context(0));
            }
            if (inhibit_policy_mapping) {
              fields.small(*inhibit_policy_mapping, asn1::context(1));
            }
          })};
}

ExtensionValue inhibit_any_policy(std::uint32_t skip_certificates) {
  return {oids::kInhibitAnyPolicy, true, number_der(skip_certificates)};
}

ExtensionValue name_constraints(const std::vector<Bytes>& permitted, const std::vector<Bytes>& excluded) {
  return {oids::kNameConstraints, true, sequence_of([&](Writer& fields) {
            write_subtrees(fields, 0, permitted);
            write_subtrees(fields, 1, excluded);
          })};
}

ExtensionValue subject_alt_name(const std::vector<Bytes>& names, bool critical) {
  return {oids::kSubjectAltName, critical, sequence_of([&names](Writer& list) { write_all(list, names); })};
}

ExtensionValue issuer_alt_name(const std::vector<Bytes>& names) {
  return {oids::kIssuerAltName, false, sequence_of([&names](Writer& list) { write_all(list, names); })};
}

ExtensionValue crl_distribution_points(const std::vector<std::vector<Bytes>>& points) {
  return {oids::kCrlDistributionPoints, false, points_der(points)};
}

ExtensionValue freshest_crl(const std::vector<std::vector<Bytes>>& points) {
  return {oids::kFreshestCrl, false, points_der(points)};
}

ExtensionValue authority_info_access(const std::vector<Access>& accesses) {
  return {oids::kAuthorityInfoAccess, false, sequence_of([&accesses](Writer& list) {
            for (const Access& access : accesses) {
              list.sequence([&access](Writer& fields) {
                fields.oid(access.method);
                fields.raw(access.location);
              });
            }
          })};
}

ExtensionValue private_key_usage_period(Time not_before, Time not_after) {
  return {oids::kPrivateKeyUsagePeriod, false, sequence_of([&](Writer& fields) {
            fields.generalized_time(not_before, asn1::context(0));
            fields.generalized_time(not_after, asn1::context(1));
          })};
}

ExtensionValue ocsp_no_check() {
  Writer out;
  out.null();
  return {oids::kOcspNoCheck, false, std::move(out).take()};
}

ExtensionValue identity(const asn1::Oid& oid, std::string_view text) {
  Writer out;
  if (oid == oids::kIdentityCode) {
    out.constructed(asn1::context_constructed(0),
                    [text](Writer& card) { card.text(Tag::kPrintableString, text); });
  } else {
    out.text(Tag::kPrintableString, text);
  }
  return {oid, false, std::move(out).take()};
}

ExtensionValue crl_number(std::uint64_t number) { return {oids::kCrlNumber, false, number_der(number)}; }

ExtensionValue delta_crl_indicator(std::uint64_t base_number) {
  return {oids::kDeltaCrlIndicator, true, number_der(base_number)};
}

ExtensionValue issuing_distribution_point(const IssuingPoint& point) {
  return {oids::kIssuingDistributionPoint, true, sequence_of([&point](Writer& fields) {
            if (!point.full_name.empty()) {
              write_point_name(fields, point.full_name);
            }
            write_flag(fields, 1, point.only_user_certificates);
            write_flag(fields, 2, point.only_ca_certificates);
            if (point.only_some_reasons) {
              Writer bits;
              bits.named_bits(*point.only_some_reasons);
              fields.element(asn1::context(3), bits.view().subspan(2));
            }
            write_flag(fields, 4, point.indirect);
          })};
}

}  // namespace extension

}  // namespace hutong::x509
