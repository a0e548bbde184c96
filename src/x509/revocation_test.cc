#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/tools/explain.h"
#include "tests/tools/test_ca.h"
#include "x509/chain_verifier.h"

namespace hutong::x509 {
namespace {

using std::chrono::hours;
using test::explain;
using test::issue;
using test::Kind;
using test::kMid2027;
using test::Party;

constexpr std::uint32_t kLeafSerial = 7;

Serial serial(std::uint8_t number) { return Serial::from_magnitude(Bytes{number}); }
RevokedCertificate revoked(Time at, std::optional<CrlReason> reason = std::nullopt,
                           std::optional<Time> invalid_since = std::nullopt) {
  return {serial(kLeafSerial), at, reason, invalid_since, std::nullopt};
}

/// A CA that is the anchor, and a leaf: all revocation data is about the leaf.
struct Setting {
  Party ca{"CA"};
  Party end{"End"};
  Certificate ca_certificate = test::self_signed(ca);
  Certificate leaf = issue(ca, end, {.serial = kLeafSerial});
  std::vector<TrustAnchor> anchors = {*TrustAnchor::of(ca_certificate)};
  std::vector<Certificate> others;
  std::vector<Crl> crls;
  std::vector<OcspResponse> responses;
  SignatureCache* cache = nullptr;

