#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "asn1/oids.h"
#include "base/encoding.h"
#include "x509/lint.h"
#include "x509/lint/draft.h"

namespace hutong::x509::lint::test {
namespace {

namespace oids = asn1::oids;
using asn1::Tag;
using asn1::Writer;

/// A rule, the clean draft it starts from, and how the draft is made to break it.
struct CertificateCase {
  std::string_view rule;
  CertificateDraft (*clean)();
  void (*breaks)(CertificateDraft&);
};

Bytes hex(std::string_view text) { return from_hex(text).value(); }

Bytes names_value(const std::vector<Bytes>& names) {
  return der([&](Writer& out) {
    out.sequence([&](Writer& list) {
      for (const auto& name : names) {
        list.raw(name);
      }
    });
  });
}

/// id-ecPublicKey replaced by the curve's OID as algorithm, or a point off the curve.
Bytes spki_with_curve_as_algorithm() {
  const Bytes standard = sm2_spki();
  return der([&](Writer& out) {
    out.sequence([&](Writer& body) {
      body.sequence([](Writer& algorithm) {
        algorithm.oid(oids::kSm2Curve);
        algorithm.oid(oids::kSm2Curve);
      });
      body.bit_string(ByteView(standard).last(65));
    });
  });
}

Bytes spki_off_curve() {
  Bytes spki = sm2_spki();
  spki.back() = static_cast<std::uint8_t>(spki.back() ^ 1);
  return spki;
}

Bytes policies_value(const std::vector<Bytes>& policies) {
  return der([&](Writer& out) {
    out.sequence([&](Writer& list) {
      for (const auto& policy : policies) {
        list.raw(policy);
      }
    });
  });
}

constexpr asn1::Oid kPolicy("1.2.156.1.1");
constexpr asn1::Oid kUnknown("1.2.156.99.1");

Bytes policy_with_qualifier(const asn1::Oid& kind, ByteView qualifier) {
  return der([&](Writer& out) {
    out.sequence([&](Writer& information) {
      information.oid(kPolicy);
      information.sequence([&](Writer& qualifiers) {
        qualifiers.sequence([&](Writer& one) {
          one.oid(kind);
          one.raw(qualifier);
        });
      });
    });
  });
}

Bytes user_notice(std::string_view text) {
  return der(
      [&](Writer& out) { out.sequence([&](Writer& notice) { notice.text(Tag::kUtf8String, text); }); });
}

/// A distribution point: [1] reasons only, with or without a name in front.
Bytes points_with_reasons(bool with_name) {
  const Bytes uri = uri_name("http://crl.example.cn/1.crl");
  return der([&](Writer& out) {
    out.sequence([&](Writer& list) {
      list.sequence([&](Writer& point) {
        if (with_name) {
          point.constructed(asn1::context_constructed(0), [&](Writer& name) {
            name.constructed(asn1::context_constructed(0), [&](Writer& full) { full.raw(uri); });
          });
        }
        point.element(asn1::context(1), Bytes{0x06, 0x40});
      });
    });
  });
}

Name one_rdn_with_two() {
  const auto pair = [](const asn1::Oid& type, Tag tag, std::string_view text) {
    return der([&](Writer& out) {
      out.sequence([&](Writer& body) {
        body.oid(type);
        body.text(tag, text);
      });
    });
  };
  const Bytes encoded = der([&](Writer& out) {
    out.sequence([&](Writer& rdns) {
      rdns.set_of({pair(oids::kCountry, Tag::kPrintableString, "CN")});
      rdns.set_of(
          {pair(oids::kOrganization, Tag::kUtf8String, "O"), pair(oids::kCommonName, Tag::kUtf8String, "N")});
    });
  });
  return Name::parse(encoded).value();
}

CertificateDraft plain_organization() {
  CertificateDraft draft = organization_draft();
  draft.remove(oids::kOrganizationCode);
  return draft;
}

void put_identity(CertificateDraft& draft, const asn1::Oid& oid, std::string_view text) {
  draft.set(oid, text_value(Tag::kPrintableString, text));
}

const std::vector<CertificateCase>& certificate_cases() {
  static const std::vector<CertificateCase> kCases{
      {"lint.cert.version_3", organization_draft, [](auto& d) { d.version = 1; }},
      {"lint.cert.version_default", organization_draft, [](auto& d) { d.version = 0; }},
      {"lint.cert.serial_positive", organization_draft, [](auto& d) { d.serial = {0x00}; }},
      {"lint.cert.serial_positive", organization_draft, [](auto& d) { d.serial = Bytes(9, 0x80); }},
      {"lint.cert.serial_length", organization_draft, [](auto& d) { d.serial = Bytes(21, 0x11); }},
      {"lint.cert.serial_unpredictable", organization_draft,
       [](auto& d) {
         d.serial = {0x10, 0x00};
       }},
      {"lint.cert.algorithm_match", organization_draft,
       [](auto& d) {
         d.outer_algorithm = sm2_with_sm3(Bytes{0x05, 0x00});
       }},
      {"lint.cert.algorithm_sm2_sm3", organization_draft,
       [](auto& d) { d.inner_algorithm = d.outer_algorithm = algorithm(oids::kEcdsaWithSha256); }},
      {"lint.cert.algorithm_parameters", organization_draft,
       [](auto& d) {
         d.inner_algorithm = d.outer_algorithm = sm2_with_sm3(Bytes{0x04, 0x00});
       }},
      {"lint.cert.algorithm_null", organization_draft,
       [](auto& d) {
         d.inner_algorithm = d.outer_algorithm = sm2_with_sm3(Bytes{0x05, 0x00});
       }},
      {"lint.cert.algorithm_hash", organization_draft,
       [](auto& d) { d.inner_algorithm = d.outer_algorithm = algorithm(oids::kSha1WithRsa); }},
      {"lint.cert.signature_encoding", organization_draft, [](auto& d) { d.signature = Bytes(64, 0x01); }},
      {"lint.cert.validity_form", organization_draft,
       [](auto& d) { d.not_before = utc_time("2601010000Z"); }},
      {"lint.cert.validity_form", organization_draft,
       [](auto& d) { d.not_after = generalized_time("20280101000000.5Z"); }},
      {"lint.cert.validity_encoding", organization_draft,
       [](auto& d) { d.not_before = generalized_time("20260101000000Z"); }},
      {"lint.cert.validity_order", organization_draft, [](auto& d) { std::swap(d.not_before, d.not_after); }},
      {"lint.cert.validity_end_entity", organization_draft,
       [](auto& d) { d.not_after = utc_time("360101000000Z"); }},
      {"lint.cert.validity_ca", root_draft,
       [](auto& d) { d.not_after = generalized_time("20660101000000Z"); }},
      {"lint.cert.unique_ids", organization_draft,
       [](auto& d) {
         d.unique_ids = {0x81, 0x02, 0x00, 0x01};
       }},
      {"lint.cert.key_sm2", organization_draft, [](auto& d) { d.spki = rsa_spki(2048); }},
      {"lint.cert.key_form", organization_draft, [](auto& d) { d.spki = spki_with_curve_as_algorithm(); }},
      {"lint.cert.key_valid", organization_draft, [](auto& d) { d.spki = spki_off_curve(); }},
      {"lint.cert.key_rsa_size", organization_draft, [](auto& d) { d.spki = rsa_spki(1024); }},
      {"lint.cert.extensions_not_empty", organization_draft, [](auto& d) { d.extensions.clear(); }},
      {"lint.cert.extensions_unique", organization_draft,
       [](auto& d) { d.extensions.push_back(d.extensions.front()); }},
      {"lint.cert.extension_default", organization_draft,
       [](auto& d) { d.default_written = oids::kAuthorityKeyIdentifier; }},
      {"lint.cert.extension_syntax", organization_draft,
       [](auto& d) {
         d.set(oids::kCrlDistributionPoints, Bytes{0x04, 0x00});
       }},

      {"lint.cert.issuer_present", organization_draft, [](auto& d) { d.issuer = Name(); }},
      {"lint.cert.subject_present", organization_draft, [](auto& d) { d.subject = Name(); }},
      {"lint.cert.subject_country", organization_draft,
       [](auto& d) {
         d.subject = name({{oids::kCommonName, Tag::kUtf8String, "张三"}});
       }},
      {"lint.cert.subject_common_name", organization_draft,
       [](auto& d) {
         d.subject = name({{oids::kCountry, Tag::kPrintableString, "CN"}});
       }},
      {"lint.cert.name_one_attribute_per_rdn", organization_draft,
       [](auto& d) { d.subject = one_rdn_with_two(); }},
      {"lint.cert.name_order", organization_draft,
       [](auto& d) {
         d.subject = name(
             {{oids::kCommonName, Tag::kUtf8String, "张三"}, {oids::kCountry, Tag::kPrintableString, "CN"}});
       }},
      {"lint.cert.name_country_code", organization_draft,
       [](auto& d) {
         d.issuer = subject_with({oids::kCountry, Tag::kPrintableString, "CHN"});
       }},
      {"lint.cert.name_country_upper_case", organization_draft,
       [](auto& d) {
         d.issuer = subject_with({oids::kCountry, Tag::kPrintableString, "cn"});
       }},
      {"lint.cert.name_country_type", organization_draft,
       [](auto& d) {
         d.issuer = subject_with({oids::kCountry, Tag::kUtf8String, "CN"});
       }},
      {"lint.cert.name_legacy_string", organization_draft,
       [](auto& d) {
         d.subject =
             subject_with({oids::kOrganizationalUnit, Tag::kBmpString, std::string_view("\x4E\x2D", 2)});
       }},
      {"lint.cert.name_utf8", organization_draft,
       [](auto& d) {
         d.subject = subject_with({oids::kOrganizationalUnit, Tag::kPrintableString, "RA"});
       }},
      {"lint.cert.name_email_type", organization_draft,
       [](auto& d) {
         d.subject = subject_with({oids::kEmailAddress, Tag::kUtf8String, "a@example.cn"});
       }},
      {"lint.cert.name_serial_number_type", organization_draft,
       [](auto& d) {
         d.subject = subject_with({oids::kSerialNumber, Tag::kUtf8String, "350658"});
       }},
      {"lint.cert.name_domain_component_type", organization_draft,
       [](auto& d) {
         d.subject = subject_with({oids::kDomainComponent, Tag::kUtf8String, "cn"});
       }},
      {"lint.cert.name_unique_identifier_type", organization_draft,
       [](auto& d) {
         d.subject = subject_with({oids::kUniqueIdentifier, Tag::kUtf8String, "1"});
       }},
      {"lint.cert.name_value_string", organization_draft,
       [](auto& d) {
         d.subject = subject_with({oids::kOrganizationalUnit, Tag::kOctetString, "x"});
       }},
      {"lint.cert.name_characters", organization_draft,
       [](auto& d) {
         d.subject = subject_with({oids::kOrganizationalUnit, Tag::kUtf8String, "\xFF"});
       }},
      {"lint.cert.name_characters", organization_draft,
       [](auto& d) {
         d.subject = subject_with({oids::kSerialNumber, Tag::kPrintableString, "a@b"});
       }},
      {"lint.cert.name_upper_bound", organization_draft,
       [](auto& d) {
         static const std::string kLong(65, 'x');
         d.subject = subject_with({oids::kOrganizationalUnit, Tag::kUtf8String, kLong});
       }},
      {"lint.cert.name_blank", organization_draft,
       [](auto& d) {
         d.subject = subject_with({oids::kOrganizationalUnit, Tag::kUtf8String, " RA"});
       }},
      {"lint.cert.name_control_character", organization_draft,
       [](auto& d) {
         d.subject = subject_with({oids::kOrganizationalUnit, Tag::kUtf8String, "R\tA"});
       }},
      {"lint.cert.name_repetition", organization_draft,
       [](auto& d) {
         d.subject = subject_with({oids::kOrganization, Tag::kUtf8String, "互通"});
       }},

      {"lint.cert.critical_known", organization_draft,
       [](auto& d) {
         d.set(kUnknown, Bytes{0x05, 0x00}, true);
       }},
      {"lint.cert.aki_present", organization_draft, [](auto& d) { d.remove(oids::kAuthorityKeyIdentifier); }},
      {"lint.cert.aki_not_critical", organization_draft,
       [](auto& d) { d.critical(oids::kAuthorityKeyIdentifier, true); }},
      {"lint.cert.aki_key_identifier", organization_draft,
       [](auto& d) {
         d.set(oids::kAuthorityKeyIdentifier, Bytes{0x30, 0x00});
       }},
      {"lint.cert.aki_issuer_pair", organization_draft,
       [](auto& d) { d.set(oids::kAuthorityKeyIdentifier, hex("30068001018201 01")); }},
      {"lint.cert.aki_key_identifier_only", organization_draft,
       [](auto& d) { d.set(oids::kAuthorityKeyIdentifier, hex("300B 800101 A103 820161 820101")); }},
      {"lint.cert.ski_present_ca", root_draft, [](auto& d) { d.remove(oids::kSubjectKeyIdentifier); }},
      {"lint.cert.ski_present_ee", organization_draft,
       [](auto& d) { d.remove(oids::kSubjectKeyIdentifier); }},
      {"lint.cert.ski_not_critical", organization_draft,
       [](auto& d) { d.critical(oids::kSubjectKeyIdentifier, true); }},
      {"lint.cert.ski_length", organization_draft,
       [](auto& d) { d.set(oids::kSubjectKeyIdentifier, hex("0402AABB")); }},
      {"lint.cert.basic_constraints_ca", root_draft, [](auto& d) { d.remove(oids::kBasicConstraints); }},
      {"lint.cert.basic_constraints_critical", root_draft,
       [](auto& d) { d.critical(oids::kBasicConstraints, false); }},
      {"lint.cert.basic_constraints_path_length", organization_draft,
       [](auto& d) { d.set(oids::kBasicConstraints, hex("3003020100")); }},
      {"lint.cert.basic_constraints_default", organization_draft,
       [](auto& d) { d.set(oids::kBasicConstraints, hex("3003010100")); }},
      {"lint.cert.policy_unique", sub_ca_draft,
       [](auto& d) {
         const Bytes policy = der([](Writer& out) { out.sequence([](Writer& one) { one.oid(kPolicy); }); });
         d.set(oids::kCertificatePolicies, policies_value({policy, policy}));
       }},
      {"lint.cert.policy_cps_uri", sub_ca_draft,
       [](auto& d) {
         d.set(oids::kCertificatePolicies, policies_value({policy_with_qualifier(
                                               oids::kCpsQualifier, text_value(Tag::kIa5String, "cps"))}));
       }},
      {"lint.cert.policy_notice_length", sub_ca_draft,
       [](auto& d) {
         const Bytes notice = user_notice(std::string(201, 'x'));
         d.set(oids::kCertificatePolicies,
               policies_value({policy_with_qualifier(oids::kUserNoticeQualifier, notice)}));
       }},
      {"lint.cert.policy_mapping_any", sub_ca_draft,
       [](auto& d) {
         d.set(extension::policy_mappings({{oids::kAnyPolicy, kPolicy}}));
       }},
      {"lint.cert.policy_constraints_critical", sub_ca_draft,
       [](auto& d) {
         d.set(extension::policy_constraints(0, std::nullopt)).critical(oids::kPolicyConstraints, false);
       }},
      {"lint.cert.policy_constraints_not_empty", sub_ca_draft,
       [](auto& d) {
         d.set(oids::kPolicyConstraints, Bytes{0x30, 0x00}, true);
       }},
      {"lint.cert.inhibit_any_policy_critical", sub_ca_draft,
       [](auto& d) { d.set(extension::inhibit_any_policy(0)).critical(oids::kInhibitAnyPolicy, false); }},
      {"lint.cert.name_constraints_critical", sub_ca_draft,
       [](auto& d) {
         d.set(extension::name_constraints({dns_name("example.cn")}, {}))
             .critical(oids::kNameConstraints, false);
       }},
      {"lint.cert.ca_extensions", organization_draft,
       [](auto& d) { d.set(extension::inhibit_any_policy(0)); }},
      {"lint.cert.private_key_usage_period", organization_draft,
       [](auto& d) {
         d.set(extension::private_key_usage_period(from_rfc3339("2026-01-01").value(),
                                                   from_rfc3339("2030-01-01").value()));
       }},

      {"lint.cert.key_usage_present", organization_draft, [](auto& d) { d.remove(oids::kKeyUsage); }},
      {"lint.cert.key_usage_critical", organization_draft,
       [](auto& d) { d.critical(oids::kKeyUsage, false); }},
      {"lint.cert.key_usage_not_empty", organization_draft,
       [](auto& d) { d.set(oids::kKeyUsage, hex("030100"), true); }},
      {"lint.cert.key_usage_encoding", organization_draft,
       [](auto& d) { d.set(oids::kKeyUsage, hex("030200C0"), true); }},
      {"lint.cert.key_usage_ca", root_draft,
       [](auto& d) { d.set(extension::key_usage({KeyUsageBit::kCrlSign})); }},
      {"lint.cert.key_usage_ca_crl", root_draft,
       [](auto& d) { d.set(extension::key_usage({KeyUsageBit::kKeyCertSign})); }},
      {"lint.cert.key_usage_ca_only", root_draft,
       [](auto& d) {
         d.set(extension::key_usage(
             {KeyUsageBit::kDigitalSignature, KeyUsageBit::kKeyCertSign, KeyUsageBit::kCrlSign}));
       }},
      {"lint.cert.key_usage_end_entity_crl", organization_draft,
       [](auto& d) {
         d.set(extension::key_usage(
             {KeyUsageBit::kDigitalSignature, KeyUsageBit::kNonRepudiation, KeyUsageBit::kCrlSign}));
       }},
      {"lint.cert.key_usage_dual", organization_draft,
       [](auto& d) {
         d.set(extension::key_usage({KeyUsageBit::kDigitalSignature, KeyUsageBit::kKeyEncipherment}));
       }},
      {"lint.cert.key_usage_signing", organization_draft,
       [](auto& d) { d.set(extension::key_usage({KeyUsageBit::kDigitalSignature})); }},
      {"lint.cert.key_usage_encryption", encryption_draft,
       [](auto& d) { d.set(extension::key_usage({KeyUsageBit::kKeyAgreement})); }},
      {"lint.cert.key_usage_agreement", encryption_draft,
       [](auto& d) {
         d.set(extension::key_usage({KeyUsageBit::kKeyEncipherment, KeyUsageBit::kDataEncipherment}));
       }},
      {"lint.cert.key_usage_only_flags", organization_draft,
       [](auto& d) {
         d.set(extension::key_usage(
             {KeyUsageBit::kDigitalSignature, KeyUsageBit::kNonRepudiation, KeyUsageBit::kEncipherOnly}));
       }},
      {"lint.cert.purpose_unique", server_draft,
       [](auto& d) {
         d.set(extension::extended_key_usage({oids::kServerAuth, oids::kServerAuth}));
       }},
      {"lint.cert.purpose_any_not_critical", server_draft,
       [](auto& d) {
         d.set(extension::extended_key_usage({oids::kServerAuth, oids::kAnyExtendedKeyUsage}, true));
       }},
      {"lint.cert.purpose_key_usage", server_draft,
       [](auto& d) { d.set(extension::key_usage({KeyUsageBit::kDataEncipherment})); }},
      {"lint.cert.tsa_purpose_only", time_stamper_draft,
       [](auto& d) {
         d.set(extension::extended_key_usage({oids::kTimeStamping, oids::kCodeSigning}, true));
       }},
      {"lint.cert.tsa_purpose_critical", time_stamper_draft,
       [](auto& d) { d.critical(oids::kExtendedKeyUsage, false); }},
      {"lint.cert.tsa_key_usage", time_stamper_draft,
       [](auto& d) {
         d.set(extension::key_usage({KeyUsageBit::kDigitalSignature, KeyUsageBit::kKeyEncipherment}));
       }},
      {"lint.cert.ocsp_no_check", responder_draft, [](auto& d) { d.remove(oids::kOcspNoCheck); }},
      {"lint.cert.server_alt_name", server_draft, [](auto& d) { d.remove(oids::kSubjectAltName); }},

      {"lint.cert.alt_name_not_empty", server_draft,
       [](auto& d) {
         d.set(oids::kSubjectAltName, Bytes{0x30, 0x00});
       }},
      {"lint.cert.alt_name_not_critical", server_draft,
       [](auto& d) { d.critical(oids::kSubjectAltName, true); }},
      {"lint.cert.alt_name_dns", server_draft,
       [](auto& d) { d.set(extension::subject_alt_name({dns_name("gm test client")})); }},
      {"lint.cert.alt_name_ip", server_draft,
       [](auto& d) {
         d.set(oids::kSubjectAltName, names_value({ip_name(Bytes{10, 0, 0})}));
       }},
      {"lint.cert.alt_name_email", server_draft,
       [](auto& d) { d.set(extension::subject_alt_name({email_name("nobody")})); }},
      {"lint.cert.alt_name_uri", server_draft,
       [](auto& d) { d.set(extension::subject_alt_name({uri_name("/relative")})); }},
      {"lint.cert.revocation_pointer", organization_draft,
       [](auto& d) { d.remove(oids::kCrlDistributionPoints); }},
      {"lint.cert.crl_point_not_critical", organization_draft,
       [](auto& d) { d.critical(oids::kCrlDistributionPoints, true); }},
      {"lint.cert.crl_point_uri", organization_draft,
       [](auto& d) { d.set(extension::crl_distribution_points({{uri_name("crl1.crl")}})); }},
      {"lint.cert.crl_point_name", organization_draft,
       [](auto& d) { d.set(oids::kCrlDistributionPoints, points_with_reasons(false)); }},
      {"lint.cert.crl_point_reasons", organization_draft,
       [](auto& d) { d.set(oids::kCrlDistributionPoints, points_with_reasons(true)); }},
      {"lint.cert.freshest_crl_not_critical", server_draft,
       [](auto& d) { d.critical(oids::kFreshestCrl, true); }},
      {"lint.cert.freshest_crl_uri", server_draft,
       [](auto& d) { d.set(extension::freshest_crl({{uri_name("ftp://example.cn/d.crl")}})); }},
      {"lint.cert.access_not_critical", server_draft,
       [](auto& d) { d.critical(oids::kAuthorityInfoAccess, true); }},
      {"lint.cert.access_uri", server_draft,
       [](auto& d) {
         d.set(extension::authority_info_access({{oids::kAccessCaIssuers, uri_name("http://a b/ca.cer")}}));
       }},
      {"lint.cert.access_ocsp_http", server_draft,
       [](auto& d) {
         d.set(extension::authority_info_access({{oids::kAccessOcsp, uri_name("ldap://ocsp.example.cn/")}}));
       }},
      {"lint.cert.subject_access_not_critical", server_draft,
       [](auto& d) {
         auto access = extension::authority_info_access({{oids::kAccessOcsp, uri_name("http://a.cn/")}});
         d.set(oids::kSubjectInfoAccess, access.value, true);
       }},

      {"lint.cert.identity_present", plain_organization,
       [](auto& d) {
         d.subject = subject_with({oids::kOrganizationalUnit, Tag::kUtf8String, "RA"});
       }},
      {"lint.cert.identity_not_critical", organization_draft,
       [](auto& d) { d.critical(oids::kOrganizationCode, true); }},
      {"lint.cert.identity_value", organization_draft,
       [](auto& d) {
         d.set(oids::kOrganizationCode, Bytes{0x05, 0x00});
       }},
      {"lint.cert.identity_type", organization_draft,
       [](auto& d) { d.set(oids::kOrganizationCode, text_value(Tag::kUtf8String, "91350100M000100Y43")); }},
      {"lint.cert.identity_choice", person_draft,
       [](auto& d) { put_identity(d, oids::kIdentityCode, "11010519491231002X"); }},
      {"lint.cert.identity_citizen_number", person_draft,
       [](auto& d) { d.set(extension::identity(oids::kIdentityCode, "110105194912310021")); }},
      {"lint.cert.identity_citizen_number", person_draft,
       [](auto& d) { put_identity(d, oids::kIdentityCode, "110105194912310021"); }},
      {"lint.cert.identity_credit_code", plain_organization,
       [](auto& d) { put_identity(d, oids::kTaxationNumber, "91350100M000100Y44"); }},
      {"lint.cert.identity_organization_code", plain_organization,
       [](auto& d) { put_identity(d, oids::kOrganizationCode, "D2143569-1"); }},
      {"lint.cert.identity_organization_code_size", plain_organization,
       [](auto& d) { put_identity(d, oids::kOrganizationCode, "1234567"); }},
      {"lint.cert.identity_registration_number", plain_organization,
       [](auto& d) { put_identity(d, oids::kIcRegistrationNumber, "110108000000017"); }},
      {"lint.cert.organization_credit_code", plain_organization,
       [](auto& d) {
         d.subject = name({{oids::kCountry, Tag::kPrintableString, "CN"},
                           {oids::kOrganization, Tag::kUtf8String, "91350100M000100Y44某某公司"},
                           {oids::kCommonName, Tag::kUtf8String, "某某公司"}});
       }},
      {"lint.cert.organization_same_code", organization_draft,
       [](auto& d) { put_identity(d, oids::kOrganizationCode, "11320500014150050B"); }},
  };
  return kCases;
}

TEST(CertificateLint, CleanProfilesKeepEveryRule) {
  for (auto* clean : {root_draft, sub_ca_draft, organization_draft, person_draft, encryption_draft,
                      time_stamper_draft, responder_draft, server_draft}) {
    auto report = lint_certificate(clean().to_der());
    ASSERT_TRUE(report) << report.error().detail;
    EXPECT_TRUE(report->clean()) << listing(*report) << clean().subject.to_string();
    EXPECT_GT(report->passed.size(), 50U);
  }
}

TEST(CertificateLint, EachBrokenRuleIsFound) {
  for (const auto& one : certificate_cases()) {
    SCOPED_TRACE(one.rule);
    CertificateDraft draft = one.clean();
    auto before = lint_certificate(draft.to_der());
    ASSERT_TRUE(before) << before.error().detail;
    EXPECT_FALSE(has_finding(before->findings, one.rule)) << listing(*before);
    one.breaks(draft);
    auto after = lint_certificate(draft.to_der());
    ASSERT_TRUE(after) << after.error().reason << " " << after.error().detail;
    EXPECT_TRUE(has_finding(after->findings, one.rule)) << listing(*after);
  }
}

TEST(CertificateLint, EveryRuleHasACase) {
  std::set<std::string_view> covered;
  for (const auto& one : certificate_cases()) {
    covered.insert(one.rule);
  }
  for (const auto& rule : lint_rules()) {
    if (rule.target == LintTarget::kCertificate) {
      EXPECT_TRUE(covered.contains(rule.kind.code)) << rule.kind.code;
      covered.erase(rule.kind.code);
    }
  }
  EXPECT_TRUE(covered.empty()) << *covered.begin();
}

TEST(CertificateLint, ToBeSignedIsJudgedWithoutOuterFields) {
  CertificateDraft draft = organization_draft();
  auto clean = lint_tbs_certificate(draft.tbs());
  ASSERT_TRUE(clean) << clean.error().detail;
  EXPECT_TRUE(clean->clean()) << listing(*clean);
  EXPECT_NE(std::ranges::find(clean->not_applicable, "lint.cert.signature_encoding"),
            clean->not_applicable.end());
  draft.remove(oids::kKeyUsage);
  auto broken = lint_tbs_certificate(draft.tbs());
  ASSERT_TRUE(broken);
  EXPECT_TRUE(has_finding(broken->findings, "lint.cert.key_usage_present"));
}

TEST(CertificateLint, ErrorsComeFirst) {
  CertificateDraft draft = organization_draft();
  draft.serial = {0x00};
  auto report = lint_certificate(draft.to_der());
  ASSERT_TRUE(report);
  ASSERT_EQ(report->findings.size(), 2U) << listing(*report);
  EXPECT_EQ(report->findings.front().code(), "lint.cert.serial_positive");
  EXPECT_EQ(report->findings.back().code(), "lint.cert.serial_unpredictable");
}

TEST(CertificateLint, NumbersOfPersonsAreMasked) {
  CertificateDraft draft = person_draft();
  draft.set(extension::identity(oids::kIdentityCode, "110105194912310021"));
  auto report = lint_certificate(draft.to_der());
  ASSERT_TRUE(report);
  for (const auto& finding : report->findings) {
    EXPECT_EQ(finding.message_en().find("110105194912310021"), std::string::npos) << finding.message_en();
    EXPECT_EQ(finding.message_zh().find("19491231"), std::string::npos) << finding.message_zh();
  }
}

TEST(CertificateLint, RightOldNumbersPass) {
  CertificateDraft draft = plain_organization();
  put_identity(draft, oids::kOrganizationCode, "D2143569-X");
  put_identity(draft, oids::kIcRegistrationNumber, "110108000000016");
  auto report = lint_certificate(draft.to_der());
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->clean()) << listing(*report);
}

/// Hostile octets: every octet of a certificate replaced in turn. A report accounts for every rule.
TEST(CertificateLint, SurvivesEveryChangedOctet) {
  const auto rules = std::ranges::count(lint_rules(), LintTarget::kCertificate, &LintRule::target);
  for (auto* clean : {sub_ca_draft, person_draft, server_draft}) {
    const Bytes whole = clean().to_der();
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (const unsigned change : {0x01U, 0x20U, 0x80U, 0xFFU}) {
        Bytes changed = whole;
        changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
        const auto report = lint_certificate(changed);
        if (report) {
          EXPECT_EQ(report->findings.size() + report->passed.size() + report->not_applicable.size(),
                    static_cast<std::size_t>(rules));
        }
      }
    }
  }
}

TEST(CertificateLint, OtherOctetsAreNoCertificate) {
  EXPECT_FALSE(lint_certificate(Bytes{}));
  EXPECT_FALSE(lint_certificate(Bytes{0x30, 0x00}));
  const Bytes whole = organization_draft().to_der();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(lint_certificate(ByteView(whole).first(size))) << size;
  }
}

}  // namespace
}  // namespace hutong::x509::lint::test
