#include "login_challenge/challenge_mint.h"

#include <array>
#include <cstdint>
#include <utility>

#include "crypto/constant_time.h"
#include "crypto/sm3.h"

namespace hutong::login_challenge {
namespace {

constexpr std::size_t kRandomOctets = 16;
constexpr std::size_t kTagOctets = 16;

std::array<std::uint8_t, 8> octets_of(Time time) {
  const auto since_epoch = static_cast<std::uint64_t>(time.time_since_epoch().count());
  std::array<std::uint8_t, 8> octets{};
  for (std::size_t at = 0; at < octets.size(); ++at) {
    octets[at] = static_cast<std::uint8_t>(since_epoch >> (56 - 8 * at));
  }
  return octets;
}

}  // namespace

ChallengeMint::ChallengeMint(SecretBytes secret, const MintOptions& options)
    : secret_(std::move(secret)), options_(options) {
  if (options_.random == nullptr) {
    options_.random = &crypto::system_random();
  }
}

Bytes ChallengeMint::tag(ByteView random, Time time) const {
  crypto::HmacSm3 hmac(secret_.expose());
  hmac.update(as_bytes("hutong-challenge-nonce-1"));
  hmac.update(random);
  hmac.update(octets_of(time));
  const auto digest = hmac.finish();
  return to_bytes(ByteView(digest).first(kTagOctets));
}

IssuedNonce ChallengeMint::issue(Time now) const {
  IssuedNonce issued{.nonce = Bytes(kRandomOctets), .time = now};
  options_.random->fill(issued.nonce);
  append(issued.nonce, tag(issued.nonce, now));
  return issued;
}

Status ChallengeMint::check(ByteView nonce, Time time, Time now) const {
  if (nonce.size() != kRandomOctets + kTagOctets ||
      !crypto::constant_time_equal(tag(nonce.first(kRandomOctets), time), nonce.last(kTagOctets))) {
    return Error{Errc::kUnauthorized, "challenge.foreign", "this challenge was not made by this system"};
  }
  if (now + options_.skew < time || now - time > options_.lifetime) {
    return Error{Errc::kUnauthorized, "challenge.expired", "this challenge was answered too late"};
  }
  return ok();
}

}  // namespace hutong::login_challenge
