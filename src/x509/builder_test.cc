#include "x509/builder.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>

#include "asn1/oids.h"
#include "base/encoding.h"
#include "x509/crl_writer.h"
#include "x509/internal/test_objects.h"

namespace hutong::x509 {
namespace {

namespace oids = asn1::oids;
using test_objects::root_signer;
using test_objects::signer_a;
using test_objects::time;

template <typename T, void (*Free)(T*)>
struct Deleter {
  void operator()(T* object) const { Free(object); }
};
using X509Ptr = std::unique_ptr<X509, Deleter<X509, X509_free>>;
using ReqPtr = std::unique_ptr<X509_REQ, Deleter<X509_REQ, X509_REQ_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY, EVP_PKEY_free>>;

KeyPtr openssl_key(const crypto::PublicKey& key) {
  const Bytes spki = key.to_spki();
  const std::uint8_t* at = spki.data();
  return KeyPtr(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
}

ASN1_OCTET_STRING* default_id() {
  ASN1_OCTET_STRING* id = ASN1_OCTET_STRING_new();
  ASN1_OCTET_STRING_set(id, reinterpret_cast<const unsigned char*>(crypto::kSm2DefaultId.data()),
                        static_cast<int>(crypto::kSm2DefaultId.size()));
  return id;
}

TbsCertificate everything() {
  TbsCertificate tbs = test_objects::sample_tbs();
  using namespace extension;
  const Name base = Name::from_string("O=某公司,C=CN").value();
  tbs.extensions = {
      authority_key_identifier(key_identifier(root_signer().public_key())),
      subject_key_identifier(key_identifier(signer_a().public_key())),
      key_usage({KeyUsageBit::kKeyCertSign, KeyUsageBit::kCrlSign, KeyUsageBit::kDecipherOnly}),
      basic_constraints(true, 3),
      extended_key_usage({oids::kServerAuth, oids::kOcspSigning}),
      certificate_policies(
          {{asn1::Oid("2.16.156.112554.1.1"), "http://www.ca.test/cps"}, {oids::kAnyPolicy}}),
      policy_mappings({{asn1::Oid("1.2.3.1"), asn1::Oid("1.2.3.2")}}),
      policy_constraints(0, 2),
      inhibit_any_policy(1),
      name_constraints({directory_name(base), dns_name(".ca.test")},
                       {ip_name(test::hex("0A000000FF000000"))}),
      subject_alt_name({dns_name("ca.test"), email_name("a@ca.test"), ip_name(test::hex("0A000001")),
                        uri_name("http://ca.test/"), directory_name(base),
                        other_name(asn1::Oid("1.2.3.4"), test::hex("0C0161"))}),
      issuer_alt_name({dns_name("issuer.test")}),
      crl_distribution_points({{uri_name("http://ca.test/1.crl"), directory_name(base)}}),
      freshest_crl({{uri_name("http://ca.test/d.crl")}}),
      authority_info_access({{oids::kAccessOcsp, uri_name("http://ca.test/ocsp")}}),
      private_key_usage_period(time("2026-01-01T00:00:00Z"), time("2027-01-01T00:00:00Z")),
      ocsp_no_check(),
      identity(oids::kOrganizationCode, "91350100M000100Y43"),
  };
  return tbs;
}

TEST(Builder, EveryExtensionComesBack) {
  const CertificateDer der = sign(everything(), root_signer()).value();
  const auto certificate = Certificate::parse(der.view());
  ASSERT_TRUE(certificate) << certificate.error().reason << certificate.error().detail;
  EXPECT_TRUE(certificate->quirks().empty());
  const CertificateExtensions& e = certificate->extensions();
  EXPECT_EQ(e.all.size(), 18U);
  EXPECT_TRUE(equal(*e.authority_key_identifier->key_identifier, key_identifier(root_signer().public_key())));
  EXPECT_TRUE(equal(*e.subject_key_identifier, key_identifier(signer_a().public_key())));
  EXPECT_EQ(e.key_usage->names(), (std::vector<std::string_view>{"keyCertSign", "cRLSign", "decipherOnly"}));
  EXPECT_EQ(e.basic_constraints, (BasicConstraints{true, 3}));
  EXPECT_TRUE(e.extended_key_usage->has(oids::kOcspSigning));
  EXPECT_FALSE(e.extended_key_usage->has(oids::kClientAuth));
  ASSERT_EQ(e.policies->size(), 2U);
  EXPECT_EQ(e.policies->front().qualifiers.front().text(), "http://www.ca.test/cps");
  EXPECT_EQ(e.policy_mappings->front().subject_domain, asn1::Oid("1.2.3.2"));
  EXPECT_EQ(e.policy_constraints->require_explicit_policy, 0U);
  EXPECT_EQ(e.policy_constraints->inhibit_policy_mapping, 2U);
  EXPECT_EQ(e.inhibit_any_policy, 1U);
  EXPECT_EQ(e.name_constraints->permitted.size(), 2U);
  EXPECT_EQ(e.name_constraints->excluded.front().base.to_string(), "ip:10.0.0.0/255.0.0.0");
  std::vector<std::string> names;
  for (const GeneralName& name : *e.subject_alt_name) {
    names.push_back(name.to_string());
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"dns:ca.test", "email:a@ca.test", "ip:10.0.0.1", "uri:http://ca.test/",
                                      "dir:O=某公司,C=CN", "other:1.2.3.4:#0c0161"}));
  EXPECT_EQ(e.crl_distribution_points->front().name->full_name.size(), 2U);
  EXPECT_EQ(e.freshest_crl->front().name->full_name.front().text(), "http://ca.test/d.crl");
  EXPECT_EQ(e.authority_info_access->front().method, oids::kAccessOcsp);
  EXPECT_EQ(to_rfc3339(*e.private_key_usage_period->not_after), "2027-01-01T00:00:00Z");
  EXPECT_TRUE(e.ocsp_no_check);
  EXPECT_EQ(certificate->identities().front().text, "91350100M000100Y43");
}

TEST(Builder, RebuildsTheSampleChain) {
  for (const std::string name : {"signing", "encryption"}) {
    const Certificate sample = test_objects::chain_certificate(name);
    TbsCertificate tbs;
    tbs.serial = sample.serial();
    tbs.issuer = NameBuilder()
                     .add(oids::kCountry, "CN")
                     .add(oids::kOrganization, "Test CA")
                     .add(oids::kCommonName, "Test SM2 Root")
                     .build();
    tbs.subject = sample.subject();
    tbs.not_before = sample.not_before();
    tbs.not_after = sample.not_after();
    tbs.spki = sample.public_key()->to_spki();
    tbs.extensions = {
        extension::authority_key_identifier(key_identifier(root_signer().public_key())),
        extension::subject_key_identifier(key_identifier(*sample.public_key())),
        name == "signing"
            ? extension::key_usage({KeyUsageBit::kDigitalSignature, KeyUsageBit::kNonRepudiation})
            : extension::key_usage({KeyUsageBit::kKeyEncipherment, KeyUsageBit::kDataEncipherment,
                                    KeyUsageBit::kKeyAgreement})};
    EXPECT_EQ(to_hex(to_der(tbs, crypto::kSm2WithSm3)), to_hex(sample.tbs()));
  }
}

TEST(Builder, OpenSslReadsAndVerifiesOurCertificate) {
  const CertificateDer der = sign(everything(), root_signer()).value();
  const std::uint8_t* at = der.view().data();
  const X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.view().size())));
  ASSERT_NE(certificate, nullptr);
  EXPECT_EQ(at, der.view().data() + der.view().size());
  X509_set0_distinguishing_id(certificate.get(), default_id());
  const KeyPtr key = openssl_key(root_signer().public_key());
  EXPECT_EQ(X509_verify(certificate.get(), key.get()), 1);
  EXPECT_EQ(X509_get_ext_count(certificate.get()), 18);
  EXPECT_EQ(X509_check_ca(certificate.get()), 1);
  const KeyPtr other = openssl_key(signer_a().public_key());
  EXPECT_NE(X509_verify(certificate.get(), other.get()), 1);
}

