#include "x509/lint.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "tests/support/support.h"

namespace hutong::x509 {
namespace {

TEST(LintRules, HaveDistinctIdsAndCompleteTexts) {
  std::set<std::string_view> ids;
  for (const auto& rule : lint_rules()) {
    EXPECT_TRUE(ids.insert(rule.kind.code).second) << rule.kind.code;
    EXPECT_TRUE(rule.kind.code.starts_with("lint.")) << rule.kind.code;
    for (const auto text : {rule.kind.clause, rule.kind.zh, rule.kind.en, rule.where, rule.applies_to_zh}) {
      EXPECT_FALSE(text.empty()) << rule.kind.code;
    }
    EXPECT_NE(rule.kind.severity, Severity::kUndecided) << rule.kind.code;
    const auto placeholder = [](std::string_view text) { return text.find("{0}") != std::string_view::npos; };
    EXPECT_EQ(placeholder(rule.kind.zh), placeholder(rule.kind.en)) << rule.kind.code;
  }
  EXPECT_GE(ids.size(), 60U);
}

TEST(LintRules, ThePageIsInStep) {
  const auto page = test::read(test::data_path("../../docs/lint.md"));
  EXPECT_EQ(std::string(as_text(page)), lint_rules_markdown())
      << "run: hutong cert lint --list --markdown > docs/lint.md";
}

std::vector<std::string_view> ids_of(const LintReport& report) {
  std::vector<std::string_view> ids;
  for (const auto& finding : report.findings) {
    ids.push_back(finding.code());
  }
  return ids;
}

/// What lint says about a few real objects of the corpus, and why.
struct Golden {
  std::string_view file;
  std::vector<std::string_view> ids;
};

TEST(LintCorpus, RealCertificatesHaveTheKnownLapses) {
  HUTONG_NEED_CORPUS();
  const std::vector<Golden> golden{
      // The national root writes its two path extensions non-critical, and NULL parameters.
      {"certs/roots/nrcac_rootca.der",
       {"lint.cert.basic_constraints_critical", "lint.cert.key_usage_critical", "lint.cert.algorithm_null"}},
      // What it issues is right but for the NULL.
      {"certs/cas/gdca_sm2.der", {"lint.cert.algorithm_null"}},
      // A subject of C and O only.
      {"certs/cas/cfca_sm2_oca1.der", {"lint.cert.subject_common_name", "lint.cert.algorithm_null"}},
      // 2.5.4.45 as UTF8String in the issuer's name; 7 octets of serial number.
      {"certs/ee/cegn_seal.der", {"lint.cert.name_unique_identifier_type", "lint.cert.serial_unpredictable"}},
      // Chinese text inside IA5String, serialNumber as UTF8String, cA FALSE written out, keyUsage 030200C0
      // and not
      // critical, blanks inside LDAP URIs, serverAuth in the certificate of a seal.
      {"certs/ee/ynca_org_seal.der",
       {"lint.cert.name_email_type", "lint.cert.name_serial_number_type", "lint.cert.name_characters",
        "lint.cert.basic_constraints_default", "lint.cert.key_usage_encoding", "lint.cert.crl_point_uri",
        "lint.cert.access_uri", "lint.cert.key_usage_critical", "lint.cert.server_alt_name",
        "lint.cert.algorithm_null"}},
      // GeneralizedTime before 2050, PrintableString names, 16 octets of key identifier, keyUsage 030200C6.
      {"certs/odd/gmssl_root_generalizedtime.der",
       {"lint.cert.validity_encoding", "lint.cert.key_usage_encoding", "lint.cert.key_usage_ca_only",
        "lint.cert.serial_unpredictable", "lint.cert.algorithm_null", "lint.cert.name_utf8",
        "lint.cert.ski_length"}},
      // Serial number 0, a hundred years.
      {"certs/pairs/tongsuo_root_ca.der",
       {"lint.cert.serial_positive", "lint.cert.key_usage_ca_only", "lint.cert.serial_unpredictable",
        "lint.cert.validity_ca"}},
      // SpecifiedECDomain instead of the curve's name; CN first.
      {"certs/odd/explicit_curve_selfsigned.der",
       {"lint.cert.key_form", "lint.cert.key_usage_ca_only", "lint.cert.name_order"}},
  };
  for (const auto& one : golden) {
    auto report = lint_certificate(test::read(test::corpus_path(one.file)));
    ASSERT_TRUE(report) << one.file;
    EXPECT_EQ(ids_of(*report), one.ids) << one.file;
  }
}

TEST(LintCorpus, TheNationalListNeverCounts) {
  HUTONG_NEED_CORPUS();
  auto report = lint_crl(test::read(test::corpus_path("certs/crl/rootca_77bdbb.crl")));
  ASSERT_TRUE(report);
  EXPECT_EQ(ids_of(*report), std::vector<std::string_view>{"lint.crl.number_counts"});
}

TEST(LintCorpus, EveryObjectIsReadable) {
  HUTONG_NEED_CORPUS();
  std::size_t certificates = 0;
  std::size_t lists = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(test::corpus_path("certs"))) {
    if (entry.path().extension() == ".der") {
      EXPECT_TRUE(lint_certificate(test::read(entry.path()))) << entry.path();
      ++certificates;
    } else if (entry.path().extension() == ".crl") {
      EXPECT_TRUE(lint_crl(test::read(entry.path()))) << entry.path();
      ++lists;
    }
  }
  EXPECT_GE(certificates, 40U);
  EXPECT_EQ(lists, 3U);
}

}  // namespace
}  // namespace hutong::x509
