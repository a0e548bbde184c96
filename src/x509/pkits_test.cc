#include "tests/tools/pkits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/time.h"
#include "tests/support/support.h"
#include "tests/tools/explain.h"
#include "x509/certificate.h"
#include "x509/chain_verifier.h"
#include "x509/crl.h"

namespace hutong::x509 {
namespace {

using test::explain;
using test::PkitsCase;
using test::PkitsFiles;

/// The suite is about path validation: what its objects look like must not stop them.
std::vector<Certificate> parse_certificates(const PkitsCase& test, const PkitsFiles& files) {
  std::vector<Certificate> certificates;
  for (const auto& name : test.certificates) {
    auto certificate = Certificate::parse(files.certificates.at(name));
    EXPECT_TRUE(certificate) << name << ": " << certificate.error().reason << " "
                             << certificate.error().detail;
    if (certificate) {
      certificates.push_back(*std::move(certificate));
    }
  }
  return certificates;
}

std::vector<Crl> parse_crls(const PkitsCase& test, const PkitsFiles& files) {
  std::vector<Crl> crls;
  for (const auto& name : test.crls) {
    auto crl = Crl::parse(files.crls.at(name));
    EXPECT_TRUE(crl) << name << ": " << crl.error().reason << " " << crl.error().detail;
    if (crl) {
      crls.push_back(*std::move(crl));
    }
  }
  return crls;
}

VerifyReport verify(const PkitsCase& test, const PkitsFiles& files) {
  const auto certificates = parse_certificates(test, files);
  const auto crls = parse_crls(test, files);
  const auto anchor = TrustAnchor::of(certificates.front());
  EXPECT_TRUE(anchor);
  const std::vector<TrustAnchor> anchors = {*anchor};
  VerifyRequest request{.leaf = certificates.back(), .at = *from_rfc3339("2011-04-15T00:00:00Z")};
  request.anchors = anchors;
  request.intermediates = std::span(certificates).subspan(1, certificates.size() - 2);
  request.crls = crls;
  request.revocation = RevocationMode::kRequire;
  request.policy.user_initial = test.initial_policies;
  request.policy.explicit_policy =
      test.explicit_policy ? InitialExplicitPolicy::kRequired : InitialExplicitPolicy::kNotRequired;
  request.policy.policy_mapping =
      test.mapping_inhibited ? InitialPolicyMapping::kInhibited : InitialPolicyMapping::kAllowed;
  request.policy.any_policy =
      test.any_policy_inhibited ? InitialAnyPolicy::kInhibited : InitialAnyPolicy::kAllowed;
  return verify_chain(request);
}

/// Tests with DSA signatures, which are not accepted (GB/T 20518 names SM2 and RSA): the valid ones are
/// refused for that reason.
bool is_valid_dsa_test(const PkitsCase& test) { return test.number == "4.1.4" || test.number == "4.1.5"; }

void expect_stated_result(const PkitsCase& test, const VerifyReport& report) {
  EXPECT_EQ(report.trusted(), test.valid) << explain(report);
  if (test.valid && report.trusted()) {
    EXPECT_EQ(report.user_constrained_policy_set, test.user_constrained);
  }
}

std::string test_name(const testing::TestParamInfo<PkitsCase>& info) {
  std::string name = "T" + info.param.number + "_" + std::to_string(info.index);
  std::ranges::replace(name, '.', '_');
  return name;
}

class Pkits : public testing::TestWithParam<PkitsCase> {};
TEST_P(Pkits, AsStated) {
  static const PkitsFiles files = test::load_pkits_files();
  const VerifyReport report = verify(GetParam(), files);
  if (is_valid_dsa_test(GetParam())) {
    EXPECT_TRUE(has_finding(report.findings, "path.algorithm_refused")) << explain(report);
    return;
  }
  expect_stated_result(GetParam(), report);
}
INSTANTIATE_TEST_SUITE_P(Original, Pkits, testing::ValuesIn(test::load_pkits_cases()), test_name);

/// Same graphs, names and extensions, SM2 keys and signatures: the same answers, here for the DSA tests too.
class PkitsSm2 : public testing::TestWithParam<PkitsCase> {};
TEST_P(PkitsSm2, AsStated) {
  static const PkitsFiles files = test::rekey_to_sm2(test::load_pkits_files());
  expect_stated_result(GetParam(), verify(GetParam(), files));
}
INSTANTIATE_TEST_SUITE_P(Rekeyed, PkitsSm2, testing::ValuesIn(test::load_pkits_cases()), test_name);

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Pkits);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PkitsSm2);

std::set<std::string> error_codes(const VerifyReport& report) {
  std::set<std::string> codes;
  for (const auto& finding : report.findings) {
    if (finding.severity() >= Severity::kUndecided) {
      codes.insert(std::string(finding.code()));
    }
  }
  return codes;
}

/// Not only the verdicts: the reasons are the same with either kind of key.
TEST(PkitsRekeying, ChangesNoReason) {
  HUTONG_NEED_CORPUS();
  const PkitsFiles original = test::load_pkits_files();
  const PkitsFiles rekeyed = test::rekey_to_sm2(original);
  for (const auto& test : test::load_pkits_cases()) {
    const bool uses_dsa = is_valid_dsa_test(test) || test.number == "4.1.6";
    if (!uses_dsa) {
      EXPECT_EQ(error_codes(verify(test, original)), error_codes(verify(test, rekeyed))) << test;
    }
  }
}

TEST(PkitsSuite, IsComplete) {
  HUTONG_NEED_CORPUS();
  EXPECT_EQ(test::load_pkits_cases().size(), 249U);
}

TEST(PkitsRekeying, ReplacesEveryKeyAndSignature) {
  HUTONG_NEED_CORPUS();
  const PkitsFiles original = test::load_pkits_files();
  const PkitsFiles rekeyed = test::rekey_to_sm2(original);
  ASSERT_EQ(rekeyed.certificates.size(), original.certificates.size());
  ASSERT_EQ(rekeyed.crls.size(), original.crls.size());
  for (const auto& [name, der] : rekeyed.certificates) {
    const auto certificate = Certificate::parse(der);
    ASSERT_TRUE(certificate) << name;
    ASSERT_TRUE(certificate->public_key()) << name;
    EXPECT_EQ(certificate->public_key()->type(), crypto::KeyType::kSm2) << name;
    ASSERT_TRUE(certificate->signature_algorithm()) << name;
    EXPECT_EQ(*certificate->signature_algorithm(), crypto::kSm2WithSm3) << name;
    EXPECT_NE(der, original.certificates.at(name));
  }
}

}  // namespace
}  // namespace hutong::x509
