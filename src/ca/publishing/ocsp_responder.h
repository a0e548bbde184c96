#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "ca/publishing/ocsp_answer.h"
#include "ca/publishing/ocsp_memory.h"
#include "ca/signing/signing_system.h"
#include "crypto/signature.h"
#include "storage/database.h"
#include "x509/builder.h"
#include "x509/certificate.h"
#include "x509/ocsp.h"

namespace hutong::ca {

/// The status service (RFC 6960; GM/T 0037 8.6.2.7) of all keys of the CA, each with a delegated responder
/// certificate. A request for one certificate without a nonce gets an answer signed before; anything else is
/// signed for the occasion. Never fails: what cannot be answered gets the error status of RFC 6960 2.3, and
/// so does everything ("tryLater") when the database has been away for longer than longest_blindness.
/// Thread-safe.
class OcspResponder {
 public:
  /// Who answers for an authority: a certificate with the OCSP purpose, issued by it.
  struct Delegate {
    x509::Certificate certificate;
    std::unique_ptr<crypto::Signer> signer;
  };
  using Delegates = std::map<std::string, Delegate, std::less<>>;

  OcspResponder(storage::Database& database, const SigningSystem& signing, Delegates delegates,
                const OcspOptions& options = {});

  OcspAnswer answer(ByteView request, Time now);
  /// The same when it is signed already: no database, no signature, microseconds. Nothing otherwise.
  std::optional<OcspAnswer> find_kept(ByteView request, Time now);
  /// Forgets what was said about certificates whose state changed since the last call, by whichever node.
  /// Call it often (it costs one small query): it bounds how long a revocation stays unknown. Nothing is kept
  /// before the first call, and nothing kept is said again while the last success is older than
  /// longest_blindness. Never holds the memory's lock while it reads.
  Status refresh();
  /// Signs anew, for a while, what was asked for and runs out soon; call it after refresh(). The number of
  /// signatures.
  Result<std::size_t> renew_due(Time now);
  std::size_t kept_answers() const { return memory_.size(); }

 private:
  const std::string* authority_of(const x509::OcspCertId& id) const;
  x509::OcspSingleResponse single_response(const std::optional<StatusRecord>& record,
                                           const x509::OcspCertId& id, Time now) const;
  /// A response and how current it is.
  struct Signed {
    Bytes der;
    bool is_known = true;          ///< of all its certificates
    std::int64_t last_change = 0;  ///< that it takes into account
  };
  Result<Signed> sign(const x509::OcspRequest& request, std::string_view authority, Time now) const;
  /// Signs for one certificate without a nonce and keeps it.
  Result<OcspAnswer> sign_common(const x509::OcspRequest& request, std::string_view authority, Time now);

  storage::Database* database_;
  const SigningSystem* signing_;
  Delegates delegates_;
  OcspOptions options_;
  OcspMemory memory_;
};

}  // namespace hutong::ca
