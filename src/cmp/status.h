#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// How the answers of CMP say what became of a request (RFC 4210 5.2.3).
namespace hutong::cmp {

/// PKIStatus.
enum class PkiStatus : std::uint8_t {
  kAccepted = 0,
  kGrantedWithMods = 1,
  kRejection = 2,
  kWaiting = 3,
  kRevocationWarning = 4,
  kRevocationNotification = 5,
  kKeyUpdateWarning = 6,
};

/// PKIFailureInfo: the numbers of its bits.
enum class Failure : std::uint8_t {
  kBadAlg = 0,
  kBadMessageCheck = 1,
  kBadRequest = 2,
  kBadTime = 3,
  kBadCertId = 4,
  kBadDataFormat = 5,
  kWrongAuthority = 6,
  kIncorrectData = 7,
  kMissingTimeStamp = 8,
  kBadPop = 9,
  kCertRevoked = 10,
  kCertConfirmed = 11,
  kWrongIntegrity = 12,
  kBadRecipientNonce = 13,
  kTimeNotAvailable = 14,
  kUnacceptedPolicy = 15,
  kUnacceptedExtension = 16,
  kAddInfoNotAvailable = 17,
  kBadSenderNonce = 18,
  kBadCertTemplate = 19,
  kSignerNotTrusted = 20,
  kTransactionIdInUse = 21,
  kUnsupportedVersion = 22,
  kNotAuthorized = 23,
  kSystemUnavail = 24,
  kSystemFailure = 25,
  kDuplicateCertReq = 26,
};
/// The norm's name: "badPOP" …
std::string_view to_string(Failure failure);
std::string_view to_string(PkiStatus status);  ///< "accepted", "waiting" …

/// PKIStatusInfo.
struct StatusInfo {
  PkiStatus status = PkiStatus::kAccepted;
  std::vector<std::string> text;  ///< UTF-8
  std::uint32_t failures = 0;     ///< bit n is 1 << n; 0: left out

  bool has(Failure failure) const { return (failures >> static_cast<unsigned>(failure) & 1U) != 0; }
  /// A certificate comes with it.
  bool granted() const { return status == PkiStatus::kAccepted || status == PkiStatus::kGrantedWithMods; }
  /// "rejection (badPOP): 请求的签名不对", for logs and errors.
  std::string to_string() const;
  friend bool operator==(const StatusInfo&, const StatusInfo&) = default;
};

/// Which failure tells the other side about one of our errors: by its reason where the norm has a name for
/// it, else by its code.
Failure failure_for(const Error& error);
/// kRejection with that failure; the text is "reason: detail", the detail being left out of kInternal and
/// kUnavailable errors.
StatusInfo rejection(const Error& error);

}  // namespace hutong::cmp
