#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "asn1/oid.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "cms/timestamp.h"
#include "crypto/digest.h"
#include "crypto/signature.h"
#include "net/router.h"
#include "storage/database.h"
#include "x509/certificate.h"

namespace hutong::ca {

/// What the time-stamping authority promises (RFC 3161 2.1, GM/T 0033 7.2).
struct TimestampOptions {
  /// The first one is written when a request names none; any of them may be asked for.
  std::vector<asn1::Oid> policies;
  std::vector<crypto::DigestAlgorithm> digests{
      crypto::DigestAlgorithm::kSm3, crypto::DigestAlgorithm::kSha256, crypto::DigestAlgorithm::kSha384,
      crypto::DigestAlgorithm::kSha512};
  std::chrono::seconds accuracy{1};
  /// Stamps can be told apart by their time alone: each is at least a microsecond after the one before, on
  /// whatever node. Costs a second transaction for each stamp.
  enum class Ordering : std::uint8_t { kByAccuracy, kByTime } ordering = Ordering::kByAccuracy;
};

/// The time-stamping service (RFC 3161, GM/T 0033): SM2 tokens in the form of GM/T 0010, RSA and ECDSA tokens
/// in that of RFC 5652. Each stamp is stored with its audit record before its token goes out; serial numbers
/// have 126 random bits, so that they never come twice, also after a crash. When the clock stands before the
/// latest stamp, no stamp is given (timeNotAvailable). Thread-safe as far as the signer is.
class TimestampService {
 public:
  struct Signer {
    x509::Certificate certificate;  ///< with the purpose timeStamping
    std::unique_ptr<crypto::Signer> key;
  };
  /// The database has the components "ca.timestamping" and "audit"; it outlives the service. kPolicy
  /// "timestamp.certificate" when the certificate is not for time stamps alone (RFC 3161 2.3: critical),
  /// "timestamp.options" without a policy.
  static Result<std::unique_ptr<TimestampService>> create(storage::Database& database, Signer signer,
                                                          TimestampOptions options);

  /// The response to a request from `asker` (an address, for the audit). Never fails: what is refused gets
  /// the failure of RFC 3161 2.4.2 and a text.
  cms::TimestampResponse answer(ByteView request, std::string_view asker, Time now) const;

  const x509::Certificate& certificate() const { return signer_.certificate; }

 private:
  TimestampService(storage::Database& database, Signer signer, TimestampOptions options)
      : database_(&database), signer_(std::move(signer)), options_(std::move(options)) {}
  struct Refusal {
    cms::TimestampFailure failure;
    std::string text;
  };
  std::optional<Refusal> objection_to(const cms::TimestampRequest& request, Time now) const;
  Result<std::optional<storage::Moment>> time_for_stamp(Time now) const;
  cms::TstInfo info_for(const cms::TimestampRequest& request, storage::Moment time) const;
  Status record(const cms::TstInfo& info, storage::Moment time, ByteView token, std::string_view asker,
                Time now) const;
  cms::TimestampResponse refuse(const Refusal& refusal, std::string_view asker, Time now) const;
  cms::TimestampResponse stamp(const cms::TimestampRequest& request, std::string_view asker, Time now) const;

  storage::Database* database_;
  Signer signer_;
  TimestampOptions options_;
};

/// POST `path` with application/timestamp-query (RFC 3161 3.4); 415 "http.content_type" for another body.
/// Service and clock outlive the router.
void add_timestamp_route(net::Router& router, const TimestampService& service, const Clock& clock,
                         std::string path = "/tsa");

}  // namespace hutong::ca
