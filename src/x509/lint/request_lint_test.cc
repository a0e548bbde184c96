#include <gtest/gtest.h>

#include <set>
#include <string>

#include "asn1/oids.h"
#include "x509/lint.h"
#include "x509/lint/draft.h"

namespace hutong::x509::lint::test {
namespace {

namespace oids = asn1::oids;
using asn1::Tag;
using asn1::Writer;

struct RequestCase {
  std::string_view rule;
  void (*breaks)(RequestDraft&);
};

Bytes challenge(const asn1::Oid& oid, Tag tag, std::string_view text) {
  return request_attribute(oid, {text_value(tag, text)});
}

Bytes attribute_without_set() {
  return der([](Writer& out) {
    out.sequence([](Writer& body) {
      body.oid(oids::kChallengePassword);
      body.text(Tag::kPrintableString, "111111");
    });
  });
}

const std::vector<RequestCase>& request_cases() {
  static const std::vector<RequestCase> kCases{
      {"lint.request.version_0", [](auto& d) { d.version = {0x01}; }},
      {"lint.request.subject_present", [](auto& d) { d.subject = Name(); }},
      {"lint.request.subject_country_code",
       [](auto& d) {
         d.subject = name({{oids::kCountry, Tag::kPrintableString, "C"}});
       }},
      {"lint.request.subject_country_type",
       [](auto& d) {
         d.subject = name({{oids::kCountry, Tag::kUtf8String, "CN"}});
       }},
      {"lint.request.subject_legacy_string",
       [](auto& d) {
         d.subject = name({{oids::kCommonName, Tag::kT61String, "N"}});
       }},
      {"lint.request.subject_characters",
       [](auto& d) {
         d.subject = name({{oids::kCommonName, Tag::kPrintableString, "a*b"}});
       }},
      {"lint.request.subject_upper_bound",
       [](auto& d) {
         static const std::string kLong(65, 'x');
         d.subject = name({{oids::kCommonName, Tag::kUtf8String, kLong}});
       }},
      {"lint.request.key_sm2", [](auto& d) { d.spki = rsa_spki(2048); }},
      {"lint.request.key_form",
       [](auto& d) {
         const Bytes key = to_bytes(ByteView(d.spki).last(65));
         d.spki = der([&](Writer& out) {
           out.sequence([&](Writer& body) {
             body.sequence([](Writer& inner) {
               inner.oid(oids::kSm2Curve);
               inner.oid(oids::kSm2Curve);
             });
             body.bit_string(key);
           });
         });
       }},
      {"lint.request.key_valid",
       [](auto& d) { d.spki.back() = static_cast<std::uint8_t>(d.spki.back() ^ 1); }},
      {"lint.request.attributes_present", [](auto& d) { d.write_attributes = false; }},
      {"lint.request.attribute_set", [](auto& d) { d.attributes = {attribute_without_set()}; }},
      {"lint.request.attribute_value",
       [](auto& d) { d.attributes = {request_attribute(oids::kGmChallengePassword, {})}; }},
      {"lint.request.attribute_unique", [](auto& d) { d.attributes.push_back(d.attributes.front()); }},
      {"lint.request.attribute_order",
       [](auto& d) {
         d.attributes.push_back(challenge(oids::kChallengePassword, Tag::kPrintableString, "1"));
       }},
      {"lint.request.temporary_key",
       [](auto& d) {
         d.attributes.push_back(
             request_attribute(oids::kTemporaryPublicKey, {text_value(Tag::kOctetString, "x")}));
       }},
      {"lint.request.challenge_type",
       [](auto& d) { d.attributes = {challenge(oids::kGmChallengePassword, Tag::kUtf8String, "口令")}; }},
      {"lint.request.challenge_single",
       [](auto& d) {
         d.attributes.push_back(challenge(oids::kChallengePassword, Tag::kPrintableString, "222222"));
       }},
      {"lint.request.challenge_not_empty",
       [](auto& d) { d.attributes = {challenge(oids::kGmChallengePassword, Tag::kPrintableString, "")}; }},
      {"lint.request.challenge_oid",
       [](auto& d) { d.attributes = {challenge(oids::kChallengePassword, Tag::kPrintableString, "1")}; }},
      {"lint.request.extension_request",
       [](auto& d) {
         d.attributes = {request_attribute(oids::kExtensionRequest, {text_value(Tag::kOctetString, "x")})};
       }},
      {"lint.request.algorithm_sm2_sm3", [](auto& d) { d.algorithm = algorithm(oids::kEcdsaWithSha256); }},
      {"lint.request.algorithm_parameters",
       [](auto& d) {
         d.algorithm = sm2_with_sm3(Bytes{0x05, 0x00});
       }},
      {"lint.request.signature", [](auto& d) { d.break_signature = true; }},
  };
  return kCases;
}

TEST(RequestLint, ACleanRequestKeepsEveryRule) {
  auto report = lint_request(request_draft().to_der());
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_TRUE(report->clean()) << listing(*report);
}

TEST(RequestLint, AnEmptySetOfAttributesIsClean) {
  RequestDraft draft = request_draft();
  draft.attributes.clear();
  auto report = lint_request(draft.to_der());
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_TRUE(report->clean()) << listing(*report);
}

TEST(RequestLint, EachBrokenRuleIsFound) {
  for (const auto& one : request_cases()) {
    SCOPED_TRACE(one.rule);
    RequestDraft draft = request_draft();
    one.breaks(draft);
    auto report = lint_request(draft.to_der());
    ASSERT_TRUE(report) << report.error().reason << " " << report.error().detail;
    EXPECT_TRUE(has_finding(report->findings, one.rule)) << listing(*report);
  }
}

TEST(RequestLint, EveryRuleHasACase) {
  std::set<std::string_view> covered;
  for (const auto& one : request_cases()) {
    covered.insert(one.rule);
  }
  for (const auto& rule : lint_rules()) {
    EXPECT_TRUE(rule.target != LintTarget::kRequest || covered.contains(rule.kind.code)) << rule.kind.code;
  }
}

}  // namespace
}  // namespace hutong::x509::lint::test
