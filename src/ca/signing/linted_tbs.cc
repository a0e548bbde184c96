#include "ca/signing/linted_tbs.h"

#include <string>

#include "x509/lint.h"

namespace hutong::ca {

Result<LintedTbs> lint(x509::TbsCertificate tbs) {
  HUTONG_TRY(const auto report, x509::lint_tbs_certificate(x509::to_der(tbs, crypto::kSm2WithSm3)));
  std::string refused;
  for (const x509::Finding& finding : report.findings) {
    if (finding.severity() != x509::Severity::kInfo) {
      refused += (refused.empty() ? "" : ", ") + std::string(finding.code());
    }
  }
  if (!refused.empty()) {
    return Error{Errc::kPolicy, "issuing.lint", "the certificate would break " + refused};
  }
  return LintedTbs(std::move(tbs));
}

}  // namespace hutong::ca
