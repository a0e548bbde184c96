#include "cms/timestamp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

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
using asn1::Writer;
using test::identity;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using x509::Indication;
using x509::Severity;

class Timestamp : public testing::Test {
 protected:
  static hutong::test::Vector vector() { return hutong::test::load_vectors("cms/timestamp.vec").at(0); }
  static TimestampRequest request() { return TimestampRequest::from_der(vector().hex("request")).value(); }
  static TstInfo info() { return TstInfo::from_der(vector().hex("info")).value(); }
  TimestampReport judge(ByteView token, const TimestampExpectation& expected = {}) const {
    return verify_timestamp(token, expected, trust.at(test::midsummer()));
  }
  static Bytes token_of(const TstInfo& stamp, const test::Identity& tsa = identity("tsa"),
                        MessageForm form = MessageForm::kGm) {
    const auto signer = tsa.signer();
    return make_token(stamp, {signer, tsa.certificate, form}).value();
  }
  static std::vector<std::string> errors(const TimestampReport& report) {
    auto found = test::codes(report.findings, Severity::kError);
    std::ranges::copy(test::codes(report.token, Severity::kError), std::back_inserter(found));
    return found;
  }
  test::Trust trust;
};

TEST_F(Timestamp, TheRequestOfTheNormSheetIsReadAndWritten) {
  const TimestampRequest read = request();
  EXPECT_EQ(read.imprint, imprint_of(as_bytes("abc")));
  EXPECT_EQ(read.nonce->to_hex(), "0102030405060708");
  EXPECT_TRUE(read.certificate_wanted);
  EXPECT_EQ(read.policy, std::nullopt);
  EXPECT_EQ(read.to_der(), vector().hex("request"));
}

TEST_F(Timestamp, TheInfoOfTheNormSheetIsReadAndWritten) {
  const TstInfo read = info();
  EXPECT_EQ(read.policy.to_string(), "1.2.3.4.1");
  EXPECT_EQ(read.serial.to_hex(), "2a");
  EXPECT_EQ(to_rfc3339(read.time), "2026-06-01T00:00:00Z");
  EXPECT_EQ(read.accuracy->seconds, 1U);
  EXPECT_EQ(read.to_der(), vector().hex("info"));
}

TEST_F(Timestamp, ResponseAndBareTokenAreValid) {
  for (const std::string_view form : {"response", "token"}) {
    for (const TimestampExpectation& expected :
         {expectation_of(request()), TimestampExpectation{.data = as_bytes("abc")}}) {
      const auto report = judge(vector().hex(form), expected);
      EXPECT_EQ(report.indication, Indication::kValid) << form;
      EXPECT_THAT(report.findings, IsEmpty());
      ASSERT_TRUE(report.info);
      EXPECT_EQ(to_rfc3339(report.info->time), "2026-06-01T00:00:00Z");
      EXPECT_EQ(report.token.signers.at(0).certificate->subject().display(), "Test TSA");
    }
  }
}

TEST_F(Timestamp, TokensAreWrittenOctetForOctet) {
  const auto tsa = identity("tsa");
  const auto write = [&tsa](MessageForm form) {
    test::ScriptedRandom random(vector().hex("nonce"));
    const auto signer = tsa.signer(random);
    return make_token(info(), {signer, tsa.certificate, form}).value();
  };
  EXPECT_EQ(write(MessageForm::kGm), vector().hex("token"));
  TimestampResponse response;
  response.token = write(MessageForm::kRfc);
  EXPECT_EQ(response.to_der(), vector().hex("response"));
}

