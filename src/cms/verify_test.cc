#include "cms/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "cms/attributes.h"
#include "cms/internal/test_identities.h"
#include "cms/sign.h"
#include "tests/support/support.h"
#include "x509/extension_builder.h"

namespace hutong::cms {
namespace {

namespace oids = asn1::oids;
using asn1::Tag;
using asn1::Writer;
using test::identity;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using x509::Indication;
using x509::Severity;

constexpr std::string_view kSignedContent = "the content of the message";

/// A SignedData put together by hand, to be odd in one way.
struct OddSignedData {
  asn1::Oid outer = oids::kGmSignedData;
  asn1::Oid inner = oids::kGmData;
  Bytes content_element;          ///< inside [0]; empty: no [0]
  std::vector<Bytes> attributes;  ///< in this order; empty: none
  Bytes signed_octets;            ///< what the signature covers; empty: the attributes as written
  asn1::Oid signature_algorithm = oids::kSm2Sign;
  bool signature_null = true;
  bool by_key_identifier = false;
  std::vector<Bytes> certificates;
  bool announce_digest = true;
  test::Identity alice = identity("signer");

  Bytes build() const {
    Writer out;
    out.sequence([&](Writer& info) {
      info.oid(outer);
      info.constructed(asn1::context_constructed(0),
                       [&](Writer& wrapped) { wrapped.sequence([&](Writer& body) { signed_data(body); }); });
    });
    return std::move(out).take();
  }

