#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "login_challenge/challenge.h"
#include "login_challenge/challenge_mint.h"
#include "x509/certificate.h"

namespace hutong::login_challenge {

/// What the server that asked knows about the answer beforehand.
struct Expected {
  std::string origin;  ///< of the page it served
  std::string audience;
  std::string purpose;
};

/// Who answered, as the certificate says.
struct Login {
  Challenge challenge;
  x509::Certificate certificate;
};

/// Whether the holder of the certificate's key answered a challenge of this mint. What the certificate itself
/// is worth (its path, its revocation, whose it is) is the caller's next question, and so is that the nonce
/// was not used before. Errors: kMalformed "challenge.message" (not a message of one signer and
/// kContentType), those of read_challenge; kUnauthorized "challenge.signature", "challenge.origin",
/// "challenge.audience", "challenge.purpose", and those of ChallengeMint::check.
Result<Login> verify(ByteView message, const Expected& expected, const ChallengeMint& mint, Time now);

}  // namespace hutong::login_challenge
