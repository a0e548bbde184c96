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

struct CrlCase {
  std::string_view rule;
  CrlDraft (*clean)();
  void (*breaks)(CrlDraft&);
};

void put_reason(CrlDraft& draft, std::uint8_t reason) {
  draft.entries.front().extensions.front().value = {0x0A, 0x01, reason};
}

void put_entry_extension(CrlDraft& draft, ExtensionValue extension) {
  draft.entries.front().extensions.push_back(std::move(extension));
}

const std::vector<CrlCase>& crl_cases() {
  static const std::vector<CrlCase> kCases{
      {"lint.crl.version_2", crl_draft, [](auto& d) { d.version = std::nullopt; }},
      {"lint.crl.algorithm_match", crl_draft,
       [](auto& d) {
         d.outer_algorithm = sm2_with_sm3(Bytes{0x05, 0x00});
       }},
      {"lint.crl.algorithm_sm2_sm3", crl_draft,
       [](auto& d) { d.inner_algorithm = d.outer_algorithm = algorithm(oids::kEcdsaWithSha256); }},
      {"lint.crl.algorithm_parameters", crl_draft,
       [](auto& d) {
         d.inner_algorithm = d.outer_algorithm = sm2_with_sm3(Bytes{0x04, 0x00});
       }},
      {"lint.crl.algorithm_null", crl_draft,
       [](auto& d) {
         d.inner_algorithm = d.outer_algorithm = sm2_with_sm3(Bytes{0x05, 0x00});
       }},
      {"lint.crl.signature_encoding", crl_draft, [](auto& d) { d.signature = Bytes(64, 0x01); }},
      {"lint.crl.issuer_present", crl_draft, [](auto& d) { d.issuer = Name(); }},
      {"lint.crl.issuer_country_type", crl_draft,
       [](auto& d) {
         d.issuer = name({{oids::kCountry, Tag::kUtf8String, "CN"}});
       }},
      {"lint.crl.issuer_characters", crl_draft,
       [](auto& d) {
         d.issuer = name({{oids::kCommonName, Tag::kUtf8String, "\xC0\x80"}});
       }},
      {"lint.crl.update_form", crl_draft, [](auto& d) { d.this_update = utc_time("2606010000Z"); }},
      {"lint.crl.update_encoding", crl_draft,
       [](auto& d) { d.next_update = generalized_time("20260602000000Z"); }},
      {"lint.crl.next_update", crl_draft, [](auto& d) { d.next_update.clear(); }},
      {"lint.crl.update_order", crl_draft, [](auto& d) { d.next_update = d.this_update; }},
      {"lint.crl.revoked_not_empty", crl_draft, [](auto& d) { d.entries.clear(); }},
      {"lint.crl.extensions_unique", crl_draft,
       [](auto& d) { d.extensions.push_back(d.extensions.front()); }},
      {"lint.crl.extension_default", crl_draft, [](auto& d) { d.default_written = oids::kCrlNumber; }},
      {"lint.crl.extension_syntax", crl_draft,
       [](auto& d) {
         d.set({oids::kCrlNumber, false, {0x04, 0x00}});
       }},
      {"lint.crl.critical_known", crl_draft,
       [](auto& d) {
         d.set({asn1::Oid("1.2.156.99.1"), true, {0x05, 0x00}});
       }},
      {"lint.crl.aki_present", crl_draft, [](auto& d) { d.remove(oids::kAuthorityKeyIdentifier); }},
      {"lint.crl.aki_key_identifier", crl_draft,
       [](auto& d) {
         d.set({oids::kAuthorityKeyIdentifier, false, {0x30, 0x00}});
       }},
      {"lint.crl.number_present", crl_draft, [](auto& d) { d.remove(oids::kCrlNumber); }},
      {"lint.crl.number_not_critical", crl_draft, [](auto& d) { d.critical(oids::kCrlNumber, true); }},
      {"lint.crl.number_not_negative", crl_draft,
       [](auto& d) {
         d.set({oids::kCrlNumber, false, {0x02, 0x01, 0xFF}});
       }},
      {"lint.crl.number_length", crl_draft,
       [](auto& d) {
         Bytes number{0x02, 21};
         number.resize(23, 0x11);
         d.set({oids::kCrlNumber, false, number});
       }},
      {"lint.crl.number_counts", crl_draft, [](auto& d) { d.set(extension::crl_number(0)); }},
      {"lint.crl.delta_critical", delta_crl_draft,
       [](auto& d) { d.critical(oids::kDeltaCrlIndicator, false); }},
      {"lint.crl.delta_base", delta_crl_draft, [](auto& d) { d.set(extension::delta_crl_indicator(7)); }},
      {"lint.crl.delta_freshest", delta_crl_draft,
       [](auto& d) { d.set(extension::freshest_crl({{uri_name("http://crl.example.cn/d.crl")}})); }},
      {"lint.crl.point_critical", crl_draft,
       [](auto& d) { d.critical(oids::kIssuingDistributionPoint, false); }},
      {"lint.crl.point_not_empty", crl_draft,
       [](auto& d) {
         d.set({oids::kIssuingDistributionPoint, true, {0x30, 0x00}});
       }},
      {"lint.crl.point_one_scope", crl_draft,
       [](auto& d) {
         d.set(extension::issuing_distribution_point(
             {.only_user_certificates = true, .only_ca_certificates = true}));
       }},
      {"lint.crl.entry_serial", crl_draft, [](auto& d) { d.entries.front().serial = {0x00}; }},
      {"lint.crl.entry_unique", crl_draft,
       [](auto& d) { d.entries.back().serial = d.entries.front().serial; }},
      {"lint.crl.entry_time", crl_draft,
       [](auto& d) { d.entries.front().revoked_at = generalized_time("20260520120000Z"); }},
      {"lint.crl.entry_not_future", crl_draft,
       [](auto& d) { d.entries.front().revoked_at = utc_time("270520120000Z"); }},
      {"lint.crl.entry_extensions_not_empty", crl_draft,
       [](auto& d) { d.entries.front().extensions.clear(); }},
      {"lint.crl.entry_extensions_unique", crl_draft,
       [](auto& d) { put_entry_extension(d, d.entries.front().extensions.front()); }},
      {"lint.crl.reason_known", crl_draft, [](auto& d) { put_reason(d, 7); }},
      {"lint.crl.reason_unspecified", crl_draft, [](auto& d) { put_reason(d, 0); }},
      {"lint.crl.reason_not_critical", crl_draft,
       [](auto& d) { d.entries.front().extensions.front().critical = true; }},
      {"lint.crl.reason_remove", crl_draft, [](auto& d) { put_reason(d, 8); }},
      {"lint.crl.invalidity_date", crl_draft,
       [](auto& d) {
         put_entry_extension(d, {oids::kInvalidityDate, false, utc_time("260501000000Z")});
       }},
      {"lint.crl.certificate_issuer", crl_draft,
       [](auto& d) {
         put_entry_extension(d, {oids::kCertificateIssuer, true, {0x30, 0x03, 0x82, 0x01, 0x61}});
       }},
  };
  return kCases;
}