TEST_F(Timestamp, EachExpectationCounts) {
  const Bytes token = vector().hex("token");
  EXPECT_THAT(errors(judge(token, {.imprint = imprint_of(as_bytes("abd"))})),
              ElementsAre("timestamp.imprint_mismatch"));
  EXPECT_THAT(errors(judge(token, {.data = as_bytes("abd")})), ElementsAre("timestamp.imprint_mismatch"));
  EXPECT_THAT(errors(judge(token, {.nonce = x509::Serial::from_magnitude(Bytes{7})})),
              ElementsAre("timestamp.nonce_mismatch"));
  EXPECT_THAT(errors(judge(token, {.policy = asn1::Oid("1.2.3.4.2")})),
              ElementsAre("timestamp.policy_mismatch"));
  TstInfo without_nonce = info();
  without_nonce.nonce.reset();
  EXPECT_THAT(errors(judge(token_of(without_nonce), {.nonce = info().nonce})),
              ElementsAre("timestamp.nonce_mismatch"));
}

TEST_F(Timestamp, NoChangedOctetOfTheStampSurvives) {
  const Bytes token = vector().hex("token");
  const Bytes stamp = vector().hex("info");
  const auto found = std::search(token.begin(), token.end(), stamp.begin(), stamp.end());
  const auto start = static_cast<std::size_t>(found - token.begin());
  for (std::size_t at = start; at < start + stamp.size(); ++at) {
    Bytes changed = token;
    changed[at] ^= 0x01;
    EXPECT_EQ(judge(changed).indication, Indication::kInvalid) << at;
  }
}

