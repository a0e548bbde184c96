#pragma once

#include <cstdint>
#include <utility>

#include "base/result.h"
#include "x509/builder.h"

namespace hutong::ca {

/// The norm wants SM2 keys; a template may allow others (CertificateTemplate::key_algorithms), and then that
/// rule alone does not refuse.
enum class KeyRule : std::uint8_t { kSm2, kAsTheTemplateSays };

/// Proof that a certificate to be signed keeps to the profile of GM/T 0015: only lint() makes one, signing
/// consumes it. Move-only.
class LintedTbs {
 public:
  LintedTbs(LintedTbs&&) noexcept = default;
  LintedTbs& operator=(LintedTbs&&) noexcept = default;
  const x509::TbsCertificate& tbs() const& { return tbs_; }

 private:
  friend Result<LintedTbs> lint(x509::TbsCertificate tbs, KeyRule keys);
  explicit LintedTbs(x509::TbsCertificate tbs) : tbs_(std::move(tbs)) {}
  x509::TbsCertificate tbs_;
};

/// Runs every rule of x509/lint.h. A rule that the norm states as "shall" or "should" refuses the
/// certificate, kPolicy "issuing.lint" with the rules' ids; habits of the market do not.
Result<LintedTbs> lint(x509::TbsCertificate tbs, KeyRule keys = KeyRule::kSm2);

}  // namespace hutong::ca
