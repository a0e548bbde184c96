#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"
#include "ca_connector/cmp_answers.h"
#include "cmp/client.h"
#include "cmp/protection.h"
#include "crypto/signature.h"
#include "net/client.h"
#include "net/tls.h"
#include "x509/certificate.h"
#include "x509/certificate_request.h"
#include "x509/extensions.h"

namespace hutong::ca_connector {

/// We are a registered client of the vendor's: what we send and what it answers is protected by the secret.
struct CmpSecret {
  Bytes reference;  ///< senderKID
  SecretBytes secret;
};
/// We sign with a certificate that the vendor knows; it signs what it answers.
struct CmpIdentity {
  std::shared_ptr<const crypto::Signer> key;
  x509::Certificate certificate;
};

/// How a vendor is reached over CMP, and who we are there.
struct CmpAccess {
  /// "https://ca.example": then its endpoint is /.well-known/cmp (RFC 9811 3.3); or with the endpoint's path.
  std::string address;
  std::shared_ptr<const net::ClientTls> tls = {};  ///< for https
  std::variant<CmpSecret, CmpIdentity> protection;
  /// The vendor's CAs. Certificates that it makes are issued by them, and whoever signs its answers is one of
  /// them or has a certificate of theirs for that purpose (id-kp-cmcCA or id-kp-cmcRA, RFC 9483 3.1): any
  /// subscriber could sign otherwise.
  std::vector<x509::Certificate> authorities;
  std::chrono::milliseconds patience{10'000};  ///< with one answer
};

/// Who answered at the vendor's address.
struct CmpAnswerer {
  std::optional<x509::Certificate> signer = std::nullopt;  ///< nothing where a secret protects
  std::vector<x509::Certificate> authorities;              ///< what it calls its own, in its order
};

/// An order that was placed: one transaction. Move-only; belongs to one thread, and to the connector that
/// placed it, which outlives it.
class CmpOrder {
 public:
  CmpOrder(CmpOrder&&) = default;
  CmpOrder& operator=(CmpOrder&&) = default;

  bool waits() const { return progress_.certificates.empty(); }
  std::chrono::seconds check_after() const { return progress_.check_after; }
  /// Confirmed to the vendor. See CmpProgress.
  const std::vector<cmp::EnrolledCertificate>& certificates() const { return progress_.certificates; }

 private:
  friend class CmpConnector;
  CmpOrder(cmp::ClientTransaction transaction, x509::CertificateRequest request)
      : transaction_(std::move(transaction)), request_(std::move(request)) {}

  cmp::ClientTransaction transaction_;
  x509::CertificateRequest request_;
  CmpProgress progress_;
};

/// A vendor over CMP (RFC 9483 over RFC 9811, docs/cmp.md). Its orders are orders of ours to it: CMP has no
/// question after orders placed otherwise. Immutable; any thread, each message a connection of its own. The
/// clock outlives it.
///
/// Errors of all: kUnavailable "connector.away" (no answer in time), "connector.refused" (it does not know
/// us, or we may not), "connector.answer" (not as the norm says, or not protected by whom we know); what
/// writing a message says.
class CmpConnector {
 public:
  /// kMalformed "client.url"; kPolicy "client.no_tls", "connector.no_authority" (no CA of the vendor's is
  /// known).
  static Result<CmpConnector> create(const CmpAccess& access, const Clock& clock);

  /// Who is there (genm caCerts). "connector.answer" also when it is no CA of the vendor's.
  Result<CmpAnswerer> ask() const;
  /// Orders a certificate for the request (p10cr) by a template of the vendor's; empty: the only one that we
  /// may use. What comes at once is confirmed.
  Result<CmpOrder> place(const x509::CertificateRequest& request,
                         const std::string& certificate_template) const;
  /// Asks for an order that waits (pollReq); its certificates are confirmed. What is no certificate of the
  /// vendor's is rejected (certConf), whereupon the vendor revokes it, and is "connector.answer".
  Status poll(CmpOrder& order) const;
  /// rr.
  Status revoke(const x509::Certificate& certificate, x509::CrlReason reason) const;

 private:
  CmpConnector(net::Client client, std::string target, const CmpAccess& access, const Clock& clock);
  cmp::ClientTransaction transaction(std::vector<cmp::TypedValue> general_info = {}) const;
  Result<cmp::ReceivedMessage> exchange(cmp::ClientTransaction& transaction, const cmp::Body& body) const;
  Status go_on(CmpOrder& order, const cmp::Body& body) const;
  Status take(CmpOrder& order, CmpProgress progress) const;

  net::Client client_;
  std::string target_;
  std::vector<x509::Certificate> authorities_;
  const Clock* clock_;
  std::shared_ptr<const crypto::Signer> key_;  ///< null: a secret protects
  std::unique_ptr<const cmp::Protector> protector_;
  std::unique_ptr<const cmp::ProtectionCheck> check_;
};

}  // namespace hutong::ca_connector
