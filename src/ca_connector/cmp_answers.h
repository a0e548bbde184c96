#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "cmp/client.h"
#include "cmp/message.h"
#include "x509/certificate.h"
#include "x509/certificate_request.h"

/// Answers over CMP (docs/cmp.md), judged without a network once their protection was right. Errors of all:
/// kUnavailable "connector.answer" (not what was asked for) and "connector.refused" (it says no; the detail
/// tells its status).
namespace hutong::ca_connector {

/// The certReqId of a PKCS#10 request, which has none itself (RFC 9483 4.1.4).
inline constexpr std::int64_t kOnlyRequest = -1;

/// What an error of src/cmp says about the vendor: "cmp.refused" is a refusal, everything else an odd answer.
Error blame(const Error& error);

/// caCerts (RFC 9480 2.14.1): one certificate or more that the CA calls its own.
Result<std::vector<x509::Certificate>> read_authorities(const cmp::ReceivedMessage& answer);

/// What has become of an order.
struct CmpProgress {
  /// The certificate that was asked for, then perhaps that of an encryption key pair made by the CA, with the
  /// enveloped key. Empty while the order waits.
  std::vector<cmp::EnrolledCertificate> certificates = {};
  std::chrono::seconds check_after{};  ///< of an order that waits: not to be asked before
};
/// cp or pollRep in the transaction of a p10cr with this request: the first certificate has kOnlyRequest
/// and the key of the request, a second one brings its enveloped key.
Result<CmpProgress> read_progress(const cmp::ReceivedMessage& answer,
                                  const x509::CertificateRequest& request);

/// pkiconf.
Status read_confirmed(const cmp::ReceivedMessage& answer);
/// rp about one certificate.
Status read_revoked(const cmp::ReceivedMessage& answer);

}  // namespace hutong::ca_connector
