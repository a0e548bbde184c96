#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "ca/signing/signing_system.h"
#include "crypto/signature.h"
#include "storage/database.h"
#include "x509/builder.h"
#include "x509/certificate.h"
#include "x509/ocsp.h"

namespace hutong::ca {

struct OcspOptions {
  std::chrono::seconds validity{std::chrono::hours(1)};    ///< from thisUpdate to nextUpdate
  std::chrono::seconds renewal{std::chrono::minutes(30)};  ///< answers with less left are signed anew
  std::size_t kept_answers = 1'000'000;                    ///< the oldest make room
  std::size_t most_certificates = 32;                      ///< in one request
};

/// An answer on its way out; shared with the responder's memory, so cheap to copy.
struct OcspAnswer {
  std::shared_ptr<const Bytes> der;
  std::optional<Time> fresh_until;  ///< for a web cache; nothing when it is for this asker alone
};

/// The status service (RFC 6960; GM/T 0037 8.6.2.7) of all keys of the CA, each with a delegated responder
/// certificate. A request for one certificate without a nonce gets an answer signed before; anything else is
/// signed for the occasion. Never fails: what cannot be answered gets the error status of RFC 6960 2.3.
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
  /// Forgets what was said about certificates whose state changed since the last call, by whichever node.
  /// Call it often (it costs one small query): it bounds how long a revocation stays unknown.
  Status refresh();
  std::size_t kept_answers() const;

 private:
  struct Kept {
    std::shared_ptr<const Bytes> der;
    Time fresh_until{};
    std::string serial;
    std::list<std::string>::iterator age;
  };
  const std::string* authority_of(const x509::OcspCertId& id) const;
  Result<x509::OcspSingleResponse> status_of(storage::Reader& reader, std::string_view authority,
                                             const x509::OcspCertId& id, Time now) const;
  /// A response and how current it is.
  struct Signed {
    Bytes der;
    bool is_known = true;          ///< of all its certificates
    std::int64_t last_change = 0;  ///< that it takes into account
  };
  Result<Signed> sign(const x509::OcspRequest& request, std::string_view authority, Time now) const;
  std::optional<OcspAnswer> find_kept(const std::string& key, Time now) const;
  void keep(std::string key, const x509::Serial& serial, const OcspAnswer& answer, std::int64_t last_change);
  void forget(const std::string& serial);

  storage::Database* database_;
  const SigningSystem* signing_;
  Delegates delegates_;
  OcspOptions options_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Kept> kept_;                   ///< by the DER of the CertID
  std::unordered_multimap<std::string, std::string> by_serial_;  ///< serial to keys of kept_
  std::list<std::string> ages_;                                  ///< keys, oldest first
  std::int64_t changes_seen_ = 0;
};

}  // namespace hutong::ca