  VerifyReport verify(RevocationMode mode = RevocationMode::kRequire, Time at = kMid2027) const {
    VerifyRequest request{.leaf = leaf, .at = at};
    request.anchors = anchors;
    request.intermediates = others;
    request.crls = crls;
    request.ocsp_responses = responses;
    request.revocation = mode;
    request.cache = cache;
    return verify_chain(request);
  }
};

void expect(const VerifyReport& report, Indication indication, CertificateStatus status,
            std::string_view code) {
  EXPECT_EQ(report.indication, indication) << explain(report);
  ASSERT_FALSE(report.path.empty());
  EXPECT_EQ(report.path[0].revocation.status, status) << explain(report);
  EXPECT_TRUE(code.empty() || has_finding(report.findings, code)) << explain(report);
}

TEST(RevocationByList, AnUnlistedCertificateIsGood) {
  Setting setting;
  setting.crls = {test::list(setting.ca, {})};
  const VerifyReport report = setting.verify();
  expect(report, Indication::kValid, CertificateStatus::kGood, "");
  ASSERT_EQ(report.path[0].revocation.sources.size(), 1U);
  EXPECT_TRUE(equal(std::get<Crl>(report.path[0].revocation.sources[0]).der(), setting.crls[0].der()));
}

TEST(RevocationByList, AListIsVerifiedOnceForAllItsCertificates) {
  Setting setting;
  setting.crls = {test::list(setting.ca, {})};
  SignatureCache cache;
  setting.cache = &cache;
  EXPECT_EQ(setting.verify().work.signature_checks, 2U);
  EXPECT_TRUE(cache.contains(setting.crls[0], setting.ca_certificate.spki()));
  setting.leaf = issue(setting.ca, setting.end, {.serial = kLeafSerial + 1});
  const VerifyReport next = setting.verify();
  EXPECT_EQ(next.indication, Indication::kValid) << explain(next);
  EXPECT_EQ(next.work.signature_checks, 1U) << "the leaf only";
  EXPECT_EQ(next.work.cached_signatures, 1U);
  const Party mallory{"CA", Party("Mallory").signer};
  setting.crls = {test::list(mallory, {})};
  EXPECT_EQ(setting.verify().indication, Indication::kIndeterminate) << "another key's list is not known";
  EXPECT_FALSE(cache.contains(setting.crls[0], setting.ca_certificate.spki()));
}

TEST(RevocationByList, AListedCertificateIsRevoked) {
  Setting setting;
  setting.crls = {test::list(setting.ca, {revoked(kMid2027 - hours(48), CrlReason::kSuperseded)})};
  for (const auto mode : {RevocationMode::kRequire, RevocationMode::kPrefer}) {
    const VerifyReport report = setting.verify(mode);
    expect(report, Indication::kInvalid, CertificateStatus::kRevoked, "revocation.revoked");
    EXPECT_EQ(report.path[0].revocation.revoked_at, kMid2027 - hours(48));
    EXPECT_EQ(report.path[0].revocation.reason, CrlReason::kSuperseded);
  }
  expect(setting.verify(RevocationMode::kNone), Indication::kValid, CertificateStatus::kNotChecked, "");
}

TEST(RevocationByList, AHoldIsUndecided) {
  Setting setting;
  setting.crls = {test::list(setting.ca, {revoked(kMid2027 - hours(48), CrlReason::kCertificateHold)})};
  expect(setting.verify(), Indication::kIndeterminate, CertificateStatus::kOnHold, "revocation.on_hold");
}

TEST(RevocationByList, ANewerListReleasesTheHold) {
  Setting setting;
  setting.crls = {test::list(setting.ca, {revoked(kMid2027 - hours(48), CrlReason::kCertificateHold)},
                             kMid2027 - hours(30), kMid2027 + hours(1)),
                  test::list(setting.ca, {})};
  expect(setting.verify(), Indication::kValid, CertificateStatus::kGood, "");
}

TEST(RevocationByList, MissingDataDependsOnTheMode) {
  const Setting setting;
  expect(setting.verify(), Indication::kIndeterminate, CertificateStatus::kUnknown, "revocation.no_data");
  expect(setting.verify(RevocationMode::kPrefer), Indication::kValid, CertificateStatus::kUnknown,
         "revocation.no_data");
}

TEST(RevocationByList, StaleDataDependsOnTheMode) {
  Setting setting;
  setting.crls = {test::list(setting.ca, {}, kMid2027 - hours(48), kMid2027 - hours(1))};
  expect(setting.verify(), Indication::kIndeterminate, CertificateStatus::kUnknown, "revocation.stale");
  expect(setting.verify(RevocationMode::kPrefer), Indication::kValid, CertificateStatus::kUnknown,
         "revocation.stale");
}

TEST(RevocationByList, AStaleListStillRevokes) {
  Setting setting;
  setting.crls = {
      test::list(setting.ca, {revoked(kMid2027 - hours(72))}, kMid2027 - hours(48), kMid2027 - hours(1))};
  expect(setting.verify(), Indication::kInvalid, CertificateStatus::kRevoked, "revocation.revoked");
}

TEST(RevocationByList, ALaterRevocationDoesNotCountYet) {
  Setting setting;
  const Time later = kMid2027 + hours(10);
  setting.crls = {test::list(setting.ca, {revoked(later)}, kMid2027 + hours(11), kMid2027 + hours(40))};
  const VerifyReport report = setting.verify();
  expect(report, Indication::kValid, CertificateStatus::kGood, "revocation.revoked_later");
  EXPECT_EQ(report.path[0].revocation.revoked_at, later);
  expect(setting.verify(RevocationMode::kRequire, later), Indication::kInvalid, CertificateStatus::kRevoked,
         "");
}

TEST(RevocationByList, ACompromiseCountsFromTheInvalidityDate) {
  Setting setting;
  const Time later = kMid2027 + hours(10);
  setting.crls = {test::list(setting.ca, {revoked(later, CrlReason::kKeyCompromise, kMid2027 - hours(1))},
                             kMid2027 + hours(11), kMid2027 + hours(40))};
  expect(setting.verify(), Indication::kInvalid, CertificateStatus::kRevoked, "revocation.revoked");
  setting.crls = {test::list(setting.ca, {revoked(later, CrlReason::kSuperseded, kMid2027 - hours(1))},
                             kMid2027 + hours(11), kMid2027 + hours(40))};
  expect(setting.verify(), Indication::kValid, CertificateStatus::kGood, "revocation.revoked_later");
}

TEST(RevocationByList, NewerDataIsWelcomeUntilTheCertificateExpired) {
  Setting setting;
  setting.crls = {test::list(setting.ca, {}, kMid2027 + hours(100), kMid2027 + hours(200))};
  expect(setting.verify(), Indication::kValid, CertificateStatus::kGood, "revocation.future");
  setting.leaf = issue(setting.ca, setting.end, {.serial = kLeafSerial, .until = kMid2027 + hours(50)});
  expect(setting.verify(), Indication::kIndeterminate, CertificateStatus::kUnknown,
         "revocation.after_expiry");
}

TEST(RevocationByList, AForgedListIsNoList) {
  Setting setting;
  const Party mallory("CA", "mallory");
  setting.crls = {test::list(mallory, {revoked(kMid2027 - hours(48))})};
  expect(setting.verify(), Indication::kIndeterminate, CertificateStatus::kUnknown,
         "revocation.crl_signature");
  setting.crls.push_back(test::list(setting.ca, {}));
  expect(setting.verify(), Indication::kValid, CertificateStatus::kGood, "");
}

TEST(RevocationByList, TheIssuerNeedsTheRight) {
  Setting setting;
  const Party root("Root");
  setting.anchors = {*TrustAnchor::of(test::self_signed(root))};
  setting.others = {
      issue(root, setting.ca,
            {.kind = Kind::kCa, .extensions = {extension::key_usage({KeyUsageBit::kKeyCertSign})}})};
  setting.crls = {test::list(root, {}), test::list(setting.ca, {})};
  expect(setting.verify(), Indication::kIndeterminate, CertificateStatus::kUnknown, "revocation.crl_issuer");
}

TEST(RevocationByList, UnknownCriticalExtensionsMakeItUseless) {
  Setting setting;
  setting.crls = {test::list(setting.ca, {}, kMid2027 - hours(1), kMid2027 + hours(1),
                             {{asn1::Oid("1.2.3.4.5"), true, {0x05, 0x00}}})};
  expect(setting.verify(), Indication::kIndeterminate, CertificateStatus::kUnknown,
         "revocation.crl_unusable");
}

TEST(RevocationByList, PartitionsSpeakAboutTheirOwn) {
  Setting setting;
  const auto partition = [](std::string_view uri) {
    return extension::issuing_distribution_point({.full_name = {uri_name(uri)}});
  };
  setting.leaf =
      issue(setting.ca, setting.end,
            {.serial = kLeafSerial,
             .extensions = {extension::crl_distribution_points({{uri_name("http://ca/crl1.crl")}})}});
  setting.crls = {test::list(setting.ca, {}, kMid2027 - hours(1), kMid2027 + hours(1),
                             {partition("http://ca/crl2.crl")})};
  expect(setting.verify(), Indication::kIndeterminate, CertificateStatus::kUnknown, "revocation.no_data");
  setting.crls.push_back(test::list(setting.ca, {revoked(kMid2027 - hours(48))}, kMid2027 - hours(1),
                                    kMid2027 + hours(1), {partition("http://ca/crl1.crl")}));
  expect(setting.verify(), Indication::kInvalid, CertificateStatus::kRevoked, "revocation.revoked");
}

TEST(RevocationByList, SomeReasonsAreNotEnough) {
  Setting setting;
  const auto reasons = [](std::uint16_t bits) {
    return extension::issuing_distribution_point({.only_some_reasons = bits});
  };
  constexpr std::uint16_t kCompromise = 1 << 1 | 1 << 2;
  setting.crls = {
      test::list(setting.ca, {}, kMid2027 - hours(1), kMid2027 + hours(1), {reasons(kCompromise)})};
  expect(setting.verify(), Indication::kIndeterminate, CertificateStatus::kUnknown,
         "revocation.partial_reasons");
  setting.crls.push_back(test::list(setting.ca, {}, kMid2027 - hours(1), kMid2027 + hours(1),
                                    {reasons(kAllReasons & ~kCompromise)}));
  expect(setting.verify(), Indication::kValid, CertificateStatus::kGood, "");
}

TEST(RevocationByList, ADeltaAddsAndRemoves) {
  Setting setting;
  const auto delta = [&setting](const RevokedCertificate& entry) {
    return test::list(setting.ca, {entry}, kMid2027 - hours(1), kMid2027 + hours(1),
                      {extension::crl_number(2), extension::delta_crl_indicator(1)});
  };
  setting.crls = {test::list(setting.ca, {}), delta(revoked(kMid2027 - hours(2)))};
  const VerifyReport report = setting.verify();
  expect(report, Indication::kInvalid, CertificateStatus::kRevoked, "revocation.revoked");
  EXPECT_EQ(report.path[0].revocation.sources.size(), 2U);
  setting.crls = {test::list(setting.ca, {revoked(kMid2027 - hours(48), CrlReason::kCertificateHold)}),
                  delta(revoked(kMid2027 - hours(48), CrlReason::kRemoveFromCrl))};
  expect(setting.verify(), Indication::kValid, CertificateStatus::kGood, "");
}

TEST(RevocationByList, ARevokedCaEndsThePath) {
  Setting setting;
  const Party root("Root");
  setting.anchors = {*TrustAnchor::of(test::self_signed(root))};
  setting.others = {issue(root, setting.ca, {.kind = Kind::kCa, .serial = kLeafSerial})};
  setting.crls = {test::list(root, {revoked(kMid2027 - hours(48), CrlReason::kCaCompromise)}),
                  test::list(setting.ca, {})};
  const VerifyReport report = setting.verify();
  EXPECT_EQ(report.indication, Indication::kInvalid);
  ASSERT_EQ(report.path.size(), 3U);
  EXPECT_EQ(report.path[1].revocation.status, CertificateStatus::kRevoked);
  EXPECT_EQ(report.path[0].revocation.status, CertificateStatus::kNotChecked);
}

/// What an OCSP responder says about the leaf.
struct Answer {
  OcspCertStatus status = OcspCertStatus::kGood;
  std::optional<Time> revoked_at = std::nullopt;
  Time this_update = kMid2027 - hours(1);
  std::optional<Time> next_update = kMid2027 + hours(1);
  std::vector<Certificate> certificates = {};
};
OcspResponse respond(const Setting& setting, const Party& responder, const Answer& answer) {
  TbsOcspResponse tbs;
  tbs.responder = responder.name;
  tbs.produced_at = answer.this_update;
  OcspSingleResponse single;
  single.certificate = OcspCertId::of(setting.leaf, setting.ca_certificate);
  single.status = answer.status;
  single.revoked_at = answer.revoked_at;
  single.this_update = answer.this_update;
  single.next_update = answer.next_update;
  tbs.responses = {single};
  for (const auto& certificate : answer.certificates) {
    tbs.certificates.emplace_back(to_bytes(certificate.der()));
  }
  const auto der = sign(tbs, *responder.signer);
  EXPECT_TRUE(der);
  auto response = OcspResponse::parse(der->view());
  EXPECT_TRUE(response) << response.error().detail;
  return *response;
}

std::vector<ExtensionValue> delegation() {
  return {extension::extended_key_usage({asn1::oids::kOcspSigning}), extension::ocsp_no_check()};
}

TEST(RevocationByOcsp, TheIssuerAnswers) {
  Setting setting;
  setting.responses = {respond(setting, setting.ca, {})};
  const VerifyReport report = setting.verify();
  expect(report, Indication::kValid, CertificateStatus::kGood, "");
  ASSERT_EQ(report.path[0].revocation.sources.size(), 1U);
  const auto& used = std::get<OcspResponse>(report.path[0].revocation.sources[0]);
  EXPECT_TRUE(equal(used.der(), setting.responses[0].der()));
  setting.responses = {
      respond(setting, setting.ca, {.status = OcspCertStatus::kRevoked, .revoked_at = kMid2027 - hours(5)})};
  expect(setting.verify(), Indication::kInvalid, CertificateStatus::kRevoked, "revocation.revoked");
}

TEST(RevocationByOcsp, ADelegateAnswers) {
  Setting setting;
  const Party responder("Responder");
  const Certificate delegate = issue(setting.ca, responder, {.serial = 9, .extensions = delegation()});
  setting.responses = {respond(setting, responder, {.certificates = {delegate}})};
  expect(setting.verify(), Indication::kValid, CertificateStatus::kGood, "");
  setting.responses = {respond(setting, responder, {})};
  expect(setting.verify(), Indication::kIndeterminate, CertificateStatus::kUnknown,
         "revocation.ocsp_responder");
  setting.others = {delegate};
  expect(setting.verify(), Indication::kValid, CertificateStatus::kGood, "");
}

TEST(RevocationByOcsp, ADelegateNeedsThePurposeAndTheIssuer) {
  Setting setting;
  const Party responder("Responder");
  const Certificate plain = issue(setting.ca, responder, {.serial = 9});
  setting.responses = {respond(setting, responder, {.certificates = {plain}})};
  expect(setting.verify(), Indication::kIndeterminate, CertificateStatus::kUnknown,
         "revocation.ocsp_responder");
  const Certificate foreign =
      issue(Party("CA", "mallory"), responder, {.serial = 9, .extensions = delegation()});
  setting.responses = {respond(setting, responder, {.certificates = {foreign}})};
  expect(setting.verify(), Indication::kIndeterminate, CertificateStatus::kUnknown,
         "revocation.ocsp_responder");
}

TEST(RevocationByOcsp, ADelegateWithoutNoCheckIsCheckedByList) {
  Setting setting;
  const Party responder("Responder");
  const Certificate delegate =
      issue(setting.ca, responder,
            {.serial = 9, .extensions = {extension::extended_key_usage({asn1::oids::kOcspSigning})}});
  setting.responses = {respond(setting, responder, {.certificates = {delegate}})};
  expect(setting.verify(), Indication::kValid, CertificateStatus::kGood, "revocation.responder_unchecked");
  setting.crls = {test::list(setting.ca, {{serial(9), kMid2027 - hours(3), {}, {}, {}}})};
  const VerifyReport report = setting.verify();
  expect(report, Indication::kValid, CertificateStatus::kGood, "");
  EXPECT_TRUE(std::holds_alternative<Crl>(report.path[0].revocation.sources[0]));
}

TEST(RevocationByOcsp, ForgedStaleAndUnknownAnswersDoNotCount) {
  Setting setting;
  setting.responses = {respond(setting, Party("CA", "mallory"), {})};
  expect(setting.verify(), Indication::kIndeterminate, CertificateStatus::kUnknown,
         "revocation.ocsp_signature");
  setting.responses = {
      respond(setting, setting.ca, {.this_update = kMid2027 - hours(9), .next_update = kMid2027 - hours(1)})};
  expect(setting.verify(), Indication::kIndeterminate, CertificateStatus::kUnknown, "revocation.stale");
  setting.responses = {respond(setting, setting.ca, {.status = OcspCertStatus::kUnknown})};
  expect(setting.verify(), Indication::kIndeterminate, CertificateStatus::kUnknown,
         "revocation.ocsp_unknown");
}

TEST(RevocationByBoth, ARevocationFromEitherCounts) {
  Setting setting;
  setting.responses = {respond(setting, setting.ca, {})};
  setting.crls = {test::list(setting.ca, {revoked(kMid2027 - hours(48))})};
  expect(setting.verify(), Indication::kInvalid, CertificateStatus::kRevoked, "revocation.revoked");
}

}  // namespace
}  // namespace hutong::x509
