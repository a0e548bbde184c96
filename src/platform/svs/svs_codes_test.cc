#include "platform/svs/svs_codes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cms/cms_findings.h"
#include "recognition/recognition_findings.h"
#include "x509/path_findings.h"

namespace hutong::platform::svs {
namespace {

using x509::Finding;
using x509::Indication;

Code code(const std::vector<Finding>& findings) { return code_of(x509::indication_of(findings), findings); }

TEST(SvsCodes, OnlyTheValidSucceed) {
  EXPECT_EQ(code_of(Indication::kValid, {}), Code::kSuccess);
  EXPECT_EQ(code_of(Indication::kInvalid, {}), Code::kCert);
  EXPECT_EQ(code_of(Indication::kIndeterminate, {}), Code::kCert);
  for (const auto* kind : cms::findings::table()) {
    if (kind->severity == x509::Severity::kError || kind->severity == x509::Severity::kUndecided) {
      EXPECT_NE(code({Finding(*kind, "signer[0]")}), Code::kSuccess) << kind->code;
    } else {
      EXPECT_EQ(code({Finding(*kind, "signer[0]")}), Code::kSuccess) << kind->code;
    }
  }
}

TEST(SvsCodes, EachRowDecidesAlone) {
  const auto rules = code_rules();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const x509::FindingKind kind{rules[i].finding, x509::Severity::kError, "", "", ""};
    EXPECT_EQ(code({Finding(kind, "chain[0]")}), rules[i].code) << rules[i].finding;
    if (rules[i].only_end_entity) {
      EXPECT_EQ(code({Finding(kind, "chain[1]")}), Code::kCert) << rules[i].finding;
      EXPECT_EQ(code({Finding(kind, "signer[1].chain[0]")}), rules[i].code) << rules[i].finding;
    }
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NE(rules[i].finding, rules[j].finding);
    }
  }
}

TEST(SvsCodes, WhatIsCertainComesBeforeWhatIsUnknown) {
  namespace path = x509::findings;
  const Finding revoked(path::kRevoked, "chain[0]");
  const Finding expired(path::kExpired, "chain[0]");
  const Finding issuer_expired(path::kExpired, "chain[1]");
  const Finding no_data(path::kNoData.required, "chain[1]");
  const Finding no_list(recognition::findings::kListExpired, "trust_list");
  EXPECT_EQ(code({expired, revoked}), Code::kCertRemoved);
  EXPECT_EQ(code({no_data, expired}), Code::kCertExpired);
  EXPECT_EQ(code({no_data, issuer_expired}), Code::kCert);
  EXPECT_EQ(code({no_data}), Code::kServerConnect);
  EXPECT_EQ(code({revoked, no_list}), Code::kSystemFailure);
  EXPECT_EQ(code({Finding(path::kPurpose, "chain[0]")}), Code::kCert);
}

}  // namespace
}  // namespace hutong::platform::svs