TEST(Builder, OpenSslReadsAndVerifiesOurRequest) {
  TbsCertificateRequest tbs;
  tbs.subject = Name::from_string("CN=张三,C=CN").value();
  tbs.challenge_password = "111111";
  tbs.extensions = {extension::basic_constraints(false)};
  const CertificateRequestDer der = sign(tbs, signer_a()).value();
  const std::uint8_t* at = der.view().data();
  const ReqPtr request(d2i_X509_REQ(nullptr, &at, static_cast<long>(der.view().size())));
  ASSERT_NE(request, nullptr);
  X509_REQ_set0_distinguishing_id(request.get(), default_id());
  const KeyPtr key(X509_REQ_get_pubkey(request.get()));
  EXPECT_EQ(X509_REQ_verify(request.get(), key.get()), 1);
}

TEST(Builder, OpenSslReadsOurList) {
  TbsCrl tbs;
  tbs.issuer = test_objects::sample_tbs().issuer;
  tbs.this_update = time("2026-06-01T00:00:00Z");
  tbs.entries = {{test_objects::serial("0A"), tbs.this_update, CrlReason::kSuperseded, {}, {}}};
  tbs.extensions = {extension::crl_number(7)};
  const CrlDer der = sign(tbs, root_signer()).value();
  const std::uint8_t* at = der.view().data();
  X509_CRL* crl = d2i_X509_CRL(nullptr, &at, static_cast<long>(der.view().size()));
  ASSERT_NE(crl, nullptr);
  EXPECT_EQ(sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl)), 1);
  X509_CRL_free(crl);
}

