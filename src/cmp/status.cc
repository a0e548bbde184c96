#include "cmp/status.h"

#include <array>

namespace hutong::cmp {
namespace {

constexpr std::array<std::string_view, 27> kFailureNames{
    "badAlg",           "badMessageCheck",     "badRequest",          "badTime",           "badCertId",
    "badDataFormat",    "wrongAuthority",      "incorrectData",       "missingTimeStamp",  "badPOP",
    "certRevoked",      "certConfirmed",       "wrongIntegrity",      "badRecipientNonce", "timeNotAvailable",
    "unacceptedPolicy", "unacceptedExtension", "addInfoNotAvailable", "badSenderNonce",    "badCertTemplate",
    "signerNotTrusted", "transactionIdInUse",  "unsupportedVersion",  "notAuthorized",     "systemUnavail",
    "systemFailure",    "duplicateCertReq"};
constexpr std::array<std::string_view, 7> kStatusNames{
    "accepted",          "grantedWithMods",        "rejection",       "waiting",
    "revocationWarning", "revocationNotification", "keyUpdateWarning"};

struct ReasonRow {
  std::string_view reason;  ///< a whole reason, or its beginning with a dot at the end
  Failure failure;
};

/// The first row that fits decides.
constexpr ReasonRow kReasons[] = {
    {"cmp.algorithm", Failure::kBadAlg},
    {"cmp.iterations", Failure::kBadAlg},
    {"cmp.integrity", Failure::kBadMessageCheck},
    {"cmp.protection_kind", Failure::kWrongIntegrity},
    {"cmp.version", Failure::kUnsupportedVersion},
    {"cmp.body", Failure::kBadRequest},
    {"cmp.possession", Failure::kBadPop},
    {"cmp.possession_missing", Failure::kBadPop},
    {"cmp.possession_kind", Failure::kBadPop},
    {"cmp.template", Failure::kBadCertTemplate},
    {"cmp.signer", Failure::kSignerNotTrusted},
    {"cmp.transaction", Failure::kTransactionIdInUse},
    {"cmp.sender_nonce", Failure::kBadSenderNonce},
    {"cmp.recipient_nonce", Failure::kBadRecipientNonce},
    {"cmp.certificate_id", Failure::kBadCertId},
    {"cmp.confirmed", Failure::kCertConfirmed},
    {"cmp.time", Failure::kBadTime},
    {"cmp.authority", Failure::kWrongAuthority},
    {"cmp.information", Failure::kAddInfoNotAvailable},
    {"cmp.key", Failure::kBadCertTemplate},
    {"certificate.revoked", Failure::kCertRevoked},
    {"certificate.expired", Failure::kSignerNotTrusted},
    {"cmp.client_unknown", Failure::kNotAuthorized},
    {"issuing.", Failure::kBadCertTemplate},
    {"subject.", Failure::kBadCertTemplate},
    {"signature.unsupported", Failure::kBadAlg},
    {"signature.algorithm", Failure::kBadAlg},
    {"key.", Failure::kBadCertTemplate},
};

bool fits(const ReasonRow& row, std::string_view reason) {
  return row.reason.back() == '.' ? reason.substr(0, row.reason.size()) == row.reason : reason == row.reason;
}

Failure failure_by_code(Errc code) {
  switch (code) {
    case Errc::kMalformed:
    case Errc::kLimit:
      return Failure::kBadDataFormat;
    case Errc::kUnauthorized:
      return Failure::kNotAuthorized;
    case Errc::kNotFound:
      return Failure::kBadCertId;
    case Errc::kConflict:
    case Errc::kPolicy:
      return Failure::kBadRequest;
    case Errc::kCryptoFail:
      return Failure::kBadMessageCheck;
    case Errc::kUnavailable:
      return Failure::kSystemUnavail;
    case Errc::kInternal:
      break;
  }
  return Failure::kSystemFailure;
}

}  // namespace

std::string_view to_string(Failure failure) { return kFailureNames.at(static_cast<std::size_t>(failure)); }

std::string_view to_string(PkiStatus status) { return kStatusNames.at(static_cast<std::size_t>(status)); }

std::string StatusInfo::to_string() const {
  std::string shown(cmp::to_string(status));
  std::string names;
  for (unsigned bit = 0; bit < kFailureNames.size(); ++bit) {
    if ((failures >> bit & 1U) != 0) {
      names += (names.empty() ? "" : ", ") + std::string(kFailureNames.at(bit));
    }
  }
  if (!names.empty()) {
    shown += " (" + names + ")";
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    shown += (i == 0 ? ": " : "; ") + text[i];
  }
  return shown;
}

Failure failure_for(const Error& error) {
  for (const ReasonRow& row : kReasons) {
    if (fits(row, error.reason)) {
      return row.failure;
    }
  }
  return failure_by_code(error.code);
}

StatusInfo rejection(const Error& error) {
  std::string text(error.reason);
  const bool for_everybody = error.code != Errc::kInternal && error.code != Errc::kUnavailable;
  if (for_everybody && !error.detail.empty()) {
    text += ": " + error.detail;
  }
  return {.status = PkiStatus::kRejection,
          .text = {std::move(text)},
          .failures = 1U << static_cast<unsigned>(failure_for(error))};
}

}  // namespace hutong::cmp