TEST(CrlLint, CleanListsKeepEveryRule) {
  for (auto* clean : {crl_draft, delta_crl_draft}) {
    auto report = lint_crl(clean().to_der());
    ASSERT_TRUE(report) << report.error().detail;
    EXPECT_TRUE(report->clean()) << listing(*report);
  }
}

TEST(CrlLint, EachBrokenRuleIsFound) {
  for (const auto& one : crl_cases()) {
    SCOPED_TRACE(one.rule);
    CrlDraft draft = one.clean();
    one.breaks(draft);
    auto report = lint_crl(draft.to_der());
    ASSERT_TRUE(report) << report.error().reason << " " << report.error().detail;
    EXPECT_TRUE(has_finding(report->findings, one.rule)) << listing(*report);
  }
}

TEST(CrlLint, EveryRuleHasACase) {
  std::set<std::string_view> covered;
  for (const auto& one : crl_cases()) {
    covered.insert(one.rule);
  }
  for (const auto& rule : lint_rules()) {
    EXPECT_TRUE(rule.target != LintTarget::kCrl || covered.contains(rule.kind.code)) << rule.kind.code;
  }
}

TEST(CrlLint, RemovalBelongsInDeltaLists) {
  CrlDraft draft = delta_crl_draft();
  put_reason(draft, 8);
  auto report = lint_crl(draft.to_der());
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->clean()) << listing(*report);
}

TEST(CrlLint, AnEmptyListWithoutTheSequenceIsClean) {
  CrlDraft draft = crl_draft();
  draft.entries.clear();
  draft.write_revoked = false;
  auto report = lint_crl(draft.to_der());
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->clean()) << listing(*report);
}

}  // namespace
}  // namespace hutong::x509::lint::test
