#include "recognition/summary.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "demonstration/examples.h"
#include "demonstration/region.h"
#include "recognition/internal/test_time.h"
#include "recognition/judge.h"
#include "recognition/report_json.h"

namespace hutong::recognition {
namespace {

using Json = nlohmann::ordered_json;
using test::kNow;

/// What the summary shows of an element of a chain.
Json brief(const Json& element) {
  Json json;
  for (const auto* name : {"subject", "issuer", "serial", "sm3", "status", "identity"}) {
    json[name] = element.at(name);
  }
  if (element.contains("vendor")) {
    json["vendor_zh"] = element["vendor"]["name_zh"];
    json["vendor_en"] = element["vendor"]["name_en"];
  }
  return json;
}

Json brief_signer(const Json& signer) {
  Json json;
  json["indication"] = signer["indication"];
  for (const auto* name : {"signing_time", "timestamp"}) {
    if (signer.contains(name)) {
      json[name] = signer[name];
    }
  }
  if (!signer["chain"].empty()) {
    json["certificate"] = brief(signer["chain"][0]);
  }
  return json;
}

/// The summary of a report, made from the whole report.
Json abridged(const Json& report) {
  Json json = {{"created_at", to_rfc3339(kNow)},     {"kind", report["kind"]},
               {"indication", report["indication"]}, {"at", report["at"]},
               {"file_sm3", report["file"]["sm3"]},  {"findings", report["findings"]}};
  if (report.contains("signers")) {
    json["signers"] = Json::array();
    for (const auto& signer : report["signers"]) {
      json["signers"].push_back(brief_signer(signer));
    }
  } else if (!report["chain"].empty()) {
    json["certificate"] = brief(report["chain"][0]);
  }
  if (report.contains("message") && report["message"]["content_sm3"] != "") {
    json["content_sm3"] = report["message"]["content_sm3"];
  }
  if (report.contains("timestamp")) {
    json["timestamp"] = report["timestamp"];
  }
  json["revocation_sm3"] = Json::array();
  for (const auto& used : report["revocation"]) {
    json["revocation_sm3"].push_back(used["sm3"]);
  }
  if (!report["trust_list"].is_null()) {
    json["trust_list"] = {{"number", report["trust_list"]["number"]}, {"sm3", report["trust_list"]["sm3"]}};
  }
  return json;
}

TEST(Summary, SaysInTheSameOrderWhatTheReportSays) {
  const auto region = demonstration::make_region(kNow).value();
  const auto list = load_trust_list(demonstration::make_trust_list(region, {}).value(),
                                    region.list_signer.certificate, kNow);
  std::vector<x509::Crl> crls;
  for (const auto& [name, der] : region.lists) {
    crls.push_back(x509::Crl::parse(ByteView(der)).value());
  }
  const auto examples = demonstration::make_examples(region).value();
  for (const auto& example : examples) {
    Question question{.file = example.content, .file_name = example.name, .at = kNow};
    if (!example.detached_name.empty()) {
      question.content = example.detached;
    }
    const auto report = judge(question, {.list = &list, .now = kNow, .crls = crls});
    EXPECT_EQ(Json::parse(to_summary_json(report, kNow)).dump(1), abridged(to_json(report)).dump(1))
        << example.name;
  }
}

TEST(Summary, WhatIsNoJsonIsEscaped) {
  RecognitionReport report;
  std::string odd = "\\ \" \xE4\xBA\x92 ";
  for (char c = 0; c < 0x20; ++c) {
    odd += c;
  }
  report.chain.push_back({.role = Role::kAnchor,
                          .certificate = demonstration::make_region(kNow)->root_a.certificate(),
                          .revocation = {},
                          .vendor = VendorName{odd, odd}});
  const Json json = Json::parse(to_summary_json(report, kNow));
  EXPECT_EQ(json["certificate"]["vendor_zh"], odd);
}

}  // namespace
}  // namespace hutong::recognition