TEST(Builder, ATimeFrom2050IsGeneralized) {
  TbsCertificate tbs = test_objects::sample_tbs();
  tbs.not_after = time("2050-01-01T00:00:00Z");
  const CertificateDer der = sign(tbs, root_signer()).value();
  const auto certificate = Certificate::parse(der.view()).value();
  EXPECT_EQ(certificate.not_after_value().written_as, asn1::Tag::kGeneralizedTime);
  EXPECT_TRUE(certificate.quirks().empty());
}

TEST(CrlWriter, EntriesOneByOneMakeTheSameList) {
  TbsCrl whole{.issuer = Name::from_string("CN=某CA,C=CN").value(),
               .this_update = time("2026-06-01"),
               .next_update = time("2026-06-02"),
               .entries = {},
               .extensions = {extension::crl_number(7)}};
  CrlWriter writer(whole);
  constexpr std::uint32_t kEntries = 40'000;  // more than the writer keeps in one piece
  for (std::uint32_t i = 0; i < kEntries; ++i) {
    RevokedCertificate entry;
    const std::array<std::uint8_t, 3> number{1, static_cast<std::uint8_t>(i >> 8),
                                             static_cast<std::uint8_t>(i)};
    entry.serial = Serial::from_magnitude(number);
    entry.revoked_at = i % 1'000 == 0 ? time("2051-05-01") : time("2026-05-01") + std::chrono::seconds(i);
    entry.reason = static_cast<CrlReason>(i % 7);
    writer.add(entry);
    whole.entries.push_back(entry);
  }
  const auto der = std::move(writer).sign(root_signer());
  ASSERT_TRUE(der);
  const auto list = Crl::parse(ByteView(*der));
  ASSERT_TRUE(list) << list.error().detail;
  EXPECT_TRUE(equal(list->tbs(), to_der(whole, root_signer().algorithm())));
  EXPECT_TRUE(list->is_signed_by(root_signer().public_key()));
  EXPECT_EQ(list->entry_count(), kEntries);
  for (const std::size_t at : {0U, 1U, 1'006U, 39'999U}) {
    const RevokedCertificate& given = whole.entries.at(at);
    const auto found = list->find(given.serial);
    ASSERT_TRUE(found) << at;
    EXPECT_EQ(found->revoked_at, given.revoked_at);
    EXPECT_EQ(found->reason.value_or(CrlReason::kUnspecified), *given.reason);
  }
}

TEST(CrlWriter, AListOfNothingHasNoEntries) {
  const TbsCrl frame{.issuer = Name::from_string("CN=某CA").value(),
                     .this_update = time("2026-06-01"),
                     .next_update = {},
                     .entries = {},
                     .extensions = {}};
  const auto der = CrlWriter(frame).sign(root_signer());
  ASSERT_TRUE(der);
  EXPECT_EQ(Crl::parse(ByteView(*der)).value().entry_count(), 0U);
}

}  // namespace
}  // namespace hutong::x509
