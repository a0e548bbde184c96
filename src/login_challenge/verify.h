#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "cms/verify.h"
#include "login_challenge/challenge.h"
#include "login_challenge/challenge_book.h"
#include "x509/certificate.h"

namespace hutong::login_challenge {

/// What the server that asked knows about the answer beforehand.
struct Expected {
  std::string origin;  ///< of the page it served
  std::string audience;
  std::string purpose;
};

/// Who answered.
struct Login {
  Challenge challenge;
  x509::Certificate certificate;
};

/// Judges the answer to a challenge of this book. The nonce is used up only by an answer that is right in all
/// else. Errors: kMalformed "challenge.message" (not a message of one signer and kContentType), those of
/// read_challenge; kUnauthorized "challenge.signature", "challenge.certificate" (not trusted at `now`, the
/// detail says why), "challenge.origin", "challenge.audience", "challenge.purpose", and those of
/// ChallengeBook::redeem.
Result<Login> verify(ByteView message, const Expected& expected, const cms::TrustContext& trust,
                     ChallengeBook& book, Time now);

}  // namespace hutong::login_challenge
