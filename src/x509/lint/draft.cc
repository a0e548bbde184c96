#include "x509/lint/draft.h"

#include <algorithm>

#include "asn1/oids.h"
#include "crypto/public_key.h"
#include "crypto/signature.h"

namespace hutong::x509::lint::test {
namespace {

namespace oids = asn1::oids;
using asn1::Tag;
using asn1::Writer;

const crypto::Sm2Signer& signer() {
  static const crypto::Sm2Signer kSigner(crypto::Sm2PrivateKey::from_octets(Bytes(32, 0x11)).value());
  return kSigner;
}

/// r = s = 1: the right encoding of a signature that nobody made.
Bytes constant_signature() {
  return der([](Writer& out) {
    out.sequence([](Writer& body) {
      body.small(1);
      body.small(1);
    });
  });
}

Bytes key_id() { return key_identifier(signer().public_key()); }

Name ca_name(std::string_view common_name) {
  return NameBuilder()
      .add(oids::kCountry, "CN")
      .add(oids::kOrganization, "互通演示CA")
      .add(oids::kCommonName, common_name)
      .build();
}

void write_extension(Writer& list, const ExtensionValue& extension, const asn1::Oid& default_written) {
  list.sequence([&](Writer& body) {
    body.oid(extension.oid);
    if (extension.critical || extension.oid == default_written) {
      body.boolean(extension.critical);
    }
    body.octet_string(extension.value);
  });
}

void write_extensions(Writer& out, const std::vector<ExtensionValue>& extensions,
                      const asn1::Oid& default_written) {
  out.sequence([&](Writer& list) {
    for (const auto& extension : extensions) {
      write_extension(list, extension, default_written);
    }
  });
}

void replace(std::vector<ExtensionValue>& extensions, ExtensionValue extension) {
  const auto found = std::ranges::find(extensions, extension.oid, &ExtensionValue::oid);
  if (found == extensions.end()) {
    extensions.push_back(std::move(extension));
  } else {
    *found = std::move(extension);
  }
}

CertificateDraft draft(const Name& issuer, const Name& subject) {
  CertificateDraft draft;
  draft.serial = {0x2D, 0xA1, 0xA6, 0xBD, 0x0C, 0xE7, 0x6C, 0x62, 0x4E};
  draft.issuer = issuer;
  draft.subject = subject;
  draft.not_before = utc_time("260101000000Z");
  draft.not_after = utc_time("280101000000Z");
  draft.spki = sm2_spki();
  draft.signature = constant_signature();
  draft.set(extension::subject_key_identifier(key_id()));
  return draft;
}

CertificateDraft end_entity(const Name& subject) {
  CertificateDraft draft = test::draft(ca_name("演示CA"), subject);
  draft.set(extension::authority_key_identifier(key_id()));
  draft.set(extension::crl_distribution_points({{uri_name("http://crl.example.cn/crl1.crl")}}));
  draft.set(extension::key_usage({KeyUsageBit::kDigitalSignature, KeyUsageBit::kNonRepudiation}));
  return draft;
}

}  // namespace

Bytes der(const std::function<void(Writer&)>& write) {
  Writer out;
  write(out);
  return std::move(out).take();
}

Bytes text_value(asn1::Tag tag, std::string_view text) {
  return der([&](Writer& out) { out.text(tag, text); });
}

Bytes sm2_with_sm3(ByteView parameters) {
  return der([&](Writer& out) {
    out.sequence([&](Writer& body) {
      body.oid(oids::kSm2WithSm3);
      body.raw(parameters);
    });
  });
}

Bytes algorithm(const asn1::Oid& oid) {
  return der([&](Writer& out) { out.sequence([&](Writer& body) { body.oid(oid); }); });
}

Bytes utc_time(std::string_view text) {
  return der([&](Writer& out) { out.text(Tag::kUtcTime, text); });
}

Bytes generalized_time(std::string_view text) {
  return der([&](Writer& out) { out.text(Tag::kGeneralizedTime, text); });
}

Name name(const std::vector<Attribute>& attributes) {
  NameBuilder builder;
  for (const auto& attribute : attributes) {
    builder.add(attribute.type, attribute.tag, attribute.content);
  }
  return builder.build();
}

Name subject_with(const Attribute& attribute) {
  return name({{oids::kCountry, Tag::kPrintableString, "CN"},
               {oids::kOrganization, Tag::kUtf8String, "互通"},
               attribute,
               {oids::kCommonName, Tag::kUtf8String, "张三"}});
}

Bytes sm2_spki() { return signer().public_key().to_spki(); }

Bytes rsa_spki(std::size_t bits) {
  Bytes modulus(bits / 8, 0xC5);
  const Bytes key = der([&](Writer& out) {
    out.sequence([&](Writer& body) {
      body.unsigned_integer(modulus);
      body.small(65537);
    });
  });
  return der([&](Writer& out) {
    out.sequence([&](Writer& body) {
      body.sequence([](Writer& inner) {
        inner.oid(oids::kRsaEncryption);
        inner.null();
      });
      body.bit_string(key);
    });
  });
}

std::string listing(const LintReport& report) {
  std::string text;
  for (const auto& finding : report.findings) {
    text += std::string(finding.code()) + " (" + finding.message_en() + ")\n";
  }
  return text;
}

CertificateDraft& CertificateDraft::set(ExtensionValue extension) {
  replace(extensions, std::move(extension));
  return *this;
}

CertificateDraft& CertificateDraft::set(const asn1::Oid& oid, ByteView value, bool critical) {
  return set({oid, critical, to_bytes(value)});
}

CertificateDraft& CertificateDraft::remove(const asn1::Oid& oid) {
  std::erase_if(extensions, [&](const ExtensionValue& extension) { return extension.oid == oid; });
  return *this;
}

CertificateDraft& CertificateDraft::critical(const asn1::Oid& oid, bool value) {
  std::ranges::find(extensions, oid, &ExtensionValue::oid)->critical = value;
  return *this;
}

Bytes CertificateDraft::tbs() const {
  return der([&](Writer& out) {
    out.sequence([&](Writer& tbs) {
      if (version) {
        tbs.constructed(asn1::context_constructed(0), [&](Writer& inner) { inner.small(*version); });
      }
      tbs.element(Tag::kInteger, serial);
      tbs.raw(inner_algorithm);
      tbs.raw(issuer.der());
      tbs.sequence([&](Writer& validity) {
        validity.raw(not_before);
        validity.raw(not_after);
      });
      tbs.raw(subject.der());
      tbs.raw(spki);
      tbs.raw(unique_ids);
      if (write_extensions) {
        tbs.constructed(asn1::context_constructed(3),
                        [&](Writer& inner) { test::write_extensions(inner, extensions, default_written); });
      }
    });
  });
}

Bytes CertificateDraft::to_der() const {
  return der([&](Writer& out) {
    out.sequence([&](Writer& body) {
      body.raw(tbs());
      body.raw(outer_algorithm);
      body.bit_string(signature);
    });
  });
}

CertificateDraft root_draft() {
  CertificateDraft draft = test::draft(ca_name("演示根"), ca_name("演示根"));
  draft.not_after = utc_time("460101000000Z");
  draft.set(extension::basic_constraints(true));
  draft.set(extension::key_usage({KeyUsageBit::kKeyCertSign, KeyUsageBit::kCrlSign}));
  return draft;
}

CertificateDraft sub_ca_draft() {
  CertificateDraft draft = root_draft();
  draft.subject = ca_name("演示CA");
  draft.set(extension::authority_key_identifier(key_id()));
  draft.set(extension::basic_constraints(true, 0));
  draft.set(extension::crl_distribution_points({{uri_name("http://crl.example.cn/arl.crl")}}));
  draft.set(extension::certificate_policies({{asn1::Oid("1.2.156.1.1"), "http://example.cn/cps"}}));
  return draft;
}

CertificateDraft organization_draft() {
  CertificateDraft draft = end_entity(NameBuilder()
                                          .add(oids::kCountry, "CN")
                                          .add(oids::kOrganization, "91350100M000100Y43某某公司")
                                          .add(oids::kCommonName, "某某公司")
                                          .build());
  draft.set(extension::identity(oids::kOrganizationCode, "91350100M000100Y43"));
  return draft;
}

CertificateDraft person_draft() {
  CertificateDraft draft = end_entity(subject_with({oids::kOrganizationalUnit, Tag::kUtf8String, "专家"}));
  draft.set(extension::identity(oids::kIdentityCode, "11010519491231002X"));
  return draft;
}

CertificateDraft encryption_draft() {
  CertificateDraft draft = organization_draft();
  draft.set(extension::key_usage(
      {KeyUsageBit::kKeyEncipherment, KeyUsageBit::kDataEncipherment, KeyUsageBit::kKeyAgreement}));
  return draft;
}

CertificateDraft time_stamper_draft() {
  CertificateDraft draft = end_entity(ca_name("时间戳服务"));
  draft.set(extension::extended_key_usage({oids::kTimeStamping}, true));
  return draft;
}

CertificateDraft responder_draft() {
  CertificateDraft draft = end_entity(ca_name("OCSP 服务"));
  draft.set(extension::extended_key_usage({oids::kOcspSigning}));
  draft.set(extension::ocsp_no_check());
  return draft;
}

CertificateDraft server_draft() {
  CertificateDraft draft = end_entity(ca_name("example.cn"));
  draft.set(extension::extended_key_usage({oids::kServerAuth}));
  draft.set(extension::subject_alt_name({dns_name("example.cn"), dns_name("*.example.cn"),
                                         ip_name(Bytes{10, 0, 0, 1}), email_name("ca@example.cn"),
                                         uri_name("https://example.cn/")}));
  draft.set(extension::freshest_crl({{uri_name("http://crl.example.cn/delta.crl")}}));
  draft.set(
      extension::authority_info_access({{oids::kAccessOcsp, uri_name("http://ocsp.example.cn/")},
                                        {oids::kAccessCaIssuers, uri_name("http://example.cn/ca.cer")}}));
  return draft;
}

CrlDraft& CrlDraft::set(ExtensionValue extension) {
  replace(extensions, std::move(extension));
  return *this;
}

CrlDraft& CrlDraft::remove(const asn1::Oid& oid) {
  std::erase_if(extensions, [&](const ExtensionValue& extension) { return extension.oid == oid; });
  return *this;
}

CrlDraft& CrlDraft::critical(const asn1::Oid& oid, bool value) {
  std::ranges::find(extensions, oid, &ExtensionValue::oid)->critical = value;
  return *this;
}

Bytes CrlDraft::to_der() const {
  const auto write_entry = [](Writer& list, const CrlEntryDraft& entry) {
    list.sequence([&](Writer& body) {
      body.element(Tag::kInteger, entry.serial);
      body.raw(entry.revoked_at);
      if (entry.write_extensions) {
        test::write_extensions(body, entry.extensions, {});
      }
    });
  };
  const auto write_tbs = [&](Writer& tbs) {
    if (version) {
      tbs.small(*version);
    }
    tbs.raw(inner_algorithm);
    tbs.raw(issuer.der());
    tbs.raw(this_update);
    tbs.raw(next_update);
    if (write_revoked) {
      tbs.sequence([&](Writer& list) {
        for (const auto& entry : entries) {
          write_entry(list, entry);
        }
      });
    }
    tbs.constructed(asn1::context_constructed(0),
                    [&](Writer& inner) { test::write_extensions(inner, extensions, default_written); });
  };
  return der([&](Writer& out) {
    out.sequence([&](Writer& body) {
      body.sequence(write_tbs);
      body.raw(outer_algorithm);
      body.bit_string(signature);
    });
  });
}

CrlDraft crl_draft() {
  CrlDraft draft;
  draft.issuer = ca_name("演示CA");
  draft.this_update = utc_time("260601000000Z");
  draft.next_update = utc_time("260602000000Z");
  draft.signature = constant_signature();
  draft.entries.push_back(
      {{0x0A}, utc_time("260520120000Z"), true, {{oids::kReasonCode, false, {0x0A, 0x01, 0x01}}}});
  draft.entries.push_back({{0x0B}, utc_time("260521120000Z"), false, {}});
  draft.set(extension::authority_key_identifier(key_id()));
  draft.set(extension::crl_number(7));
  draft.set(
      extension::issuing_distribution_point({.full_name = {uri_name("http://crl.example.cn/crl1.crl")}}));
  return draft;
}

CrlDraft delta_crl_draft() {
  CrlDraft draft = crl_draft();
  draft.set(extension::delta_crl_indicator(6));
  return draft;
}

Bytes RequestDraft::to_der() const {
  const Bytes info = der([&](Writer& out) {
    out.sequence([&](Writer& body) {
      body.element(Tag::kInteger, version);
      body.raw(subject.der());
      body.raw(spki);
      if (write_attributes) {
        body.constructed(asn1::context_constructed(0), [&](Writer& list) {
          for (const auto& attribute : attributes) {
            list.raw(attribute);
          }
        });
      }
    });
  });
  Bytes signature = signer().sign(info).value();
  if (break_signature) {
    signature = constant_signature();
  }
  return der([&](Writer& out) {
    out.sequence([&](Writer& body) {
      body.raw(info);
      body.raw(algorithm);
      body.bit_string(signature);
    });
  });
}

Bytes request_attribute(const asn1::Oid& type, const std::vector<Bytes>& values) {
  return der([&](Writer& out) {
    out.sequence([&](Writer& body) {
      body.oid(type);
      body.set_of(values);
    });
  });
}

RequestDraft request_draft() {
  RequestDraft draft;
  draft.subject = subject_with({oids::kOrganizationalUnit, Tag::kUtf8String, "专家"});
  draft.spki = sm2_spki();
  draft.attributes.push_back(request_attribute(
      oids::kGmChallengePassword, {der([](Writer& out) { out.text(Tag::kPrintableString, "111111"); })}));
  return draft;
}

}  // namespace hutong::x509::lint::test
