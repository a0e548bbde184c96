#include "ca_connector/cmp_connector.h"

#include <algorithm>
#include <span>

#include "asn1/oid.h"
#include "cmp/information.h"
#include "cmp/oids.h"
#include "net/http.h"
#include "net/url.h"
#include "x509/chain_verifier.h"

namespace hutong::ca_connector {
namespace {

constexpr std::string_view kMediaType = "application/pkixcmp";
constexpr const char* kWellKnown = "/.well-known/cmp";
constexpr asn1::Oid kCmcAuthority("1.3.6.1.5.5.7.3.27");     ///< id-kp-cmcCA
constexpr asn1::Oid kCmcRegistration("1.3.6.1.5.5.7.3.28");  ///< id-kp-cmcRA

Error away(std::string detail) { return {Errc::kUnavailable, "connector.away", std::move(detail)}; }

std::string origin_of(const net::Url& url) {
  return (url.scheme == net::Url::Scheme::kHttps ? "https://" : "http://") + url.authority();
}

/// A path of certificates from one of these authorities, now. Whether something was revoked is not known
/// here: revocation lists come another way.
bool is_issued_by(const x509::Certificate& certificate, std::span<const x509::Certificate> authorities,
                  Time now) {
  std::vector<x509::TrustAnchor> anchors;
  for (const x509::Certificate& authority : authorities) {
    if (auto anchor = x509::TrustAnchor::of(authority); anchor) {
      anchors.push_back(std::move(*anchor));
    }
  }
  return x509::verify_chain(
             {.leaf = certificate, .at = now, .anchors = anchors, .revocation = x509::RevocationMode::kNone})
      .trusted();
}

bool is_one_of(const x509::Certificate& certificate, std::span<const x509::Certificate> authorities) {
  return std::ranges::find(authorities, certificate) != authorities.end();
}

bool may_answer_for_authority(const x509::Certificate& certificate) {
  const auto& purposes = certificate.extensions().extended_key_usage;
  return purposes && (purposes->has(kCmcAuthority) || purposes->has(kCmcRegistration));
}

/// Signed by one of the vendor's CAs, or by whom they let answer for them.
class AuthorityCheck final : public cmp::ProtectionCheck {
 public:
  AuthorityCheck(std::vector<x509::Certificate> authorities, const Clock& clock)
      : authorities_(std::move(authorities)), clock_(&clock) {}

  Status check(const cmp::ReceivedMessage& message) const override {
    HUTONG_TRY(const auto kind, cmp::protection_kind(message));
    if (kind != cmp::ProtectionKind::kSignature) {
      return Error{Errc::kUnauthorized, "cmp.protection_kind", "the answer is not signed"};
    }
    HUTONG_TRY(const auto signer, cmp::signer_certificate(message));
    const bool may = is_one_of(signer, authorities_) ||
                     (may_answer_for_authority(signer) && is_issued_by(signer, authorities_, clock_->now()));
    if (!may) {
      return Error{Errc::kUnauthorized, "cmp.signer",
                   "signed by somebody who may not answer for this vendor: " + signer.subject().to_string()};
    }
    return cmp::check_signature(message, signer);
  }