 private:
  static void sm3(Writer& out) {
    out.sequence([](Writer& algorithm) {
      algorithm.oid(oids::kSm3);
      algorithm.null();
    });
  }
  void signed_data(Writer& out) const {
    out.small(1);
    out.constructed(Tag::kSet, [&](Writer& set) {
      if (announce_digest) {
        sm3(set);
      }
    });
    out.sequence([&](Writer& info) {
      info.oid(inner);
      if (!content_element.empty()) {
        info.element(asn1::context_constructed(0), content_element);
      }
    });
    out.constructed(asn1::context_constructed(0), [&](Writer& set) {
      for (const Bytes& certificate : certificates) {
        set.raw(certificate);
      }
    });
    out.constructed(Tag::kSet,
                    [&](Writer& set) { set.sequence([&](Writer& signer) { signer_info(signer); }); });
  }
  void signer_info(Writer& out) const {
    out.small(by_key_identifier ? 3 : 1);
    if (by_key_identifier) {
      out.element(asn1::context(0), *alice.certificate.extensions().subject_key_identifier);
    } else {
      out.sequence([&](Writer& name) {
        const auto& issuer = alice.certificate.issuer();
        const auto& serial = alice.certificate.serial();
        name.raw(issuer.der());
        name.element(Tag::kInteger, serial.content());
      });
    }
    sm3(out);
    Writer set;
    set.constructed(Tag::kSet, [&](Writer& all) {
      for (const Bytes& attribute : attributes) {
        all.raw(attribute);
      }
    });
    if (!attributes.empty()) {
      Bytes tagged = to_bytes(set.view());
      tagged[0] = 0xA0;
      out.raw(tagged);
    }
    out.sequence([&](Writer& algorithm) {
      algorithm.oid(signature_algorithm);
      if (signature_null) {
        algorithm.null();
      }
    });
    out.octet_string(
        alice.signer().sign(signed_octets.empty() ? set.view() : ByteView(signed_octets)).value());
  }
};

Bytes octet_string(ByteView content) {
  Writer out;
  out.octet_string(content);
  return std::move(out).take();
}

Bytes digest_attribute(ByteView content) {
  return message_digest_attribute(crypto::digest(crypto::DigestAlgorithm::kSm3, content));
}

OddSignedData usual() {
  OddSignedData odd;
  odd.content_element = octet_string(as_bytes(kSignedContent));
  odd.attributes = {content_type_attribute(oids::kGmData), digest_attribute(as_bytes(kSignedContent))};
  odd.certificates = {to_bytes(odd.alice.certificate.der())};
  return odd;
}

class Verify : public testing::Test {
 protected:
  SignedMessageReport judge(const OddSignedData& odd) { return judge(odd.build()); }
  SignedMessageReport judge(ByteView message) {
    auto report = verify_message(message, trust.at(test::midsummer()));
    if (!report) {
      throw std::runtime_error(report.error().detail);
    }
    return std::move(report).value();
  }
  static std::vector<std::string> errors(const SignedMessageReport& report) {
    return test::codes(report, Severity::kError);
  }
  test::Trust trust;
};

TEST_F(Verify, TheUsualMessageIsValidWithoutAnyFinding) {
  const auto report = judge(usual());
  EXPECT_EQ(report.indication(), Indication::kValid);
  EXPECT_THAT(report.findings, IsEmpty());
  EXPECT_THAT(report.signers.at(0).findings, IsEmpty());
}

TEST_F(Verify, AChangedContentIsADigestMismatch) {
  OddSignedData odd = usual();
  odd.content_element = octet_string(as_bytes("other content"));
  const auto report = judge(odd);
  EXPECT_EQ(report.indication(), Indication::kInvalid);
  EXPECT_THAT(errors(report), ElementsAre("cms.digest_mismatch"));
  EXPECT_FALSE(report.signers.at(0).signature_verified);
}

TEST_F(Verify, ASignatureOverSomethingElseIsInvalid) {
  OddSignedData odd = usual();
  odd.signed_octets = to_bytes(as_bytes("something else"));
  const auto report = judge(odd);
  EXPECT_EQ(report.indication(), Indication::kInvalid);
  EXPECT_THAT(errors(report), ElementsAre("cms.signature_invalid"));
}

TEST_F(Verify, AMessageDigestOfAnotherLengthIsNamed) {
  OddSignedData odd = usual();
  odd.attributes[1] = message_digest_attribute(Bytes(20, 1));
  EXPECT_THAT(errors(judge(odd)), ElementsAre("cms.digest_length"));
}

TEST_F(Verify, MissingAttributesAreNamed) {
  OddSignedData odd = usual();
  odd.attributes.erase(odd.attributes.begin());
  EXPECT_THAT(errors(judge(odd)), ElementsAre("cms.attribute_missing"));
  odd = usual();
  odd.attributes.pop_back();
  EXPECT_THAT(errors(judge(odd)), ElementsAre("cms.attribute_missing"));
}

TEST_F(Verify, RepeatedAttributesAreRefused) {
  OddSignedData odd = usual();
  odd.attributes.push_back(odd.attributes[1]);
  EXPECT_THAT(errors(judge(odd)), ElementsAre("cms.attribute_malformed"));
}

TEST_F(Verify, ContentTypeMustBeThatOfTheContent) {
  OddSignedData odd = usual();
  odd.attributes[0] = content_type_attribute(oids::kTstInfo);
  EXPECT_THAT(errors(judge(odd)), ElementsAre("cms.content_type_mismatch"));
  odd.attributes[0] = content_type_attribute(oids::kData);
  const auto report = judge(odd);
  EXPECT_EQ(report.indication(), Indication::kValid);
  EXPECT_TRUE(report.has("cms.content_type_alias"));
}

TEST_F(Verify, UnsortedAttributesSignedAsTheyStandNeedNoTolerance) {
  OddSignedData odd = usual();
  std::swap(odd.attributes[0], odd.attributes[1]);
  const auto report = judge(odd);
  EXPECT_EQ(report.indication(), Indication::kValid);
  EXPECT_FALSE(report.has("cms.attributes_unsorted"));
}

TEST_F(Verify, UnsortedAttributesSignedInOrderAreANamedTolerance) {
  OddSignedData odd = usual();
  Writer sorted;
  sorted.set_of(odd.attributes);
  odd.signed_octets = to_bytes(sorted.view());
  std::swap(odd.attributes[0], odd.attributes[1]);
  const auto report = judge(odd);
  EXPECT_EQ(report.indication(), Indication::kValid);
  EXPECT_TRUE(report.has("cms.attributes_unsorted"));
}

TEST_F(Verify, AllNamesOfSm2SignaturesAreRead) {
  for (const asn1::Oid& name : {oids::kSm2Sign, oids::kSm2WithSm3, oids::kSm2Curve, oids::kSm2Encrypt}) {
    for (const bool with_null : {true, false}) {
      OddSignedData odd = usual();
      odd.signature_algorithm = name;
      odd.signature_null = with_null;
      const auto report = judge(odd);
      EXPECT_EQ(report.indication(), Indication::kValid) << name.to_string();
      EXPECT_EQ(report.has("cms.algorithm_name"), name == oids::kSm2Curve || name == oids::kSm2Encrypt);
    }
  }
  OddSignedData odd = usual();
  odd.signature_algorithm = oids::kEcdsaWithSha256;
  EXPECT_THAT(errors(judge(odd)), ElementsAre("cms.algorithm_mismatch"));
}

TEST_F(Verify, MixedFormsAndKeyIdentifiersAreRead) {
  OddSignedData odd = usual();
  odd.outer = oids::kSignedData;
  odd.by_key_identifier = true;
  const auto report = judge(odd);
  EXPECT_EQ(report.indication(), Indication::kValid);
  EXPECT_EQ(report.form, MessageForm::kRfc);
  EXPECT_THAT(test::codes(report, Severity::kInfo), ElementsAre("cms.mixed_forms"));
}

TEST_F(Verify, AnUnannouncedDigestNeedsASecondReading) {
  OddSignedData odd = usual();
  odd.announce_digest = false;
  const auto report = judge(odd);
  EXPECT_EQ(report.indication(), Indication::kValid);
  EXPECT_TRUE(report.has("cms.digest_not_announced"));
}

TEST_F(Verify, ContentOfAnotherTypeIsHashedWithoutItsHeader) {
  Writer element;
  element.sequence([](Writer& body) {
    body.small(1);
    body.small(2);
  });
  const Bytes value = hutong::test::hex("020101020102");
  OddSignedData odd = usual();
  odd.inner = asn1::Oid("1.2.3.4");
  odd.content_element = to_bytes(element.view());
  odd.attributes = {content_type_attribute(odd.inner), digest_attribute(value)};
  const auto report = judge(odd);
  EXPECT_EQ(report.indication(), Indication::kValid);
  EXPECT_EQ(report.content_size, value.size());
}

TEST_F(Verify, BerInPiecesIsRead) {
  const Bytes message = usual().build();
  const ByteView old_content = as_bytes(kSignedContent);
  // The same octets with every wrapper indefinite and the OCTET STRING in three pieces.
  asn1::Reader outer(message);
  auto info = outer.enter_sequence().value();
  const auto type = info.read_any().value();
  auto wrapped = info.enter(asn1::context_constructed(0)).value();
  auto body = wrapped.enter_sequence().value();
  const auto version = body.read_any().value();
  const auto digests = body.read_any().value();
  ASSERT_TRUE(body.read_any());
  Bytes ber{0x30, 0x80};
  append(ber, type.encoded);
  append(ber, hutong::test::hex("A0803080"));
  append(ber, version.encoded);
  append(ber, digests.encoded);
  append(ber, hutong::test::hex("3080"));
  Writer oid;
  oid.oid(oids::kGmData);
  append(ber, oid.view());
  append(ber, hutong::test::hex("A0802480"));
  append(ber, octet_string(old_content.first(3)));
  append(ber, hutong::test::hex("2480"));
  append(ber, octet_string(old_content.subspan(3, 10)));
  append(ber, hutong::test::hex("0000"));
  append(ber, octet_string(old_content.subspan(13)));
  append(ber, hutong::test::hex("0000"
                                "0000"
                                "0000"));
  append(ber, body.rest());
  append(ber, hutong::test::hex("0000"
                                "0000"
                                "0000"));
  const auto report = judge(ber);
  EXPECT_EQ(report.indication(), Indication::kValid);
  EXPECT_THAT(test::codes(report, Severity::kInfo), ElementsAre("cms.ber_encoding"));
  EXPECT_EQ(report.content_size, kSignedContent.size());
}

TEST_F(Verify, DetachedWithoutContentIsUndecided) {
  const auto vectors = hutong::test::load_vectors("cms/signed_data.vec");
  const auto report = judge(vectors.at(2).hex("message"));
  EXPECT_EQ(report.indication(), Indication::kIndeterminate);
  EXPECT_THAT(test::codes(report, Severity::kUndecided), ElementsAre("cms.missing_content"));
  EXPECT_EQ(report.signers.at(0).indication, Indication::kIndeterminate);
}

TEST_F(Verify, AMessageThatWasReadAlreadyIsJudgedTheSame) {
  const Bytes message = hutong::test::load_vectors("cms/signed_data.vec").at(2).hex("message");
  const auto options = trust.at(test::midsummer());
  for (const auto content : {as_bytes(kSignedContent), as_bytes("another")}) {
    const auto from_octets = verify_detached(message, content, options).value();
    const auto from_structure = verify_detached(read_signed_data(message).value(), content, options).value();
    EXPECT_EQ(from_structure.indication(), from_octets.indication());
    EXPECT_EQ(from_structure.content_sm3, from_octets.content_sm3);
    EXPECT_EQ(test::codes(from_structure, Severity::kError), test::codes(from_octets, Severity::kError));
  }
  const auto attached = read_signed_data(usual().build()).value();
  EXPECT_EQ(verify_detached(attached, as_bytes(kSignedContent), options).error().reason, "cms.has_content");
}

TEST_F(Verify, ContentGivenTwiceMustBeTheSame) {
  const Bytes message = usual().build();
  const auto same = verify_detached(message, as_bytes(kSignedContent), trust.at(test::midsummer()));
  EXPECT_EQ(same->indication(), Indication::kValid);
  const auto other = verify_detached(message, as_bytes("another"), trust.at(test::midsummer()));
  EXPECT_EQ(other->indication(), Indication::kInvalid);
  EXPECT_THAT(errors(*other), ElementsAre("cms.content_differs"));
}

TEST_F(Verify, OneBadSignerOfTwoIsShownAndSpoilsTheMessage) {
  const auto alice = identity("signer");
  const auto bob =
      test::issue({"Bob", 0x41, {x509::extension::key_usage({x509::KeyUsageBit::kDigitalSignature})}});
  const auto a = alice.signer();
  const auto b = bob.signer();
  const std::vector<MessageSigner> signers{{a, alice.certificate}, {b, bob.certificate}};
  Bytes message = sign_attached(as_bytes(kSignedContent), signers).value();
  EXPECT_EQ(judge(message).indication(), Indication::kValid);
  message.back() ^= 1;  // the end of the last signature
  const auto report = judge(message);
  EXPECT_EQ(report.indication(), Indication::kInvalid);
  ASSERT_EQ(report.signers.size(), 2U);
  EXPECT_EQ(report.signers[0].indication, Indication::kValid);
  EXPECT_EQ(report.signers[1].indication, Indication::kInvalid);
  EXPECT_THAT(errors(report), ElementsAre("cms.signature_invalid"));
}

TEST_F(Verify, TheSignersCertificateMayComeFromTheCaller) {
  OddSignedData odd = usual();
  odd.certificates.clear();
  const auto missing = judge(odd);
  EXPECT_EQ(missing.indication(), Indication::kIndeterminate);
  EXPECT_THAT(test::codes(missing, Severity::kUndecided), ElementsAre("cms.signer_certificate_missing"));
  const std::vector<x509::Certificate> known{odd.alice.certificate};
  VerifyOptions options = trust.at(test::midsummer());
  options.certificates = known;
  EXPECT_EQ(verify_message(odd.build(), options)->indication(), Indication::kValid);
}

TEST_F(Verify, OfTwoCertificatesWithOneNameTheRightOneIsFound) {
  const auto forged = test::issue({"Mallory", 0x02});  // issuer and serial of alice's
  OddSignedData odd = usual();
  odd.certificates = {to_bytes(forged.certificate.der()), to_bytes(odd.alice.certificate.der())};
  const auto report = judge(odd);
  EXPECT_EQ(report.indication(), Indication::kValid);
  EXPECT_EQ(report.signers.at(0).certificate->subject().display(), "Alice");
}

TEST_F(Verify, AnEncryptionCertificateCannotSign) {
  OddSignedData odd = usual();
  odd.alice = identity("recipient");
  odd.certificates = {to_bytes(odd.alice.certificate.der())};
  EXPECT_THAT(errors(judge(odd)), Contains("cms.signer_key_usage"));
}

TEST_F(Verify, WithoutTrustTheVerdictStaysOpen) {
  const auto report = verify_message(usual().build(), {});
  EXPECT_EQ(report->indication(), Indication::kIndeterminate);
  EXPECT_TRUE(report->signers.at(0).signature_verified);
  EXPECT_THAT(test::codes(*report, Severity::kUndecided), ElementsAre("cms.path_not_checked"));
}

TEST_F(Verify, AnUntrustedOrExpiredCertificateIsNotValid) {
  const auto late = verify_message(usual().build(), trust.at(test::time("2040-01-01T00:00:00Z")));
  EXPECT_EQ(late->indication(), Indication::kInvalid);
  EXPECT_THAT(errors(*late), ElementsAre("cms.path_invalid"));
  test::Trust nobody;
  nobody.context.anchors = {};
  const auto unknown = verify_message(usual().build(), nobody.at(test::midsummer()));
  EXPECT_NE(unknown->indication(), Indication::kValid);
  EXPECT_TRUE(unknown->signers.at(0).signature_verified);
}

TEST_F(Verify, TheSignersIdentifierMustNameItsCertificate) {
  OddSignedData odd = usual();
  odd.attributes.push_back(
      signing_certificate_attribute(odd.alice.certificate, crypto::DigestAlgorithm::kSm3));
  const auto right = judge(odd);
  EXPECT_EQ(right.indication(), Indication::kValid);
  EXPECT_TRUE(right.signers.at(0).identifies_certificate);
  odd.attributes.back() =
      signing_certificate_attribute(identity("tsa").certificate, crypto::DigestAlgorithm::kSha256);
  EXPECT_THAT(errors(judge(odd)), ElementsAre("cms.signing_certificate_mismatch"));
}

TEST_F(Verify, AttributesPassedOffAsContentAreRefused) {
  const OddSignedData honest = usual();
  Writer set;
  set.set_of(honest.attributes);
  // The honest signature over the attributes, presented as a signature over content.
  OddSignedData forged = usual();
  forged.attributes.clear();
  forged.content_element = octet_string(set.view());
  forged.signed_octets = to_bytes(set.view());
  const auto report = judge(forged);
  EXPECT_EQ(report.indication(), Indication::kInvalid);
  EXPECT_THAT(errors(report), ElementsAre("cms.content_is_attributes"));
}

TEST_F(Verify, AClaimedTimeOutsideTheCertificateIsAWarning) {
  OddSignedData odd = usual();
  odd.attributes.insert(odd.attributes.begin() + 1,
                        signing_time_attribute(test::time("2020-01-01T00:00:00Z")));
  const auto report = judge(odd);
  EXPECT_EQ(report.indication(), Indication::kValid);
  EXPECT_TRUE(report.has("cms.claimed_outside_validity"));
  EXPECT_EQ(report.signers.at(0).claimed_signing_time, test::time("2020-01-01T00:00:00Z"));
}

TEST_F(Verify, OtherOctetsAreAReportNotAnError) {
  for (const std::string_view text : {"", "hello", "0", "\x30\x80"}) {
    const auto report = judge(as_bytes(text));
    EXPECT_EQ(report.indication(), Indication::kInvalid);
    EXPECT_THAT(errors(report), ElementsAre("cms.malformed"));
  }
  const Bytes zeros(1'000'000, 0);
  EXPECT_THAT(errors(judge(zeros)), ElementsAre("cms.malformed"));
  const auto envelope = hutong::test::load_vectors("cms/enveloped_data.vec").at(0).hex("message");
  EXPECT_THAT(errors(judge(envelope)), ElementsAre("cms.not_signed_content"));
}

}  // namespace
}  // namespace hutong::cms
