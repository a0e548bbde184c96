#include "operators/certificate_policy.h"

#include "base/encoding.h"
#include "crypto/public_key.h"
#include "operators/operator.h"
#include "x509/extensions.h"

namespace hutong::operators {
namespace {

Status check_key(const x509::Certificate& certificate) {
  const auto& key = certificate.public_key();
  if (!key || key.value().type() != crypto::KeyType::kSm2) {
    return Error{Errc::kPolicy, "operator.certificate_key", "an operator's key is an SM2 key"};
  }
  const auto& usage = certificate.extensions().key_usage;
  if (usage && !usage->can_sign()) {
    return Error{Errc::kPolicy, "operator.certificate_key", "the certificate is not for signatures"};
  }
  return ok();
}

Status check_validity(const x509::Certificate& certificate, Time now) {
  if (now < certificate.not_before()) {
    return Error{Errc::kUnauthorized, "operator.certificate_not_yet_valid",
                 "the certificate is valid from " + to_rfc3339(certificate.not_before())};
  }
  if (now > certificate.not_after()) {
    return Error{Errc::kUnauthorized, "operator.certificate_expired",
                 "the certificate ended at " + to_rfc3339(certificate.not_after())};
  }
  return ok();
}

Status check_issuer(const CertificateAuthority& authority, const x509::Certificate& certificate, Time now) {
  const auto anchors = authority.anchors();
  const auto report = x509::verify_chain(
      {.leaf = certificate, .at = now, .anchors = anchors, .revocation = x509::RevocationMode::kNone});
  if (!report.trusted()) {
    return Error{Errc::kUnauthorized, "operator.certificate_untrusted",
                 "the certificate was not issued by an authority of this system"};
  }
  return ok();
}

Status check_status(const CertificateAuthority& authority, const x509::Certificate& certificate, Time now) {
  HUTONG_TRY(const CertificateStatus status, authority.status(certificate, now));
  if (status != CertificateStatus::kGood) {
    return Error{Errc::kUnauthorized, "operator.certificate_revoked",
                 status == CertificateStatus::kUnknown ? "the certificate is unknown to its issuer"
                                                       : "the certificate is revoked or suspended"};
  }
  return ok();
}

}  // namespace

std::string fingerprint_of(const x509::Certificate& certificate) { return to_hex(certificate.sm3()); }

Status check_certificate(const CertificateAuthority& authority, const x509::Certificate& certificate,
                         Time now) {
  HUTONG_CHECK(check_key(certificate));
  HUTONG_CHECK(check_validity(certificate, now));
  HUTONG_CHECK(check_issuer(authority, certificate, now));
  return check_status(authority, certificate, now);
}

Status check_still_good(const CertificateAuthority& authority, const x509::Certificate& certificate,
                        Time now) {
  HUTONG_CHECK(check_validity(certificate, now));
  return check_status(authority, certificate, now);
}

}  // namespace hutong::operators
