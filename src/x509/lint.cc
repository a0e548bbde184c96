#include "x509/lint.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/encoding.h"
#include "x509/lint/rule.h"

namespace hutong::x509 {
namespace {

template <typename View>
void run(std::span<const lint::Rule<View>> rules, const View& view, LintReport& report) {
  for (const auto& rule : rules) {
    if (!rule.scope->covers(view)) {
      report.not_applicable.push_back(rule.kind.code);
    } else if (auto lapse = rule.check(view)) {
      report.findings.emplace_back(rule.kind, std::string(rule.where), std::vector{*std::move(lapse)});
    } else {
      report.passed.push_back(rule.kind.code);
    }
  }
}

void sort_findings(LintReport& report) {
  std::ranges::stable_sort(report.findings, std::ranges::greater(), &Finding::severity);
}

using CertificateRules = std::span<const lint::CertificateRule>;
std::array<CertificateRules, 6> certificate_tables() {
  return {lint::certificate_field_rules(),     lint::certificate_name_rules(),
          lint::certificate_extension_rules(), lint::certificate_usage_rules(),
          lint::certificate_pointer_rules(),   lint::certificate_identity_rules()};
}

/// The first entry that breaks each rule, in one pass over the list.
std::vector<lint::Lapse> entry_lapses(const lint::CrlView& view) {
  const auto rules = lint::crl_entry_rules();
  std::vector<lint::Lapse> lapses(rules.size());
  for (const auto& encoded : view.revoked) {
    const auto entry = lint::read_crl_entry(encoded);
    for (std::size_t i = 0; entry && i < rules.size(); ++i) {
      if (!lapses[i] && rules[i].breaks(view, *entry)) {
        lapses[i] = to_hex(entry->serial);
      }
    }
  }
  return lapses;
}

void run_entry_rules(const lint::CrlView& view, LintReport& report) {
  const auto rules = lint::crl_entry_rules();
  const auto lapses = entry_lapses(view);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (view.revoked.empty()) {
      report.not_applicable.push_back(rules[i].kind.code);
    } else if (lapses[i]) {
      report.findings.emplace_back(rules[i].kind, std::string(lint::kCrlEntries), std::vector{*lapses[i]});
    } else {
      report.passed.push_back(rules[i].kind.code);
    }
  }
}

LintReport report_on(const lint::CertificateView& view) {
  LintReport report;
  report.target = LintTarget::kCertificate;
  for (const auto& table : certificate_tables()) {
    run(table, view, report);
  }
  sort_findings(report);
  return report;
}

template <typename View>
void describe(LintTarget target, std::span<const lint::Rule<View>> rules, std::vector<LintRule>& list) {
  for (const auto& rule : rules) {
    list.push_back({target, rule.kind, rule.where, rule.scope->zh, rule.scope->en});
  }
}

std::vector<LintRule> all_rules() {
  std::vector<LintRule> list;
  for (const auto& table : certificate_tables()) {
    describe(LintTarget::kCertificate, table, list);
  }
  describe(LintTarget::kCrl, lint::crl_rules(), list);
  for (const auto& rule : lint::crl_entry_rules()) {
    list.push_back(
        {LintTarget::kCrl, rule.kind, lint::kCrlEntries, lint::kWithEntries.zh, lint::kWithEntries.en});
  }
  describe(LintTarget::kRequest, lint::request_rules(), list);
  return list;
}

}  // namespace

std::string_view to_string(LintTarget target) {
  switch (target) {
    case LintTarget::kCertificate:
      return "certificate";
    case LintTarget::kCrl:
      return "crl";
    case LintTarget::kRequest:
      return "request";
  }
  return "";
}

const std::vector<LintRule>& lint_rules() {
  static const std::vector<LintRule> kRules = all_rules();
  return kRules;
}

Result<LintReport> lint_certificate(ByteView der) {
  HUTONG_TRY(const auto view, lint::read_certificate(der));
  return report_on(view);
}

Result<LintReport> lint_tbs_certificate(ByteView tbs) {
  HUTONG_TRY(const auto view, lint::read_tbs_certificate(tbs));
  return report_on(view);
}

Result<LintReport> lint_crl(ByteView der) {
  HUTONG_TRY(const auto view, lint::read_crl(der));
  LintReport report;
  report.target = LintTarget::kCrl;
  run(lint::crl_rules(), view, report);
  run_entry_rules(view, report);
  sort_findings(report);
  return report;
}

Result<LintReport> lint_request(ByteView der) {
  HUTONG_TRY(const auto view, lint::read_request(der));
  LintReport report;
  report.target = LintTarget::kRequest;
  run(lint::request_rules(), view, report);
  sort_findings(report);
  return report;
}

}  // namespace hutong::x509
