#include "crypto/self_test.h"

#include <algorithm>
#include <string>

#include "crypto/internal/self_test_kernels.h"

namespace hutong::crypto {

bool SelfTestReport::passed() const { return std::ranges::all_of(findings, &SelfTestFinding::passed); }

SelfTestReport self_test(RandomSource& random) {
  SelfTestReport report = internal::test_kernels(internal::chosen_kernels());
  if (!report.passed()) {
    return report;  // nothing that is built on these can be trusted to end
  }
  for (const SelfTestReport& more :
       {internal::test_symmetric_functions(), internal::test_sm2_functions(random)}) {
    report.findings.insert(report.findings.end(), more.findings.begin(), more.findings.end());
  }
  return report;
}

Status require_self_test(RandomSource& random) { return require_passed(self_test(random)); }

Status require_passed(const SelfTestReport& report) {
  if (report.passed()) {
    return ok();
  }
  std::string detail = "the self test of the cryptography failed, so this program does not run:";
  for (const SelfTestFinding& finding : report.findings) {
    if (!finding.passed) {
      detail.append(" ").append(finding.algorithm).append(" (").append(finding.implementation).append(")");
    }
  }
  return Error{Errc::kInternal, "crypto.self_test", std::move(detail)};
}

}  // namespace hutong::crypto
