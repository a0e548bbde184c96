#pragma once

#include <memory>
#include <span>
#include <vector>

#include "x509/certificate.h"
#include "x509/chain_verifier.h"
#include "x509/crl.h"
#include "x509/ocsp.h"

namespace hutong::x509 {

/// What an application believes and knows, asked for what concerns one question: so that a question costs the
/// same whether it knows two certification authorities or ten thousand.
class TrustSource {
 public:
  struct Known {
    std::vector<TrustAnchor> anchors;
    std::vector<Certificate> intermediates;
    std::vector<Crl> crls;
    std::vector<OcspResponse> ocsp_responses;
  };

  virtual ~TrustSource() = default;
  /// All that can matter to paths from any of these certificates; more does no harm. Any thread may call.
  virtual Known known_about(std::span<const Certificate> certificates) const = 0;
  /// What verify_chain said of this certificate, for this time and from what is known alone, when somebody
  /// asked before; else null.
  virtual std::shared_ptr<const VerifyReport> remembered(const Certificate& /*leaf*/, Time /*at*/) const {
    return nullptr;
  }
  virtual void remember(const Certificate& /*leaf*/, Time /*at*/, const VerifyReport& /*report*/) const {}
};

}  // namespace hutong::x509
