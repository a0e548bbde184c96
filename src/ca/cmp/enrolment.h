#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/public_key.h"
#include "x509/certificate.h"
#include "x509/extension_builder.h"
#include "x509/extensions.h"
#include "x509/name.h"
#include "x509/serial.h"

namespace hutong::ca {

/// Who sends CMP messages, as their protection proved it: a registered client by its shared secret, or a
/// subscriber by the key of a certificate of this CA that stands.
struct CmpSender {
  std::string client;                            ///< its name; empty for a subscriber
  std::optional<x509::Certificate> certificate;  ///< the subscriber's
  std::string organization = {};                 ///< of a client: who applies when a request names nobody
  std::string organization_number = {};          ///< its credit code
  bool automatic = false;  ///< its own review is trusted: no order of its waits for ours

  /// For the audit and for telling senders apart: "client:NAME" or "certificate:SERIAL".
  std::string identity() const {
    return certificate ? "certificate:" + certificate->serial().to_hex() : "client:" + client;
  }
};

/// A certificate that is applied for, or the renewal of one.
struct EnrolmentWish {
  std::string transaction;  ///< of CMP, in hexadecimal: the same wish twice is one order
  std::string template_id;  ///< empty for a renewal: that of the certificate renewed
  std::optional<x509::Name> subject;
  std::vector<x509::ExtensionValue> extensions;  ///< that were asked for
  crypto::PublicKey key;
  Bytes proof;  ///< PKCS#10 request or CertReqMsg (RFC 4211), whose proof of possession was checked
  std::optional<Time> not_before;
  std::optional<Time> not_after;
  std::optional<x509::Serial> renewed;
};

/// Where an application stands.
struct EnrolmentState {
  enum class Stage : std::uint8_t { kWaiting, kIssued, kRefused };
  std::string order;
  Stage stage = Stage::kWaiting;
  std::string reason = {};                            ///< of a refusal, for people
  std::optional<x509::Certificate> certificate = {};  ///< kIssued
  std::optional<x509::Certificate> encryption = {};   ///< of a dual order
  Bytes enveloped_key = {};                           ///< its key pair (GM/T 0009), for the first key
};

/// What the CMP endpoint asks of the registration system. Every change is audited in its own transaction by
/// the implementation, which is thread-safe. Errors are the reasons of orders and of issuing.
class Enrolment {
 public:
  virtual ~Enrolment() = default;
  /// Enters the order and, when nobody has to review it, makes the certificates at once.
  virtual Result<EnrolmentState> apply(const EnrolmentWish& wish, const CmpSender& sender) = 0;
  virtual Result<EnrolmentState> poll(const std::string& order) = 0;
  /// The subscriber has the certificates: they are delivered.
  virtual Status confirm(const std::string& order, const CmpSender& sender) = 0;
  /// The subscriber does not take the certificates: they are revoked.
  virtual Status reject(const std::string& order, const CmpSender& sender) = 0;
  virtual Status revoke(const x509::Serial& serial, x509::CrlReason reason, const CmpSender& sender) = 0;
  /// The client that ordered this certificate; empty when none did. kNotFound "certificate.unknown".
  virtual Result<std::string> client_of(const x509::Serial& serial) = 0;
};

}  // namespace hutong::ca
