#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "cmp/certificate_request_message.h"
#include "cmp/status.h"
#include "x509/certificate.h"
#include "x509/extensions.h"

/// The alternatives of PKIBody that we speak (RFC 4210 5.1.2, RFC 9480), one type for each shape.
namespace hutong::cmp {

/// The context tags of PKIBody.
enum class BodyType : std::uint8_t {
  kInitialRequest = 0,         ///< ir
  kInitialResponse = 1,        ///< ip
  kCertificationRequest = 2,   ///< cr
  kCertificationResponse = 3,  ///< cp
  kPkcs10Request = 4,          ///< p10cr
  kKeyUpdateRequest = 7,       ///< kur
  kKeyUpdateResponse = 8,      ///< kup
  kRevocationRequest = 11,     ///< rr
  kRevocationResponse = 12,    ///< rp
  kConfirm = 19,               ///< pkiconf
  kGeneralMessage = 21,        ///< genm
  kGeneralResponse = 22,       ///< genp
  kError = 23,
  kCertificateConfirm = 24,  ///< certConf
  kPollRequest = 25,
  kPollResponse = 26,
};
std::string_view to_string(BodyType type);  ///< "ir", "certConf" …

/// ir, cr, kur: CertReqMessages.
struct CertificateRequests {
  BodyType kind = BodyType::kInitialRequest;
  std::vector<CertificateRequestMessage> requests;
};

/// p10cr: a PKCS#10 request as it is.
struct Pkcs10Request {
  Bytes der;
};

/// CertResponse. `private_key` is the EncryptedKey (RFC 4211 2.2, RFC 9480 2.20) of a pair that the CA made;
/// encrypted_key.h opens our form.
struct CertificateResponse {
  std::int64_t id = 0;
  StatusInfo status;
  std::optional<x509::CertificateDer> certificate;
  Bytes private_key;
  Bytes response_info;
};

/// ip, cp, kup: CertRepMessage.
struct CertificateResponses {
  BodyType kind = BodyType::kInitialResponse;
  std::vector<x509::CertificateDer> ca_certificates;
  std::vector<CertificateResponse> responses;
};

/// RevDetails.
struct RevocationDetails {
  CertificateTemplateFields certificate;  ///< issuer and serial say which
  std::vector<x509::ExtensionValue> entry_extensions;

  /// reasonCode of the entry extensions, kUnspecified when there is none. kMalformed "ext.crl_reason".
  Result<x509::CrlReason> reason() const;
};
struct RevocationRequest {
  std::vector<RevocationDetails> certificates;
};
RevocationDetails revocation_of(const x509::Certificate& certificate, x509::CrlReason reason);

struct RevocationResponse {
  std::vector<StatusInfo> statuses;
  std::vector<CertificateId> certificates;
  std::vector<Bytes> crls;  ///< DER
};

struct Confirm {};

/// genm and genp.
struct GeneralMessage {
  BodyType kind = BodyType::kGeneralMessage;
  std::vector<TypedValue> items;
};

struct ErrorMessage {
  StatusInfo status;
  std::optional<std::int64_t> code;
  std::vector<std::string> details;
};

/// CertStatus.
struct CertificateStatus {
  Bytes hash;
  std::int64_t id = 0;
  std::optional<StatusInfo> status;  ///< nothing: accepted
  Bytes hash_algorithm;              ///< DER (version 3 only)

  bool accepted() const { return !status || status->granted(); }
};
/// certConf; an empty list refuses every certificate.
struct CertificateConfirm {
  std::vector<CertificateStatus> certificates;
};

struct PollRequest {
  std::vector<std::int64_t> ids;
};
struct PollAnswer {
  std::int64_t id = 0;
  std::chrono::seconds check_after{};
  std::vector<std::string> reason;
};
struct PollResponse {
  std::vector<PollAnswer> answers;
};

using Body = std::variant<CertificateRequests, Pkcs10Request, CertificateResponses, RevocationRequest,
                          RevocationResponse, Confirm, GeneralMessage, ErrorMessage, CertificateConfirm,
                          PollRequest, PollResponse>;
BodyType type_of(const Body& body);

}  // namespace hutong::cmp
