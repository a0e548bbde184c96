#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"

namespace hutong::login_challenge {

struct BookOptions {
  std::chrono::seconds lifetime{120};
  std::size_t most = 100'000;              ///< challenges that wait for their answer
  crypto::RandomSource* random = nullptr;  ///< null: system_random()
};

/// A nonce and when it was made: what a page is sent.
struct IssuedNonce {
  Bytes nonce;
  Time time{};
};

/// The nonces that one server gave out and that were not used yet. Each is good once. Memory is bounded: when
/// the book is full new ones are refused until old ones have expired. Thread-safe.
class ChallengeBook {
 public:
  explicit ChallengeBook(const BookOptions& options = {});
  /// kUnavailable "challenge.too_many".
  Result<IssuedNonce> issue(Time now);
  /// Takes it out, so that a second one with the same nonce finds nothing. kUnauthorized
  /// "challenge.replayed" (used, or never given out), "challenge.expired".
  Status redeem(ByteView nonce, Time time, Time now);
  std::size_t waiting() const;

 private:
  void forget_expired(Time now);
  BookOptions options_;
  mutable std::mutex lock_;
  std::map<Bytes, Time> times_;
  std::set<std::pair<Time, Bytes>> by_time_;
};

}  // namespace hutong::login_challenge
