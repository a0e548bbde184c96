#include "x509/lint.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>

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

std::array<std::span<const lint::CrlRule>, 2> crl_tables() {
  return {lint::crl_rules(), lint::crl_entry_rules()};
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
  for (const auto& table : crl_tables()) {
    describe(LintTarget::kCrl, table, list);
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
  for (const auto& table : crl_tables()) {
    run(table, view, report);
  }
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