TEST_F(Timestamp, FractionsOfASecondAreReadAndWrittenWithoutTrailingZeros) {
  TstInfo stamp = info();
  stamp.microseconds = 250'000;
  const Bytes der = stamp.to_der();
  EXPECT_THAT(std::string(as_text(der)), testing::HasSubstr("20260601000000.25Z"));
  EXPECT_EQ(TstInfo::from_der(der)->microseconds, 250'000U);
  EXPECT_EQ(judge(token_of(stamp)).indication, Indication::kValid);
}

/// The info of the norm sheet with another genTime.
Bytes with_time(const Bytes& der, std::string_view text) {
  const TstInfo stamp = TstInfo::from_der(der).value();
  Writer out;
  out.sequence([&](Writer& body) {
    body.small(1);
    body.oid(stamp.policy);
    body.sequence([&](Writer& imprint) {
      imprint.sequence([](Writer& algorithm) { algorithm.oid(oids::kSm3); });
      imprint.octet_string(stamp.imprint.digest);
    });
    body.small(42);
    body.text(asn1::Tag::kGeneralizedTime, text);
  });
  return std::move(out).take();
}

TEST_F(Timestamp, OtherFormsOfTimeAreRefused) {
  EXPECT_TRUE(TstInfo::from_der(with_time(vector().hex("info"), "20260601000000.5Z")));
  for (const std::string_view text :
       {"20260601000000,5Z", "20260601000000.Z", "20260601000000", "202606010000Z", "20260601000000.5",
        "20260601000000.5+0800", "20261301000000Z", "20260601000000.5xZ", "", "Z"}) {
    EXPECT_FALSE(TstInfo::from_der(with_time(vector().hex("info"), text))) << text;
  }
}

TEST_F(Timestamp, AccuracyIsReadInAllItsForms) {
  const Bytes der = vector().hex("info");
  const auto with_accuracy = [&der](std::string_view accuracy) {
    // The info ends with accuracy 3003020101 and the nonce.
    Bytes changed = der;
    const Bytes old = hutong::test::hex("3003020101");
    const auto at = std::search(changed.begin(), changed.end(), old.begin(), old.end());
    const auto position = at - changed.begin();
    changed.erase(at, at + static_cast<std::ptrdiff_t>(old.size()));
    const Bytes replacement = hutong::test::hex(accuracy);
    changed.insert(changed.begin() + position, replacement.begin(), replacement.end());
    changed[1] = static_cast<std::uint8_t>(changed.size() - 2);
    return TstInfo::from_der(changed);
  };
  const auto tagged = with_accuracy("300A02010180020100810201F4");
  EXPECT_FALSE(tagged);  // millis 0
  const auto all = with_accuracy("300B020101800201F4810201F4");
  ASSERT_TRUE(all) << all.error().detail;
  EXPECT_EQ(all->accuracy->millis, 500);
  EXPECT_EQ(all->accuracy->micros, 500);
  EXPECT_EQ(all->accuracy->to_seconds(), std::chrono::seconds(2));
  const auto untagged = with_accuracy("3007020101020201F4");
  ASSERT_TRUE(untagged) << untagged.error().detail;
  EXPECT_EQ(untagged->accuracy->millis, 500);
  EXPECT_TRUE(untagged->accuracy->untagged_millis);
  EXPECT_FALSE(with_accuracy("3004800203E8"));  // millis 1000
  EXPECT_TRUE(with_accuracy("3000"));
}

TEST_F(Timestamp, ResponsesWithoutATokenAreRefusals) {
  TimestampResponse response;
  response.status = TimestampStatus::kRejection;
  response.failure = TimestampFailure::kBadAlg;
  response.status_text = {"不支持的算法"};
  const auto report = judge(response.to_der());
  EXPECT_EQ(report.indication, Indication::kInvalid);
  ASSERT_THAT(errors(report), Contains("timestamp.refused"));
  EXPECT_THAT(report.findings.at(0).message_en(), testing::HasSubstr("badAlg; 不支持的算法"));
}

TEST_F(Timestamp, StatusAndTokenMustFit) {
  TimestampResponse response;
  response.token = vector().hex("token");
  response.status = TimestampStatus::kRejection;
  EXPECT_EQ(TimestampResponse::from_der(response.to_der()).error().reason, "timestamp.structure");
  response.status = TimestampStatus::kGranted;
  response.token.clear();
  EXPECT_EQ(TimestampResponse::from_der(response.to_der()).error().reason, "timestamp.structure");
  EXPECT_THAT(errors(judge(response.to_der())), Contains("timestamp.malformed"));
  EXPECT_FALSE(TimestampResponse::from_der(hutong::test::hex("30053003020106")));          // status 6
  EXPECT_FALSE(TimestampResponse::from_der(hutong::test::hex("3009300702010203020640")));  // failInfo 1
}

TEST_F(Timestamp, OtherOctetsAreMalformed) {
  for (const Bytes& octets : {Bytes(), Bytes(100, 0), to_bytes(as_bytes("hello"))}) {
    EXPECT_EQ(judge(octets).indication, Indication::kInvalid);
    EXPECT_THAT(errors(judge(octets)), Contains("timestamp.malformed"));
  }
}

TEST_F(Timestamp, ASignedMessageIsNoStamp) {
  const Bytes message = hutong::test::load_vectors("cms/signed_data.vec").at(1).hex("message");
  EXPECT_THAT(errors(judge(message)), Contains("timestamp.malformed"));
}

TEST_F(Timestamp, TheAuthorityNeedsThePurpose) {
  const auto key_usage = x509::extension::key_usage({x509::KeyUsageBit::kDigitalSignature});
  const auto plain = test::issue({"no purpose", 0x51, {key_usage}});
  EXPECT_THAT(errors(judge(token_of(info(), plain))), ElementsAre("timestamp.extended_key_usage"));
  const auto other = test::issue(
      {"other", 0x52, {key_usage, x509::extension::extended_key_usage({oids::kCodeSigning}, true)}});
  EXPECT_THAT(errors(judge(token_of(info(), other))), Contains("timestamp.extended_key_usage"));
  const auto both = test::issue(
      {"both",
       0x53,
       {key_usage, x509::extension::extended_key_usage({oids::kTimeStamping, oids::kCodeSigning}, true)}});
  const auto report = judge(token_of(info(), both));
  EXPECT_EQ(report.indication, Indication::kValid);
  EXPECT_TRUE(x509::has_finding(report.findings, "timestamp.extended_key_usage_form"));
}

TEST_F(Timestamp, TheSigningCertificateMustBeIdentified) {
  const auto tsa = identity("tsa");
  const auto signer = tsa.signer();
  const std::vector<MessageSigner> signers{{signer, tsa.certificate}};
  SignOptions options;
  options.content_type = oids::kTstInfo;
  const Bytes token = sign_attached(info().to_der(), signers, options).value();
  EXPECT_THAT(errors(judge(token)), ElementsAre("timestamp.signing_certificate_missing"));
}

TEST_F(Timestamp, OneSignatureExactly) {
  const auto tsa = identity("tsa");
  const auto second = test::issue({"second",
                                   0x54,
                                   {x509::extension::key_usage({x509::KeyUsageBit::kDigitalSignature}),
                                    x509::extension::extended_key_usage({oids::kTimeStamping}, true)}});
  const auto a = tsa.signer();
  const auto b = second.signer();
  const std::vector<MessageSigner> signers{{a, tsa.certificate}, {b, second.certificate}};
  SignOptions options;
  options.content_type = oids::kTstInfo;
  EXPECT_THAT(errors(judge(sign_attached(info().to_der(), signers, options).value())),
              Contains("timestamp.signers"));
}

TEST_F(Timestamp, DataOfGmT0010IsReadAsAStamp) {
  const auto tsa = identity("tsa");
  const auto signer = tsa.signer();
  const std::vector<MessageSigner> signers{
      {signer,
       tsa.certificate,
       {signing_certificate_attribute(tsa.certificate, crypto::DigestAlgorithm::kSm3)}}};
  EXPECT_EQ(judge(sign_attached(info().to_der(), signers).value()).indication, Indication::kValid);
}

TEST_F(Timestamp, AStampFromTheFutureIsUndecided) {
  TstInfo stamp = info();
  stamp.time = test::time("2026-07-01T00:00:00Z");
  const auto report = judge(token_of(stamp));
  EXPECT_EQ(report.indication, Indication::kIndeterminate);
  EXPECT_TRUE(x509::has_finding(report.findings, "timestamp.future"));
}

TEST_F(Timestamp, Sha1ImprintsAreRefused) {
  TstInfo stamp = info();
  stamp.imprint = imprint_of(as_bytes("abc"), crypto::DigestAlgorithm::kSha1);
  EXPECT_THAT(errors(judge(token_of(stamp))), ElementsAre("timestamp.digest_refused"));
}

TEST_F(Timestamp, TheNameOfTheAuthorityIsCompared) {
  TstInfo stamp = info();
  const auto tsa = identity("tsa");
  stamp.authority = x509::directory_name(tsa.certificate.subject());
  EXPECT_FALSE(x509::has_finding(judge(token_of(stamp)).findings, "timestamp.tsa_mismatch"));
  stamp.authority = x509::directory_name(tsa.certificate.issuer());
  EXPECT_TRUE(x509::has_finding(judge(token_of(stamp)).findings, "timestamp.tsa_mismatch"));
}

/// A message of the signer of the norm sheet, its signature stamped, judged long after.
class StampedMessage : public testing::Test {
 protected:
  static Bytes plain() {
    const auto alice = identity("signer");
    const auto signer = alice.signer();
    const std::vector<MessageSigner> signers{{signer, alice.certificate}};
    return sign_attached(as_bytes("content"), signers).value();
  }
  static Bytes stamped(const Bytes& message, ByteView data) {
    const auto tsa = identity("tsa");
    const auto signer = tsa.signer();
    TstInfo stamp;
    stamp.policy = asn1::Oid("1.2.3.4.1");
    stamp.imprint = imprint_of(data);
    stamp.serial = x509::Serial::from_magnitude(Bytes{1});
    stamp.time = test::time("2026-03-01T12:00:00Z");
    return add_signature_timestamp(message, 0, make_token(stamp, {signer, tsa.certificate}).value()).value();
  }
  static Bytes signature_of(const Bytes& message) {
    return read_signed_data(message)->signers.at(0).signature;
  }
  /// Alice's certificate is revoked in April.
  static x509::Crl list() {
    const std::vector<x509::RevokedCertificate> entries{
        {identity("signer").certificate.serial(), test::time("2026-04-01T00:00:00Z"),
         x509::CrlReason::kCessationOfOperation, std::nullopt, std::nullopt}};
    return test::revoke(entries, test::time("2026-02-28T00:00:00Z"), test::time("2027-01-01T00:00:00Z"));
  }
};

TEST_F(StampedMessage, OutlivesRevocationAndExpiry) {
  const Bytes message = plain();
  const Bytes with_stamp = stamped(message, signature_of(message));
  test::Trust trust({list()});
  const auto now = test::time("2026-06-15T00:00:00Z");
  EXPECT_EQ(verify_message(message, trust.at(now))->indication(), Indication::kInvalid);
  const auto report = verify_message(with_stamp, trust.at(now));
  EXPECT_EQ(report->indication(), Indication::kValid);
  ASSERT_EQ(report->signers.at(0).timestamps.size(), 1U);
  EXPECT_EQ(report->signers[0].timestamps[0].indication, Indication::kValid);
  EXPECT_EQ(to_rfc3339(*report->signers[0].validated_at), "2026-03-01T12:00:00Z");
  EXPECT_TRUE(report->has("cms.timestamp_used"));
  test::Trust no_lists;
  const auto expired = test::time("2040-01-01T00:00:00Z");
  EXPECT_EQ(verify_message(message, no_lists.at(expired))->indication(), Indication::kInvalid);
  EXPECT_EQ(verify_message(with_stamp, no_lists.at(expired))->indication(), Indication::kValid);
}

TEST_F(StampedMessage, AStampOfSomethingElseDoesNotHelp) {
  const Bytes message = plain();
  const Bytes with_stamp = stamped(message, as_bytes("another signature"));
  test::Trust trust({list()});
  const auto report = verify_message(with_stamp, trust.at(test::time("2026-06-15T00:00:00Z")));
  EXPECT_EQ(report->indication(), Indication::kInvalid);
  EXPECT_TRUE(report->has("cms.timestamp_not_used"));
  EXPECT_EQ(report->signers.at(0).validated_at, test::time("2026-06-15T00:00:00Z"));
}

TEST_F(StampedMessage, ARevokedAuthorityDependsOnTheReason) {
  const Bytes message = plain();
  const Bytes with_stamp = stamped(message, signature_of(message));
  const auto judged = [&](std::optional<x509::CrlReason> reason) {
    const std::vector<x509::RevokedCertificate> entries{{identity("tsa").certificate.serial(),
                                                         test::time("2026-05-01T00:00:00Z"), reason,
                                                         std::nullopt, std::nullopt}};
    test::Trust trust(
        {test::revoke(entries, test::time("2026-02-28T00:00:00Z"), test::time("2027-01-01T00:00:00Z"))});
    return verify_message(with_stamp, trust.at(test::midsummer())).value();
  };
  EXPECT_TRUE(judged(x509::CrlReason::kSuperseded).has("cms.timestamp_used"));
  EXPECT_TRUE(judged(x509::CrlReason::kKeyCompromise).has("cms.timestamp_not_used"));
  EXPECT_TRUE(judged(std::nullopt).has("cms.timestamp_not_used"));
}

TEST_F(StampedMessage, TheSignerMustExist) {
  EXPECT_EQ(add_signature_timestamp(plain(), 1, Bytes{0x30, 0x00}).error().reason, "cms.no_signer");
  EXPECT_FALSE(add_signature_timestamp(as_bytes("hello"), 0, Bytes{0x30, 0x00}));
}

}  // namespace
}  // namespace hutong::cms
