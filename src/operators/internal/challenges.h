#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"
#include "crypto/random.h"
#include "storage/database.h"

namespace hutong::operators {

/// Challenges that nobody has to remember: 16 random octets, the time in 8 and the first 16 of an HMAC-SM3
/// over both, in hexadecimal. So strangers who ask for many cost no memory, and every node that shares the
/// database knows its peers' challenges. That one is used only once is seen to at login.
class Challenges {
 public:
  struct Challenge {
    std::string text;
    Time issued_at{};
    Time expires_at{};
  };
  /// The key of all nodes is made by the first one.
  static Result<Challenges> load(storage::Database& database, std::chrono::seconds life,
                                 crypto::RandomSource& random);
  Challenge make(Time now) const;
  /// When it was issued. kUnauthorized "session.challenge" for one that is not ours or too old.
  Result<Time> check(std::string_view text, Time now) const;

 private:
  Challenges(SecretBytes secret, std::chrono::seconds life, crypto::RandomSource& random)
      : secret_(std::move(secret)), life_(life), random_(&random) {}

  SecretBytes secret_;
  std::chrono::seconds life_;
  crypto::RandomSource* random_;
};

}  // namespace hutong::operators
