#include "recognition/judge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "asn1/oids.h"
#include "demonstration/examples.h"
#include "demonstration/region.h"
#include "recognition/internal/test_time.h"
#include "recognition/report_json.h"
#include "x509/builder.h"
#include "x509/extension_builder.h"

namespace hutong::recognition {
namespace {

using demonstration::kDay;
using test::kNow;
using x509::Indication;

/// The demonstration region, its list and its revocation lists, made once.
struct World {
  demonstration::Region region = *demonstration::make_region(kNow);
  std::vector<demonstration::Example> examples = *demonstration::make_examples(region);
  LoadedTrustList list =
      load_trust_list(*demonstration::make_trust_list(region, {}), region.list_signer.certificate, kNow);
  std::vector<x509::Crl> crls;

  World() {
    for (const auto& [name, der] : region.lists) {
      crls.push_back(*x509::Crl::parse(ByteView(der)));
    }
  }
  const demonstration::Example& example(std::string_view name) const {
    return *std::ranges::find_if(examples, [name](const auto& one) { return one.name == name; });
  }
};
const World& world() {
  static const World made;
  return made;
}

RecognitionReport ask(const demonstration::Example& example, const LoadedTrustList& list, Time at = kNow,
                      Time now = kNow) {
  Question question{.file = example.content, .file_name = example.name, .at = at};
  if (!example.detached_name.empty()) {
    question.content = example.detached;
  }
  return judge(question, {.list = &list, .now = now, .crls = world().crls});
}

std::string told(const RecognitionReport& report) { return to_json(report)["findings"].dump(1); }

TEST(Judge, EveryExampleIsAsItsTitleSays) {
  for (const auto& example : world().examples) {
    const auto report = ask(example, world().list);
    EXPECT_EQ(report.indication, example.expected) << example.name << told(report);
    for (const auto& finding : report.findings) {
      EXPECT_FALSE(finding.message_zh().empty());
      EXPECT_EQ(finding.message_en().find("{0}"), std::string::npos) << finding.code();
    }
  }
}

TEST(Judge, TheReasonsAreTheRightOnes) {
  const auto first = [](std::string_view name) {
    return std::string(ask(world().example(name), world().list).findings.front().code());
  };
  EXPECT_EQ(first("expired.cer"), "path.expired");
  EXPECT_EQ(first("revoked.cer"), "revocation.revoked");
  EXPECT_EQ(first("forged.cer"), "path.signature_invalid");
  EXPECT_EQ(first("unaccredited.cer"), "path.no_issuer");
  EXPECT_EQ(first("tampered.p7m"), "cms.digest_mismatch");
  EXPECT_EQ(first("broken.cer"), "input.unknown");
  EXPECT_EQ(first("envelope.p7m"), "envelope.not_opened");
}

TEST(Judge, AnAnchorThatIsJudgedIsShownAsTheAnchor) {
  const auto judged = [](const x509::Certificate& certificate) {
    return judge({.file = certificate.der(), .at = kNow},
                 {.list = &world().list, .now = kNow, .crls = world().crls});
  };
  const auto root = judged(world().region.root_a.certificate());
  ASSERT_EQ(root.chain.size(), 1U) << told(root);
  EXPECT_EQ(root.chain[0].role, Role::kAnchor);
  const auto below = judged(world().region.ca_a.certificate());
  ASSERT_EQ(below.chain.size(), 2U) << told(below);
  EXPECT_EQ(below.chain[0].role, Role::kEndEntity);
  EXPECT_EQ(below.chain[1].role, Role::kAnchor);
}

TEST(Judge, ChineseTextsHaveNoEnglishWords) {
  const auto text_of = [](const RecognitionReport& report, std::string_view code) {
    const auto found = std::ranges::find(report.findings, code, &x509::Finding::code);
    return found == report.findings.end() ? std::pair<std::string, std::string>()
                                          : std::pair(found->message_zh(), found->message_en());
  };
  const auto revoked = text_of(ask(world().example("revoked.cer"), world().list), "revocation.revoked");
  EXPECT_NE(revoked.first.find("（密钥泄露）"), std::string::npos) << revoked.first;
  EXPECT_NE(revoked.second.find("(keyCompromise)"), std::string::npos) << revoked.second;
  const auto answer = text_of(ask(world().example("supplier.ors"), world().list), "ocsp.answer");
  EXPECT_TRUE(answer.first.ends_with("的状态为 未吊销")) << answer.first;
  EXPECT_TRUE(answer.second.ends_with("is good")) << answer.second;
}

TEST(Judge, WithoutACurrentListNothingIsValid) {
  LoadedTrustList missing;
  LoadedTrustList bad;
  bad.failure = TrustListState::kBadSignature;
  for (const auto& example : world().examples) {
    EXPECT_NE(ask(example, missing).indication, Indication::kValid) << example.name;
    EXPECT_NE(ask(example, bad).indication, Indication::kValid) << example.name;
    const auto late = ask(example, world().list, kNow, kNow + 1000 * kDay);
    EXPECT_NE(late.indication, Indication::kValid) << example.name;
    EXPECT_TRUE(x509::has_finding(late.findings, "trust_list.expired"));
    for (const auto& signer : late.signers) {
      EXPECT_NE(signer.indication, Indication::kValid) << example.name;
    }
  }
  EXPECT_TRUE(x509::has_finding(ask(world().example("good.cer"), missing).findings, "trust_list.missing"));
  EXPECT_TRUE(x509::has_finding(ask(world().example("good.cer"), bad).findings, "trust_list.bad_signature"));
}

TEST(Judge, AnchorsOfTheCallerDoWithoutAList) {
  const auto anchor = *x509::TrustAnchor::of(world().region.root_a.certificate());
  const std::vector<x509::TrustAnchor> anchors = {anchor};
  const std::vector<x509::Certificate> intermediates = {world().region.ca_a.certificate()};
  const auto& good = world().example("good.cer");
  const auto report = judge({.file = good.content, .at = kNow},
                            {.anchors = anchors, .intermediates = intermediates, .crls = world().crls});
  EXPECT_EQ(report.indication, Indication::kValid) << told(report);
  EXPECT_FALSE(report.trust_list);
}

TEST(Judge, TheTimeAskedAboutDecides) {
  const auto before_expiry = ask(world().example("expired.cer"), world().list, kNow - 60 * kDay);
  EXPECT_FALSE(x509::has_finding(before_expiry.findings, "path.expired")) << told(before_expiry);
  const auto before_issue = ask(world().example("good.cer"), world().list, kNow - 700 * kDay);
  EXPECT_TRUE(x509::has_finding(before_issue.findings, "path.not_yet_valid"));
}

TEST(Judge, RequiredRevocationDataMustBeThere) {
  const auto& good = world().example("good.cer");
  const auto report = judge({.file = good.content, .at = kNow, .revocation = x509::RevocationMode::kRequire},
                            {.list = &world().list, .now = kNow});
  EXPECT_EQ(report.indication, Indication::kIndeterminate);
  EXPECT_TRUE(x509::has_finding(report.findings, "revocation.no_data")) << told(report);
}

/// The region's list with another status of CA A's service.
LoadedTrustList list_with(ServiceStatus status, Time since) {
  TrustListContent content = world().list.list->content();
  for (auto& service : content.services) {
    if (service.id == "ca-a") {
      service.periods.push_back({status, since});
    }
  }
  return {.list = std::make_shared<const TrustList>(std::move(content), crypto::Sm3Digest{}),
          .failure = TrustListState::kCurrent,
          .reason = {},
          .detail = {}};
}

TEST(Judge, AServiceThatLostItsAccreditationVouchesForNothingAfterwards) {
  const auto& good = world().example("good.cer");
  const auto withdrawn = list_with(ServiceStatus::kWithdrawn, kNow - 5 * kDay);
  EXPECT_TRUE(x509::has_finding(ask(good, withdrawn).findings, "trust_list.service_withdrawn"));
  EXPECT_EQ(ask(good, withdrawn).indication, Indication::kInvalid);
  EXPECT_FALSE(
      x509::has_finding(ask(good, withdrawn, kNow - 6 * kDay).findings, "trust_list.service_withdrawn"));
  const auto suspended = list_with(ServiceStatus::kSuspended, kNow - 5 * kDay);
  EXPECT_EQ(ask(good, suspended).indication, Indication::kIndeterminate);
  const auto& bid = world().example("bid.p7m");
  EXPECT_EQ(ask(bid, withdrawn).indication, Indication::kInvalid);
  EXPECT_EQ(ask(bid, withdrawn).signers.front().indication, Indication::kInvalid);
}

/// A certificate of this CA that has one extension twice, which the standard policy refuses.
Bytes with_doubled_extension(const demonstration::Authority& ca) {
  auto tbs = ca.draft({{.organization = "甲", .common_name = "甲"}, {kNow - kDay, kNow + 365 * kDay}, {}},
                      demonstration::fresh_key().public_key());
  tbs.extensions.push_back(tbs.extensions.back());
  return to_bytes(x509::sign(tbs, ca.key())->view());
}

TEST(Judge, AVendorsQuirkIsItsOwn) {
  const std::string quirk = "cert.duplicate_extension";
  const auto* info = x509::find_quirk(quirk);
  ASSERT_NE(info, nullptr);
  ASSERT_FALSE(info->accepted) << "take another quirk for this test";
  TrustListContent content = world().list.list->content();
  for (auto& service : content.services) {
    if (service.id == "ca-a") {
      service.quirks.push_back(quirk);
    }
  }
  const LoadedTrustList list{
      .list = std::make_shared<const TrustList>(std::move(content), crypto::Sm3Digest{}),
      .failure = TrustListState::kCurrent,
      .reason = {},
      .detail = {}};
  const auto verdict = [&](const demonstration::Authority& ca, const LoadedTrustList& in_force) {
    const Bytes file = with_doubled_extension(ca);
    return judge({.file = file, .at = kNow}, {.list = &in_force, .now = kNow, .crls = world().crls});
  };
  EXPECT_EQ(verdict(world().region.ca_a, list).indication, Indication::kValid)
      << told(verdict(world().region.ca_a, list));
  EXPECT_TRUE(x509::has_finding(verdict(world().region.ca_a, list).findings, quirk)) << "and it is named";
  EXPECT_TRUE(x509::has_finding(verdict(world().region.ca_b, list).findings, "input.unreadable"));
  EXPECT_TRUE(x509::has_finding(verdict(world().region.ca_a, world().list).findings, "input.unreadable"));
}

/// The same message with the outermost length left open, which is BER and not DER.
Bytes as_ber(ByteView der) {
  const std::size_t header = 2 + (der[1] & 0x80 ? der[1] & 0x7F : 0);
  Bytes ber = {0x30, 0x80};
  append(ber, der.subspan(header));
  append(ber, Bytes{0x00, 0x00});
  return ber;
}

TEST(Judge, AQuirkMayBeRefusedForOneVendor) {
  const std::string quirk = "cms.ber_encoding";
  const auto list_refusing = [&](std::string_view id) {
    TrustListContent content = world().list.list->content();
    for (auto& service : content.services) {
      if (service.id == id) {
        service.refused_quirks.push_back(quirk);
      }
    }
    return LoadedTrustList{.list = std::make_shared<const TrustList>(std::move(content), crypto::Sm3Digest{}),
                           .failure = TrustListState::kCurrent,
                           .reason = {},
                           .detail = {}};
  };
  const auto verdict = [](ByteView file, const LoadedTrustList& in_force) {
    return judge({.file = file, .at = kNow}, {.list = &in_force, .now = kNow, .crls = world().crls});
  };
  const Bytes& der = world().example("bid.p7m").content;  // signed by the supplier, a customer of CA A
  const Bytes ber = as_ber(der);
  const auto tolerated = verdict(ber, world().list);
  EXPECT_EQ(tolerated.indication, Indication::kValid) << told(tolerated);
  EXPECT_TRUE(x509::has_finding(tolerated.findings, quirk)) << told(tolerated);
  const auto refused = verdict(ber, list_refusing("ca-a"));
  EXPECT_EQ(refused.indication, Indication::kInvalid) << told(refused);
  EXPECT_TRUE(x509::has_finding(refused.findings, "trust_list.quirk_refused"));
  EXPECT_EQ(refused.signers.at(0).indication, Indication::kInvalid);
  EXPECT_EQ(verdict(ber, list_refusing("ca-b")).indication, Indication::kValid) << "another vendor's affair";
  EXPECT_EQ(verdict(der, list_refusing("ca-a")).indication, Indication::kValid) << "nothing odd about it";
}

TEST(Judge, MissingContentLeavesADetachedSignatureOpen) {
  const auto& bid = world().example("bid.p7s");
  const auto report =
      judge({.file = bid.content, .at = kNow}, {.list = &world().list, .now = kNow, .crls = world().crls});
  EXPECT_EQ(report.kind, Kind::kDetachedSignature);
  EXPECT_EQ(report.indication, Indication::kIndeterminate) << told(report);
  const Bytes other = to_bytes(as_bytes("something else"));
  const auto wrong = judge({.file = bid.content, .content = other, .at = kNow},
                           {.list = &world().list, .now = kNow, .crls = world().crls});
  EXPECT_EQ(wrong.indication, Indication::kInvalid) << told(wrong);
}

TEST(Judge, AStampOfOtherContentIsRefused) {
  const auto& stamp = world().example("bid.tsr");
  const Bytes other = to_bytes(as_bytes("something else"));
  const auto report = judge({.file = stamp.content, .content = other, .at = kNow},
                            {.list = &world().list, .now = kNow, .crls = world().crls});
  EXPECT_EQ(report.indication, Indication::kInvalid);
  ASSERT_TRUE(report.timestamp);
  EXPECT_EQ(report.timestamp->imprint_matches, false);
}

TEST(Judge, ForgedAndStaleListsAreNotBelieved) {
  Bytes forged = world().region.lists.at("ca-a.crl");
  forged.back() = static_cast<std::uint8_t>(forged.back() ^ 1);
  const Trust trust{.list = &world().list, .now = kNow};
  EXPECT_TRUE(
      x509::has_finding(judge({.file = forged, .at = kNow}, trust).findings, "crl.signature_invalid"));
  const Bytes& list = world().region.lists.at("ca-a.crl");
  EXPECT_TRUE(x509::has_finding(judge({.file = list, .at = kNow + 60 * kDay}, trust).findings, "crl.stale"));
  EXPECT_TRUE(x509::has_finding(judge({.file = list, .at = kNow - 60 * kDay}, trust).findings, "crl.future"));
  const auto foreign = world().region.outsider.list({}, 1, {kNow, kNow + kDay});
  EXPECT_TRUE(
      x509::has_finding(judge({.file = foreign->view(), .at = kNow}, trust).findings, "crl.no_issuer"));
}

TEST(Judge, AForgedRequestProvesNothing) {
  Bytes forged = world().example("new-user.csr").content;
  forged.back() = static_cast<std::uint8_t>(forged.back() ^ 1);
  const auto report = judge({.file = forged, .at = kNow}, {.list = &world().list, .now = kNow});
  EXPECT_TRUE(x509::has_finding(report.findings, "request.signature_invalid")) << told(report);
}

TEST(Judge, PersonalNumbersAreMaskedInTheReport) {
  const std::string number = "11010519491231002X";
  const auto expert =
      world().region.ca_a.issue({{.organization = "评审专家", .common_name = "张三 " + number},
                                 {kNow - kDay, kNow + 365 * kDay},
                                 {x509::extension::key_usage({x509::KeyUsageBit::kDigitalSignature}),
                                  x509::extension::identity(asn1::oids::kIdentityCode, number)}});
  const auto report = judge({.file = expert->certificate.der(), .at = kNow},
                            {.list = &world().list, .now = kNow, .crls = world().crls});
  EXPECT_EQ(report.indication, Indication::kValid) << told(report);
  EXPECT_TRUE(to_json(report)["chain"][0].contains("der")) << "whoever handed it in may look at it";
  const auto json = to_json_to_keep(report);
  EXPECT_FALSE(json["chain"][0].contains("der"));
  EXPECT_TRUE(json["chain"][1].contains("der")) << "a CA is no person";
  EXPECT_EQ(json.dump().find(number), std::string::npos);
  EXPECT_NE(json.dump().find("110*************2X"), std::string::npos) << json.dump(1);
}

TEST(Judge, TheReportHasTheMembersOfItsContract) {
  const auto json = to_json(ask(world().example("revoked.cer"), world().list));
  const auto& leaf = json["chain"][0];
  EXPECT_EQ(json["kind"], "certificate");
  EXPECT_EQ(json["indication"], "invalid");
  EXPECT_EQ(json["file"]["name"], "revoked.cer");
  EXPECT_EQ(json["trust_list"]["number"], 1);
  EXPECT_EQ(leaf["role"], "end_entity");
  EXPECT_EQ(leaf["status"], "revoked");
  EXPECT_EQ(leaf["revocation_reason"], "keyCompromise");
  EXPECT_EQ(leaf["vendor"]["name_en"], "Demonstration CA A");
  EXPECT_EQ(leaf["public_key"], "SM2");
  EXPECT_EQ(leaf["signature_algorithm"], "SM2-SM3");
  EXPECT_EQ(json["revocation"][0]["used_for"], "chain[0]");
  EXPECT_EQ(json["findings"][0]["code"], "revocation.revoked");
}

}  // namespace
}  // namespace hutong::recognition
