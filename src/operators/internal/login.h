#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"
#include "operators/certificate_policy.h"
#include "operators/internal/challenges.h"
#include "operators/operator.h"
#include "operators/session.h"
#include "operators/settings.h"
#include "storage/database.h"

namespace hutong::operators {

struct LoginRequest {
  std::string audience;
  x509::Certificate certificate;
  std::string challenge;
  Bytes signature;  ///< DER, over login_text
  std::string remote;
};
struct LoggedIn {
  std::string token;  ///< shown once
  Session session;
  Operator operator_;
};

/// Login by certificate and signed challenge (GM/T 0037 9.3, A.5.5). Failed attempts are counted for each
/// certificate and address, slowed down from the third on, and audited. Any thread.
class Login {
 public:
  Login(storage::Database& database, const CertificateAuthority& authority, const Settings& settings,
        Challenges challenges, const Clock& clock, crypto::RandomSource& random)
      : database_(&database),
        authority_(&authority),
        settings_(&settings),
        challenges_(std::move(challenges)),
        clock_(&clock),
        random_(&random) {}

  Challenges::Challenge challenge() const { return challenges_.make(clock_->now()); }
  /// kUnauthorized "session.challenge", "session.audience", "session.signature",
  /// "session.unknown_certificate" (also of a retired operator), "session.challenge_used" and those of
  /// check_certificate; kLimit "session.delayed" after too many failures.
  Result<LoggedIn> log_in(const LoginRequest& request) const;

 private:
  Result<Operator> identify(const LoginRequest& request, Time issued_at, Time now) const;
  Status check_delay(const LoginRequest& request, Time now) const;
  Status count_failure(const LoginRequest& request, const Error& why, Time now) const;
  Result<LoggedIn> open_session(const LoginRequest& request, const Operator& who, Time issued_at,
                                Time now) const;

  storage::Database* database_;
  const CertificateAuthority* authority_;
  const Settings* settings_;
  Challenges challenges_;
  const Clock* clock_;
  crypto::RandomSource* random_;
};

}  // namespace hutong::operators
