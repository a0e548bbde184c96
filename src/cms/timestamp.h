#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "asn1/oid.h"
#include "base/bytes.h"
#include "base/result.h"
#include "cms/message.h"
#include "cms/report.h"
#include "cms/tst_info.h"
#include "cms/verify.h"
#include "crypto/signature.h"
#include "x509/certificate.h"

/// Time stamps of RFC 3161 and GM/T 0033: requests, responses, tokens.
namespace hutong::cms {

struct TimestampRequest {
  MessageImprint imprint;
  std::optional<asn1::Oid> policy;
  std::optional<x509::Serial> nonce;
  bool certificate_wanted = false;    ///< certReq
  std::vector<asn1::Oid> extensions;  ///< their types; a TSA that knows none of them refuses (GM/T 0033 7.1)

  /// kMalformed "timestamp.structure" or "asn1.…"; kPolicy "timestamp.digest_unknown".
  static Result<TimestampRequest> from_der(ByteView der);
  Bytes to_der() const;  ///< without extensions
};

/// PKIStatus (RFC 3161 2.4.2).
enum class TimestampStatus : std::uint8_t {
  kGranted = 0,
  kGrantedWithMods = 1,
  kRejection = 2,
  kWaiting = 3,
  kRevocationWarning = 4,
  kRevocationNotification = 5,
};
/// Bits of PKIFailureInfo.
enum class TimestampFailure : std::uint8_t {
  kBadAlg = 0,
  kBadRequest = 2,
  kBadDataFormat = 5,
  kTimeNotAvailable = 14,
  kUnacceptedPolicy = 15,
  kUnacceptedExtension = 16,
  kAddInfoNotAvailable = 17,
  kSystemFailure = 25,
};
std::string_view to_string(TimestampFailure failure);  ///< "badAlg" …

struct TimestampResponse {
  TimestampStatus status = TimestampStatus::kGranted;
  std::vector<std::string> status_text;
  std::optional<TimestampFailure> failure;
  Bytes token;  ///< ContentInfo; there exactly when the status is granted or grantedWithMods

  /// kMalformed "timestamp.structure" (also for a status or failure that the norm does not have, and for a
  /// token that should not be there or is missing) or "asn1.…".
  static Result<TimestampResponse> from_der(ByteView der);
  Bytes to_der() const;
};

/// What a stamp is compared with; each part is optional.
struct TimestampExpectation {
  std::optional<MessageImprint> imprint = std::nullopt;  ///< of the request
  std::optional<ByteView> data = std::nullopt;           ///< hashed with the token's own algorithm
  std::optional<x509::Serial> nonce = std::nullopt;
  std::optional<asn1::Oid> policy = std::nullopt;
};
/// What a request asked for.
TimestampExpectation expectation_of(const TimestampRequest& request);

/// Judges a response or a bare token, whichever it is, in either container form. VerifyOptions::content is
/// not used.
TimestampReport verify_timestamp(ByteView response_or_token, const TimestampExpectation& expected,
                                 const VerifyOptions& options);

/// What a time-stamping authority signs with.
struct TimestampAuthority {
  const crypto::Signer& key;
  const x509::Certificate& certificate;
  MessageForm form = MessageForm::kGm;  ///< GM/T 0033 wants kGm for SM2 and kRfc for RSA
};
/// A token over this TSTInfo: attributes contentType, signingTime, messageDigest, signingCertificateV2. The
/// certificate goes into it when the request asked for it.
enum class TokenCertificate : std::uint8_t { kIncluded, kLeftOut };
Result<Bytes> make_token(const TstInfo& info, const TimestampAuthority& authority,
                         TokenCertificate certificate = TokenCertificate::kIncluded);

}  // namespace hutong::cms
