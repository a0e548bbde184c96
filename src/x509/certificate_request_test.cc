#include "x509/certificate_request.h"

#include <gtest/gtest.h>

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "base/encoding.h"
#include "x509/internal/test_objects.h"

namespace hutong::x509 {
namespace {

using asn1::Writer;
namespace oids = asn1::oids;
using test_objects::signer_a;

Bytes sample() { return test::load_vectors("x509/request.vec").front().hex("der"); }

/// A request with these attribute octets as they stand; nothing: without [0].
Result<CertificateRequest> with_attributes(std::optional<std::string_view> hex,
                                           const QuirkPolicy& policy = QuirkPolicy::standard()) {
  const Name subject = Name::from_string("CN=Alice,C=CN").value();
  Writer info;
  info.sequence([&](Writer& fields) {
    fields.small(0);
    fields.raw(subject.der());
    fields.raw(signer_a().public_key().to_spki());
    if (hex) {
      fields.element(asn1::context_constructed(0), test::hex(*hex));
    }
  });
  return CertificateRequest::parse(sign_der(info.view(), crypto::kSm2WithSm3.to_der(), signer_a()).value(),
                                   policy);
}

TEST(CertificateRequest, ReadsTheSample) {
  const auto request = CertificateRequest::parse(sample());
  ASSERT_TRUE(request) << request.error().detail;
  EXPECT_EQ(request->subject().to_string(), "CN=Alice,O=Test Org,C=CN");
  EXPECT_TRUE(request->attributes().empty());
  EXPECT_FALSE(request->challenge_password());
  EXPECT_TRUE(*request->public_key() == signer_a().public_key());
  EXPECT_TRUE(request->is_signed_by_own_key());
  EXPECT_TRUE(request->quirks().empty());
}

TEST(CertificateRequest, ChangedSubjectOrKeyFailsProofOfPossession) {
  const auto subject =
      CertificateRequest::parse(test_objects::replaced(sample(), "416C696365", "416C696366"));
  ASSERT_TRUE(subject);
  EXPECT_FALSE(subject->is_signed_by_own_key());
  const auto key = CertificateRequest::parse(test_objects::replaced(sample(), "0409F9DF31", "0409F9DF32"));
  ASSERT_TRUE(key);
  EXPECT_FALSE(key->is_signed_by_own_key());
}

TEST(CertificateRequest, WritesAndReadsItsFields) {
  TbsCertificateRequest tbs;
  tbs.subject = Name::from_string("CN=张三,O=某公司,C=CN").value();
  tbs.extensions = {extension::key_usage({KeyUsageBit::kDigitalSignature})};
  for (const bool gm : {true, false}) {
    tbs.challenge_password = "111111";
    tbs.gm_challenge_password_oid = gm;
    const auto der = sign(tbs, signer_a());
    const auto request = CertificateRequest::parse(der->view());
    ASSERT_TRUE(request) << request.error().reason << request.error().detail;
    EXPECT_TRUE(request->is_signed_by_own_key());
    EXPECT_EQ(request->challenge_password(), "111111");
    EXPECT_EQ(request->quirks().contains(Quirk::kRequestPkcs9Password), !gm);
    EXPECT_TRUE(request->extensions().key_usage->has(KeyUsageBit::kDigitalSignature));
    EXPECT_NE(request->find(oids::kExtensionRequest), nullptr);
  }
}

TEST(CertificateRequest, EmptyAttributesAreA000) {
  const auto der = sign(TbsCertificateRequest{Name(), {}, true, {}}, signer_a());
  EXPECT_NE(to_hex(der->view()).find("a000300a06082a811ccf55018375"), std::string::npos);
}

TEST(CertificateRequest, QuirksAndRefusals) {
  const auto missing = with_attributes(std::nullopt);
  ASSERT_TRUE(missing);
  EXPECT_TRUE(missing->quirks().contains(Quirk::kRequestWithoutAttributes));
  EXPECT_EQ(with_attributes(std::nullopt, QuirkPolicy::strict()).error().reason, "request.no_attributes");
  const auto bare = with_attributes("301306092A864886F70D0109071306313131313131");
  ASSERT_TRUE(bare) << bare.error().detail;
  EXPECT_TRUE(bare->quirks().contains(Quirk::kRequestAttributeWithoutSet));
  EXPECT_EQ(bare->challenge_password(), "111111");
  EXPECT_TRUE(bare->is_signed_by_own_key());
  EXPECT_EQ(with_attributes("301506092A864886F70D01090731080C06313131313131").error().reason,
            "request.password_type");
  EXPECT_EQ(with_attributes("301306092A864886F70D0109073106130131130132").error().reason,
            "request.two_passwords");
  EXPECT_EQ(with_attributes("301006092A864886F70D01090731031301313010"
                            "06092A864886F70D0109073103130132")
                .error()
                .reason,
            "request.two_passwords");
  EXPECT_EQ(with_attributes("300D06092A864886F70D0109073100").error().reason, "request.empty_attribute");
}

TEST(CertificateRequest, EveryTruncationIsRefused) {
  const Bytes der = sample();
  for (std::size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(CertificateRequest::parse(ByteView(der).first(size))) << size;
  }
}

}  // namespace
}  // namespace hutong::x509
