#include "ca/signing/linted_tbs.h"

#include <string>

#include "x509/lint.h"

namespace hutong::ca {
namespace {

constexpr std::string_view kSm2Rule = "lint.cert.key_sm2";

}  // namespace

Result<LintedTbs> lint(x509::TbsCertificate tbs, KeyRule keys) {
  HUTONG_TRY(const auto report, x509::lint_tbs_certificate(x509::to_der(tbs, crypto::kSm2WithSm3)));
  std::string refused;
  for (const x509::Finding& finding : report.findings) {
    const bool allowed = keys == KeyRule::kAsTheTemplateSays && finding.code() == kSm2Rule;
    if (finding.severity() != x509::Severity::kInfo && !allowed) {
      refused += (refused.empty() ? "" : ", ") + std::string(finding.code());
    }
  }
  if (!refused.empty()) {
    return Error{Errc::kPolicy, "issuing.lint", "the certificate would break " + refused};
  }
  return LintedTbs(std::move(tbs));
}

}  // namespace hutong::ca
