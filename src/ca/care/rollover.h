#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "ca/signing/issuer.h"
#include "ca/signing/signing_system.h"
#include "crypto/key_store.h"
#include "storage/database.h"
#include "x509/certificate.h"

namespace hutong::ca {

/// Where the certificate of a new CA key comes from: the CA itself (self_certified), its root, or a file that
/// somebody brings. `current` is the certificate that is replaced; the new one has the same subject.
using CertifyNewKey =
    std::function<Result<x509::Certificate>(const crypto::Signer& key, const x509::Certificate& current)>;
/// For a root: signed by the new key itself, with the extensions and the length of the current one, from
/// `now`.
Result<x509::Certificate> self_certified(const crypto::Signer& key, const x509::Certificate& current,
                                         Time now);

/// What a rollover made.
struct RolloverReport {
  std::string authority;  ///< id of the new one
  x509::Certificate certificate;
  x509::Certificate new_with_old;  ///< the new key under the former one's signature
  x509::Certificate old_with_new;
};

/// The request for a certificate of the next CA key, which is made when it is not there yet (a CA under
/// another's root). DER.
Result<Bytes> request_next_key(storage::Database& database, crypto::KeyStore& keys);

/// A new CA key takes over (GM/T 0037 8.6.2.4, RFC 4210 4.4): it signs what is issued from now on; the former
/// one goes on signing the lists of what it issued. Both are linked by certificates that each key signs for
/// the other, through lint and recorded. One transaction with the audit record "ca.rolled_over"; when it was
/// interrupted before, it is run again and takes the key that was made. Nodes sign with the new key once they
/// have looked (jobs_seconds) and the services have keys under it (renew_services). kPolicy
/// "ca.not_initialised", "rollover.certificate" (not for the new key, another subject, no CA certificate, or
/// not valid now), what `certify`, lint and the key store say.
Result<RolloverReport> roll_over(storage::Database& database, crypto::KeyStore& keys,
                                 const PublishingAddresses& addresses, const CertifyNewKey& certify,
                                 Time now);

/// New keys and certificates for OCSP, time stamps and the interface for platforms under the active CA key,
/// where there is none or it ends within `notice`; the former key of the service stays in the store. Audited.
/// The number renewed.
Result<std::size_t> renew_services(storage::Database& database, crypto::KeyStore& keys,
                                   const SigningSystem& signing, std::chrono::seconds notice, Time now);

}  // namespace hutong::ca
