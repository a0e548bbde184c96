#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "cms/key_service.h"
#include "crypto/signature.h"
#include "kmc/recovery/recovery_case.h"
#include "kmc/service/authority_repository.h"
#include "kmc/stores/key_maker.h"
#include "storage/database.h"
#include "x509/certificate.h"

namespace hutong::kmc {

/// errNo of ErrorPkgRespond: ours, documented in docs/key-service.md. Append only.
enum class KeyServiceErrorNumber : std::uint64_t {
  kMalformed = 1,        ///< the user's key, the certificate number or the validity makes no sense
  kOtherHolder = 2,      ///< the certificate has a key already, delivered for another holder or another time
  kUnknownKey = 3,       ///< no key was delivered for this certificate
  kKeyRetired = 4,       ///< it is in the history store
  kRecoveryPending = 5,  ///< custodians have to approve; ask again
  kRecoveryRefused = 6,
  kUnavailable = 7,  ///< not now
};

/// What was answered, for metrics. Indexes of the counters.
enum class Service : std::uint8_t { kApplied, kAppliedAgain, kRestored, kRecoveryPending, kRevoked, kError };
inline constexpr std::size_t kServices = 6;
std::string_view to_string(Service service);

struct KeyServiceOptions {
  std::chrono::seconds window{600};  ///< how far requestTime may be from ours
};

/// Answers the messages of GM/T 0014 of any number of CAs (密钥分发, 密钥恢复, 密钥撤销). All requests of one
/// message are one transaction with their audit records. Asking again for the same is answered the same.
/// Thread-safe; what it is given must outlive it.
class KeyService {
 public:
  KeyService(storage::Database& database, const KeyMaker& maker, const RecoveryDesk& recovery,
             const crypto::Signer& signer, const x509::Certificate& centre, const Clock& clock,
             KeyServiceOptions options);

  /// `tls_certificate`: DER of the client's certificate as the handshake verified it, empty for none.
  /// kUnauthorized "key_service.client_certificate", "key_service.authority_unknown",
  /// "key_service.authority_suspended", "key_service.authority_expired", "key_service.time"; what
  /// cms::read_key_service_request says; storage errors. The answer is a signed KMRespond.
  Result<Bytes> answer(ByteView message, ByteView tls_certificate) const;

  std::uint64_t count(Service service) const { return counters_[static_cast<std::size_t>(service)]; }

 private:
  Result<Authority> authority_of(ByteView tls_certificate) const;
  Result<cms::KeyServiceRequest> read(ByteView message, const Authority& authority) const;

  storage::Database* database_;
  const KeyMaker* maker_;
  const RecoveryDesk* recovery_;
  const crypto::Signer* signer_;
  const x509::Certificate* centre_;
  const Clock* clock_;
  KeyServiceOptions options_;
  mutable std::array<std::atomic<std::uint64_t>, kServices> counters_{};
};

}  // namespace hutong::kmc
