// Lint reads with a tolerant structure reader of its own: whatever it takes for an object, every rule about
// such objects is told of exactly once, in texts that can be shown; the same octets give the same report;
// what is no such object is refused with a reason.

#include <algorithm>
#include <map>
#include <string_view>

#include "base/encoding.h"
#include "fuzz/property.h"
#include "x509/lint.h"

namespace hutong::fuzz {
namespace {

std::size_t rules_about(x509::LintTarget target) {
  return static_cast<std::size_t>(std::ranges::count(x509::lint_rules(), target, &x509::LintRule::target));
}

void check(const x509::LintReport& report, x509::LintTarget target) {
  require(report.target == target, "the report is about what was asked");
  std::map<std::string_view, int> told;
  for (const x509::Finding& finding : report.findings) {
    require(is_utf8(finding.message_zh()) && is_utf8(finding.message_en()), "a finding's texts are UTF-8");
    ++told[finding.code()];
  }
  for (const auto& ids : {report.passed, report.not_applicable}) {
    for (const std::string_view id : ids) {
      ++told[id];
    }
  }
  require(told.size() == rules_about(target), "every rule is told of");
  require(std::ranges::all_of(told, [](const auto& rule) { return rule.second == 1; }), "and once");
}

using Lint = Result<x509::LintReport> (*)(ByteView);

void run(Lint lint, x509::LintTarget target, ByteView input) {
  const auto report = lint(input);
  if (!report) {
    require(!report.error().reason.empty(), "a refusal has a reason");
    return;
  }
  check(*report, target);
  const auto again = lint(input);
  require(again && again->passed == report->passed && again->findings.size() == report->findings.size(),
          "the same octets give the same report");
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const ByteView input(data, size);
  fuzz::run(x509::lint_certificate, x509::LintTarget::kCertificate, input);
  fuzz::run(x509::lint_tbs_certificate, x509::LintTarget::kCertificate, input);
  fuzz::run(x509::lint_crl, x509::LintTarget::kCrl, input);
  fuzz::run(x509::lint_request, x509::LintTarget::kRequest, input);
  return 0;
}
