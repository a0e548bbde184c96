#include "cms/signed_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "asn1/oids.h"
#include "cms/internal/test_identities.h"
#include "cms/message.h"
#include "cms/sign.h"
#include "cms/verify.h"
#include "tests/support/support.h"

namespace hutong::cms {
namespace {

using test::identity;
using testing::ElementsAre;
using testing::IsEmpty;

class SignedDataVectors : public testing::TestWithParam<hutong::test::Vector> {
 protected:
  bool detached() const { return GetParam().text("detached") == "yes"; }
  bool with_attributes() const { return GetParam().text("attributes") == "standard"; }
};

TEST_P(SignedDataVectors, AreReadAndJudgedValid) {
  const test::Trust trust;
  const Bytes message = GetParam().hex("message");
  const Bytes content = GetParam().hex("content");
  const auto report = detached() ? verify_detached(message, content, trust.at(test::midsummer()))
                                 : verify_message(message, trust.at(test::midsummer()));
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->indication(), x509::Indication::kValid);
  EXPECT_THAT(test::codes(*report, x509::Severity::kError), IsEmpty());
  EXPECT_EQ(report->form, MessageForm::kGm);
  EXPECT_EQ(report->detached, detached());
  EXPECT_EQ(report->content_size, content.size());
  ASSERT_EQ(report->signers.size(), 1U);
  const SignerReport& signer = report->signers[0];
  EXPECT_TRUE(signer.signature_verified);
  EXPECT_EQ(signer.has_signed_attributes, with_attributes());
  EXPECT_EQ(signer.algorithm, "SM2-SM3");
  EXPECT_EQ(signer.certificate->subject().display(), "Alice");
  ASSERT_TRUE(signer.chain);
  EXPECT_TRUE(signer.chain->trusted());
  if (with_attributes()) {
    EXPECT_EQ(signer.claimed_signing_time, test::time(GetParam().text("signing_time")));
  }
}

TEST_P(SignedDataVectors, AreWrittenOctetForOctet) {
  const auto alice = identity("signer");
  test::ScriptedRandom random(GetParam().hex("nonce"));
  const auto signer = alice.signer(random);
  const std::vector<MessageSigner> signers{{signer, alice.certificate}};
  SignOptions options;
  options.attributes = with_attributes() ? Attributes::kStandard : Attributes::kNone;
  options.signing_time = test::time(GetParam().text("signing_time"));
  const Bytes content = GetParam().hex("content");
  const auto message =
      detached() ? sign_detached(content, signers, options) : sign_attached(content, signers, options);
  ASSERT_TRUE(message) << message.error().detail;
  EXPECT_EQ(*message, GetParam().hex("message"));
}

TEST_P(SignedDataVectors, DoNotSurviveAnyChangedOctet) {
  const test::Trust trust;
  const Bytes message = GetParam().hex("message");
  const Bytes content = GetParam().hex("content");
  for (std::size_t at = 0; at < message.size(); ++at) {
    Bytes changed = message;
    changed[at] ^= 0x01;
    const auto report = detached() ? verify_detached(changed, content, trust.at(test::midsummer()))
                                   : verify_message(changed, trust.at(test::midsummer()));
    if (report && report->indication() == x509::Indication::kValid) {
      // What is not signed may change: versions and the names of algorithms that mean the same.
      Bytes attached;
      const auto parsed = read_signed_data(changed, &attached);
      ASSERT_TRUE(parsed);
      EXPECT_EQ(detached() ? content : attached, content) << "octet " << at;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(NormSheet, SignedDataVectors,
                         testing::ValuesIn(hutong::test::load_vectors("cms/signed_data.vec")),
                         [](const auto& vector) { return vector.param.name; });

Bytes signed_by_alice(ByteView content, const SignOptions& options = {}) {
  const auto alice = identity("signer");
  const auto signer = alice.signer();
  const std::vector<MessageSigner> signers{{signer, alice.certificate}};
  return sign_attached(content, signers, options).value();
}

TEST(Message, IsRecognisedByItsFirstOctets) {
  const Bytes message = signed_by_alice(as_bytes("x"));
  const MessageKind signed_gm{MessageType::kSignedData, MessageForm::kGm};
  EXPECT_EQ(recognise_message(ByteView(message).first(64)), signed_gm);
  EXPECT_EQ(recognise_message(ByteView(message).first(5)), std::nullopt);
  EXPECT_EQ(recognise_message(as_bytes("hello")), std::nullopt);
  const Bytes indefinite = hutong::test::hex("308006092A864886F70D010702A080");
  const MessageKind signed_rfc{MessageType::kSignedData, MessageForm::kRfc};
  EXPECT_EQ(recognise_message(indefinite), signed_rfc);
}

TEST(SignedData, OfAnotherTypeIsNamedAsSuch) {
  const auto envelope = hutong::test::load_vectors("cms/enveloped_data.vec").at(0).hex("message");
  EXPECT_EQ(read_signed_data(envelope).error().reason, "cms.not_signed_data");
}

TEST(SignedData, TruncatedAnywhereIsRefused) {
  const Bytes message = signed_by_alice(as_bytes("content"));
  for (std::size_t size = 0; size < message.size(); ++size) {
    EXPECT_FALSE(read_signed_data(ByteView(message).first(size))) << size;
  }
  Bytes longer = message;
  longer.push_back(0);
  EXPECT_EQ(read_signed_data(longer).error().reason, "asn1.trailing_data");
}

TEST(SignedData, IsWrittenInDerOrder) {
  const auto alice = identity("signer");
  const auto tsa = identity("tsa");
  const auto a = alice.signer();
  const auto t = tsa.signer();
  const std::vector<MessageSigner> signers{{t, tsa.certificate}, {a, alice.certificate}};
  SignOptions options;
  options.certificates = {to_bytes(identity("root").certificate.der()), to_bytes(alice.certificate.der())};
  const auto message = sign_attached(as_bytes("content"), signers, options);
  ASSERT_TRUE(message);
  const auto parsed = read_signed_data(*message);
  ASSERT_TRUE(parsed) << parsed.error().detail;
  EXPECT_FALSE(parsed->ber);
  EXPECT_EQ(parsed->digest_algorithms.size(), 1U);
  EXPECT_EQ(parsed->certificates.size(), 3U);  // alice's is not there twice
  EXPECT_TRUE(std::ranges::is_sorted(parsed->certificates));
  ASSERT_EQ(parsed->signers.size(), 2U);
  EXPECT_TRUE(parsed->signers[0].signed_attributes->sorted);
}

TEST(SignedData, ASignerNeedsTheKeyOfTheCertificate) {
  const auto alice = identity("signer");
  const auto other = identity("recipient").signer();
  const std::vector<MessageSigner> signers{{other, alice.certificate}};
  EXPECT_EQ(sign_attached(as_bytes("x"), signers).error().reason, "cms.signer_key");
}

TEST(Bundle, CarriesCertificatesAndListsWithoutSigners) {
  const auto root = identity("root");
  const auto alice = identity("signer");
  const x509::Crl crl =
      test::revoke({}, test::time("2026-06-01T00:00:00Z"), test::time("2026-07-01T00:00:00Z"));
  const Bytes message =
      bundle({to_bytes(root.certificate.der()), to_bytes(alice.certificate.der())}, {to_bytes(crl.der())});
  const auto parsed = read_signed_data(message);
  ASSERT_TRUE(parsed) << parsed.error().detail;
  EXPECT_EQ(parsed->certificates.size(), 2U);
  EXPECT_EQ(parsed->crls.size(), 1U);
  EXPECT_THAT(parsed->signers, IsEmpty());
  const auto report = verify_message(message, {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->indication(), x509::Indication::kInvalid);
  EXPECT_THAT(test::codes(*report, x509::Severity::kError), ElementsAre("cms.no_signer"));
  EXPECT_EQ(report->certificates.size(), 2U);
  EXPECT_EQ(report->crls.size(), 1U);
}

TEST(Attributes, AreSortedForTheSecondAttempt) {
  const auto set =
      read_attributes(hutong::test::hex("A01A"
                                        "300C06032A0304310502030F0F0F"
                                        "300A06032A03043103020101"));
  ASSERT_TRUE(set) << set.error().detail;
  EXPECT_FALSE(set->sorted);
  EXPECT_EQ(set->encoded_sorted(), hutong::test::hex("311A"
                                                     "300A06032A03043103020101"
                                                     "300C06032A0304310502030F0F0F"));
  EXPECT_EQ(set->single(asn1::Oid("1.2.3.4")), nullptr);  // twice
  EXPECT_EQ(set->count(asn1::Oid("1.2.3.4")), 2U);
}

}  // namespace
}  // namespace hutong::cms
