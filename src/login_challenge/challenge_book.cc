#include "login_challenge/challenge_book.h"

namespace hutong::login_challenge {
namespace {

constexpr std::size_t kNonceOctets = 32;

}  // namespace

ChallengeBook::ChallengeBook(const BookOptions& options) : options_(options) {
  if (options_.random == nullptr) {
    options_.random = &crypto::system_random();
  }
}

Result<IssuedNonce> ChallengeBook::issue(Time now) {
  IssuedNonce issued{.nonce = Bytes(kNonceOctets), .time = now};
  options_.random->fill(issued.nonce);
  const std::lock_guard hold(lock_);
  forget_expired(now);
  if (times_.size() >= options_.most) {
    return Error{Errc::kUnavailable, "challenge.too_many", "too many challenges wait for their answer"};
  }
  times_.emplace(issued.nonce, now);
  by_time_.emplace(now, issued.nonce);
  return issued;
}

Status ChallengeBook::redeem(ByteView nonce, Time time, Time now) {
  const std::lock_guard hold(lock_);
  const auto found = times_.find(to_bytes(nonce));
  if (found == times_.end() || found->second != time) {
    return Error{Errc::kUnauthorized, "challenge.replayed", "this challenge was used, or never given out"};
  }
  by_time_.erase({found->second, found->first});
  times_.erase(found);
  if (now < time || now - time > options_.lifetime) {
    return Error{Errc::kUnauthorized, "challenge.expired", "this challenge was answered too late"};
  }
  return ok();
}

std::size_t ChallengeBook::waiting() const {
  const std::lock_guard hold(lock_);
  return times_.size();
}

/// Keeps those that ran out a moment ago, so that their answer hears why it is refused.
void ChallengeBook::forget_expired(Time now) {
  while (!by_time_.empty() && now - by_time_.begin()->first > 2 * options_.lifetime) {
    times_.erase(by_time_.begin()->second);
    by_time_.erase(by_time_.begin());
  }
}

}  // namespace hutong::login_challenge
