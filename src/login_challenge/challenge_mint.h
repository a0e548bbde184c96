#pragma once

#include <chrono>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"
#include "crypto/random.h"

namespace hutong::login_challenge {

struct MintOptions {
  std::chrono::seconds lifetime{120};
  std::chrono::seconds skew{30};           ///< by which the clocks of two nodes may differ
  crypto::RandomSource* random = nullptr;  ///< null: system_random()
};

/// A nonce and when it was made: what a page is sent.
struct IssuedNonce {
  Bytes nonce;
  Time time{};
};

/// Makes nonces that nobody has to remember and knows its own again: 16 random octets and the first 16 of an
/// HMAC-SM3 over them and the time. Strangers who ask for many cost no memory, and every node with the same
/// secret knows its peers' ones. That one is used only once is for the caller to see to, who remembers used
/// ones for `remember()`. Any thread.
class ChallengeMint {
 public:
  /// 32 octets or more that the nodes share and nobody else knows.
  explicit ChallengeMint(SecretBytes secret, const MintOptions& options = {});
  IssuedNonce issue(Time now) const;
  /// kUnauthorized "challenge.foreign" (not of this system, or of another time than it says),
  /// "challenge.expired".
  Status check(ByteView nonce, Time time, Time now) const;
  /// For how long a used nonce could be answered again.
  std::chrono::seconds remember() const { return options_.lifetime + 2 * options_.skew; }
  std::chrono::seconds lifetime() const { return options_.lifetime; }

 private:
  Bytes tag(ByteView random, Time time) const;
  SecretBytes secret_;
  MintOptions options_;
};

}  // namespace hutong::login_challenge
