#include "cmp/certificate_request_message.h"

#include <gtest/gtest.h>

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "cmp/internal/test_messages.h"
#include "cmp/message.h"

namespace hutong::cmp {
namespace {

using test::must;
using test::openssl;

CertificateTemplateFields wanted() {
  CertificateTemplateFields fields;
  fields.subject = test::name("CN=张三,O=演示公司,C=CN");
  fields.spki = test::signer("signer").public_key().to_spki();
  return fields;
}

CertificateRequestMessage first_request(std::string_view name) {
  const auto message = must(read_message(openssl(name)));
  return std::get<CertificateRequests>(message.body).requests.at(0);
}

CertificateRequestMessage through_the_wire(const CertificateRequestMessage& request) {
  const auto message =
      test::reread({test::sample_header(), CertificateRequests{BodyType::kInitialRequest, {request}}, {}});
  return std::get<CertificateRequests>(message.body).requests.at(0);
}

std::string_view refusal(const CertificateRequestMessage& request, const PossessionPolicy& policy = {}) {
  const auto checked = check_possession(request, policy);
  return checked ? "good" : checked.error().reason;
}

TEST(CertificateRequestMessages, EveryFieldSurvives) {
  CertificateTemplateFields fields = wanted();
  fields.serial = test::certificate("signer").serial();
  fields.signing_algorithm = crypto::kSm2WithSm3.to_der();
  fields.issuer = test::certificate("root").subject();
  fields.not_before = test::midsummer();
  fields.not_after = must(from_rfc3339("2061-06-15T00:00:00Z"));
  fields.extensions = {x509::extension::key_usage({x509::KeyUsageBit::kDigitalSignature})};
  const auto control = old_certificate_control(CertificateId::of(test::certificate("signer")));
  auto request = request_certificate(3, fields, {control});
  request.registration_info = {{asn1::oids::kCommonName, Bytes{0x05, 0x00}}};
  const auto read = through_the_wire(request);
  EXPECT_EQ(read.id, 3);
  EXPECT_EQ(read.fields.serial, fields.serial);
  EXPECT_EQ(read.fields.signing_algorithm, fields.signing_algorithm);
  EXPECT_EQ(read.fields.issuer, fields.issuer);
  EXPECT_EQ(read.fields.not_before, fields.not_before);
  EXPECT_EQ(read.fields.not_after, fields.not_after);
  EXPECT_EQ(read.fields.subject, fields.subject);
  EXPECT_EQ(read.fields.spki, fields.spki);
  ASSERT_NE(read.fields.find(asn1::oids::kKeyUsage), nullptr);
  EXPECT_EQ(read.fields.find(asn1::oids::kKeyUsage)->value, fields.extensions[0].value);
  EXPECT_EQ(must(read.old_certificate()), CertificateId::of(test::certificate("signer")));
  EXPECT_EQ(read.registration_info, request.registration_info);
  EXPECT_EQ(read.request_der, request.request_der);
  EXPECT_EQ(must(read_certificate_request_message(to_der(request))).fields.spki, fields.spki);
}

TEST(Possession, OfAnSm2KeyIsProven) {
  auto request = request_certificate(0, wanted());
  ASSERT_TRUE(prove_possession(request, test::signer("signer")));
  const auto read = through_the_wire(request);
  EXPECT_EQ(must(check_possession(read)), test::signer("signer").public_key());
}

TEST(Possession, OfOpenSslsKeysIsProven) {
  EXPECT_EQ(must(check_possession(first_request("ir"))).name(), "P-256");
  EXPECT_EQ(refusal(first_request("kurs")), "good");
  EXPECT_EQ(refusal(first_request("irsm2")), "cmp.possession");
  EXPECT_EQ(refusal(first_request("irsm2"), {.empty_sm2_id = true}), "good");
}

TEST(Possession, OfAnotherKeyIsNot) {
  auto request = request_certificate(0, wanted());
  ASSERT_TRUE(prove_possession(request, test::signer("recipient")));
  EXPECT_EQ(refusal(request), "cmp.possession");
  EXPECT_EQ(refusal(request, {.empty_sm2_id = true}), "cmp.possession");
  ASSERT_TRUE(prove_possession(request, test::signer("signer")));
  request.request_der.back() ^= 1;
  EXPECT_EQ(refusal(request), "cmp.possession");
}

TEST(Possession, MustBeProvenByASignatureOverTheRequest) {
  auto request = request_certificate(0, wanted());
  EXPECT_EQ(refusal(through_the_wire(request)), "cmp.possession_missing");
  for (const auto kind : {PossessionKind::kKeyEncipherment, PossessionKind::kKeyAgreement}) {
    request.possession = {.kind = kind,
                          .signing_input = {},
                          .algorithm = {},
                          .signature = {},
                          .private_key = {0x80, 0x01, 0x00}};
    EXPECT_EQ(through_the_wire(request).possession, request.possession);
    EXPECT_EQ(refusal(request), "cmp.possession_kind");
  }
  ASSERT_TRUE(prove_possession(request, test::signer("signer")));
  request.possession.signing_input = {0x05, 0x00};
  EXPECT_EQ(refusal(through_the_wire(request)), "cmp.possession_kind");
}

TEST(Possession, IsBelievedOfARegistrationAuthorityOnly) {
  EXPECT_EQ(refusal(first_request("irra")), "cmp.possession_kind");
  EXPECT_EQ(refusal(first_request("irra"), {.registration_verified = true}), "good");
}

TEST(Possession, NeedsAKeyAndASubject) {
  auto fields = wanted();
  fields.spki.clear();
  EXPECT_TRUE(fields.wants_key_pair());
  EXPECT_EQ(refusal(request_certificate(0, fields)), "cmp.template");
  fields = wanted();
  fields.subject.reset();
  EXPECT_EQ(refusal(request_certificate(0, fields)), "cmp.template");
  asn1::Writer empty_key;
  empty_key.sequence([](asn1::Writer& spki) {
    spki.sequence([](asn1::Writer& algorithm) {
      algorithm.oid(asn1::oids::kEcPublicKey);
      algorithm.oid(asn1::oids::kSm2Curve);
    });
    spki.bit_string({});
  });
  fields = wanted();
  fields.spki = to_bytes(empty_key.view());
  EXPECT_TRUE(through_the_wire(request_certificate(1, fields)).fields.wants_key_pair());
  EXPECT_FALSE(wanted().wants_key_pair());
}

}  // namespace
}  // namespace hutong::cmp