 private:
  std::vector<x509::Certificate> authorities_;
  const Clock* clock_;
};

std::unique_ptr<const cmp::Protector> protector_of(const std::variant<CmpSecret, CmpIdentity>& protection) {
  if (const auto* const known = std::get_if<CmpSecret>(&protection); known != nullptr) {
    return std::make_unique<const cmp::PasswordProtector>(SecretBytes::copy_of(known->secret.expose()),
                                                          known->reference);
  }
  const auto& identity = std::get<CmpIdentity>(protection);
  return std::make_unique<const cmp::SignatureProtector>(*identity.key, identity.certificate);
}

std::unique_ptr<const cmp::ProtectionCheck> check_of(const CmpAccess& access, const Clock& clock) {
  if (const auto* const known = std::get_if<CmpSecret>(&access.protection); known != nullptr) {
    return std::make_unique<const cmp::PasswordCheck>(SecretBytes::copy_of(known->secret.expose()));
  }
  return std::make_unique<const AuthorityCheck>(access.authorities, clock);
}

std::shared_ptr<const crypto::Signer> key_of(const CmpAccess& access) {
  const auto* const identity = std::get_if<CmpIdentity>(&access.protection);
  return identity != nullptr ? identity->key : nullptr;
}

/// Refuses every certificate of an order.
cmp::CertificateConfirm rejection_of(const std::vector<cmp::EnrolledCertificate>& certificates) {
  cmp::CertificateConfirm body = cmp::confirm(certificates);
  for (cmp::CertificateStatus& status : body.certificates) {
    status.status = cmp::StatusInfo{cmp::PkiStatus::kRejection, {}, 0};
  }
  return body;
}

}  // namespace

Result<CmpConnector> CmpConnector::create(const CmpAccess& access, const Clock& clock) {
  if (access.authorities.empty()) {
    return Error{Errc::kPolicy, "connector.no_authority", "no certificate of a CA of this vendor is known"};
  }
  HUTONG_TRY(const auto url, net::parse_url(access.address));
  HUTONG_TRY(auto client, net::Client::create(origin_of(url), {.tls = access.tls,
                                                               .connect_timeout = access.patience,
                                                               .timeout = access.patience,
                                                               .answer_limit = cmp::kMostMessageOctets}));
  return CmpConnector(std::move(client), url.target == "/" ? kWellKnown : url.target, access, clock);
}

CmpConnector::CmpConnector(net::Client client, std::string target, const CmpAccess& access,
                           const Clock& clock)
    : client_(std::move(client)),
      target_(std::move(target)),
      authorities_(access.authorities),
      clock_(&clock),
      key_(key_of(access)),
      protector_(protector_of(access.protection)),
      check_(check_of(access, clock)) {}

cmp::ClientTransaction CmpConnector::transaction(std::vector<cmp::TypedValue> general_info) const {
  return {
      {.sender = {}, .recipient = authorities_.front().subject(), .general_info = std::move(general_info)},
      *protector_,
      *check_};
}

Result<cmp::ReceivedMessage> CmpConnector::exchange(cmp::ClientTransaction& transaction,
                                                    const cmp::Body& body) const {
  HUTONG_TRY(const Bytes der, transaction.write(body, clock_->now()));
  const auto answer = client_.send({.method = net::Method::kPost,
                                    .target = target_,
                                    .headers = {{"Content-Type", std::string(kMediaType)}},
                                    .body = std::string(as_text(der))});
  if (!answer) {
    return answer.error().code == Errc::kLimit ? blame(answer.error())
                                               : away("the vendor does not answer: " + answer.error().detail);
  }
  if (answer->status != 200) {
    const std::string status = "the vendor answers with status " + std::to_string(answer->status);
    const bool refuses = answer->status >= 400 && answer->status < 500;
    return refuses ? Error{Errc::kUnavailable, "connector.refused", status} : away(status);
  }
  const auto type = answer->headers.find("Content-Type");
  if (!type || net::parse_media_type(*type).type != kMediaType) {
    return blame({Errc::kMalformed, "http.content_type", "the answer is no CMP message"});
  }
  auto message = transaction.read(as_bytes(answer->body));
  return message ? std::move(message) : Result<cmp::ReceivedMessage>(blame(message.error()));
}

Result<CmpAnswerer> CmpConnector::ask() const {
  auto asking = transaction();
  HUTONG_TRY(const auto answer,
             exchange(asking, cmp::GeneralMessage{.kind = cmp::BodyType::kGeneralMessage,
                                                  .items = {{cmp::oids::kCaCertificates, {}}}}));
  CmpAnswerer answerer;
  HUTONG_TRY(answerer.authorities, read_authorities(answer));
  const bool is_known = std::ranges::any_of(
      answerer.authorities, [this](const auto& authority) { return is_one_of(authority, authorities_); });
  if (!is_known) {
    return Error{Errc::kUnavailable, "connector.answer",
                 "the vendor's answer: none of its CA certificates is known here, the first is " +
                     answerer.authorities.front().subject().to_string()};
  }
  if (key_ != nullptr) {
    HUTONG_TRY(answerer.signer, cmp::signer_certificate(answer));
  }
  return answerer;
}

Result<CmpOrder> CmpConnector::place(const x509::CertificateRequest& request,
                                     const std::string& certificate_template) const {
  std::vector<cmp::TypedValue> general_info;
  if (!certificate_template.empty()) {
    general_info.push_back(cmp::certificate_profile(certificate_template));
  }
  CmpOrder order(transaction(std::move(general_info)), request);
  HUTONG_CHECK(go_on(order, cmp::Pkcs10Request{to_bytes(request.der())}));
  return order;
}

Status CmpConnector::poll(CmpOrder& order) const {
  return order.waits() ? go_on(order, cmp::PollRequest{{kOnlyRequest}}) : ok();
}

Status CmpConnector::go_on(CmpOrder& order, const cmp::Body& body) const {
  HUTONG_TRY(const auto answer, exchange(order.transaction_, body));
  HUTONG_TRY(CmpProgress progress, read_progress(answer, order.request_));
  if (!progress.certificates.empty()) {
    return take(order, std::move(progress));
  }
  order.progress_ = std::move(progress);
  return ok();
}

Status CmpConnector::take(CmpOrder& order, CmpProgress progress) const {
  const Time now = clock_->now();
  const auto foreign = std::ranges::find_if(progress.certificates, [&](const auto& enrolled) {
    return !is_issued_by(enrolled.certificate, authorities_, now);
  });
  const bool is_taken = foreign == progress.certificates.end();
  HUTONG_TRY(const auto answer, exchange(order.transaction_, is_taken ? cmp::confirm(progress.certificates)
                                                                      : rejection_of(progress.certificates)));
  HUTONG_CHECK(read_confirmed(answer));
  if (!is_taken) {
    return Error{Errc::kUnavailable, "connector.answer",
                 "the vendor's answer: a certificate that none of its CAs issued, or that is not valid now"};
  }
  order.progress_ = std::move(progress);
  return ok();
}

Status CmpConnector::revoke(const x509::Certificate& certificate, x509::CrlReason reason) const {
  auto asking = transaction();
  HUTONG_TRY(const auto answer,
             exchange(asking, cmp::RevocationRequest{{cmp::revocation_of(certificate, reason)}}));
  return read_revoked(answer);
}

}  // namespace hutong::ca_connector
