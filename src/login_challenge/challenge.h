#pragma once

#include <string>

#include "asn1/oid.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "cms/sign.h"

namespace hutong::login_challenge {

/// id-loginChallenge: the content type of the message. Below 2.25 (ITU-T X.667), a random number.
inline constexpr asn1::Oid kContentType("2.25.3382909516104723081");

inline constexpr std::size_t kLeastNonce = 16;
inline constexpr std::size_t kMostNonce = 64;
inline constexpr std::size_t kMostText = 200;  ///< octets of each text

/// What is signed to log in. The origin is put in by whoever holds the token for the page, never by the page.
struct Challenge {
  std::string origin;    ///< as browsers write it: "https://example.cn", ":port" unless it is 443
  std::string audience;  ///< the system that will verify
  Bytes nonce;           ///< the server's, used once
  Time time{};           ///< when the server made it
  std::string purpose;   ///< what the user saw
  friend bool operator==(const Challenge&, const Challenge&) = default;
};

/// Strict DER. kMalformed "challenge.value": a text that is empty, longer than kMostText, not UTF-8 or has
/// control characters; a nonce that is too short or too long.
Result<Bytes> to_der(const Challenge& challenge);
/// kMalformed "challenge.structure", "challenge.value" or "asn1.…".
Result<Challenge> read_challenge(ByteView der);

/// The challenge inside a GM/T 0010 SignedData with signed attributes. The errors of to_der and of the
/// signer.
Result<Bytes> sign(const Challenge& challenge, const cms::MessageSigner& signer, Time signing_time);

/// Watches for octets that are the signed attributes of such a message, or may be taken for them: whoever
/// signs these on somebody's wish makes a login.
class ReservedContent {
 public:
  void update(ByteView piece);
  bool found() const { return found_; }

 private:
  bool begun_ = false;
  bool is_set_ = false;  ///< what begins otherwise is none
  bool found_ = false;
  Bytes tail_;  ///< in which the mark may have begun
};
bool is_reserved(ByteView message);

}  // namespace hutong::login_challenge
