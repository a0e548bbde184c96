#pragma once

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
};

}  // namespace hutong::x509
