#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "x509/certificate.h"
#include "x509/chain_verifier.h"

namespace hutong::operators {

/// What the program knows of a certificate's revocation.
enum class CertificateStatus : std::uint8_t { kGood, kRevoked, kSuspended, kUnknown };

/// Whose certificates operators may use; the program passes it in. Both functions are called from many
/// threads and must be quick: they run at every login, `status` with every request.
struct CertificateAuthority {
  /// The issuers themselves (no further certificates are looked for below them).
  std::function<std::vector<x509::TrustAnchor>()> anchors;
  /// An Error means that it could not be found out.
  std::function<Result<CertificateStatus>(const x509::Certificate&, Time now)> status;
};

/// An SM2 certificate for signing, valid now, issued by an anchor, not revoked. kPolicy
/// "operator.certificate_key" (no SM2 key, or its use excludes signatures), kUnauthorized
/// "operator.certificate_expired", "operator.certificate_not_yet_valid", "operator.certificate_untrusted",
/// "operator.certificate_revoked" (also suspended and unknown ones); the Error of `status`.
Status check_certificate(const CertificateAuthority& authority, const x509::Certificate& certificate,
                         Time now);
/// Only what changes with time: validity and revocation.
Status check_still_good(const CertificateAuthority& authority, const x509::Certificate& certificate,
                        Time now);

}  // namespace hutong::operators
