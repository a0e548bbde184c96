#include "ca_connector/cmp_answers.h"

#include <string>
#include <utility>
#include <variant>

#include "cmp/information.h"
#include "cmp/oids.h"

namespace hutong::ca_connector {
namespace {

/// A signing certificate, and an encryption certificate beside it.
constexpr std::size_t kMostCertificates = 2;
constexpr std::chrono::seconds kLongestWait = std::chrono::hours(24 * 30);

Error odd_message(std::string detail) {
  return {Errc::kUnavailable, "connector.answer", "the vendor's answer: " + std::move(detail)};
}

Result<CmpProgress> waiting(std::chrono::seconds check_after) {
  if (check_after < std::chrono::seconds(0) || check_after > kLongestWait) {
    return odd_message("it wants to be asked again in more than 30 days");
  }
  return CmpProgress{.certificates = {}, .check_after = check_after};
}

Status check_certificates(const std::vector<cmp::EnrolledCertificate>& certificates,
                          const x509::CertificateRequest& request) {
  if (certificates.size() > kMostCertificates) {
    return odd_message("more certificates than were asked for");
  }
  const cmp::EnrolledCertificate& own = certificates.front();
  if (own.id != kOnlyRequest || !equal(own.certificate.spki(), request.spki())) {
    return odd_message("a certificate for another request or another key");
  }
  if (certificates.size() == kMostCertificates &&
      (certificates.back().id == own.id || certificates.back().enveloped_key.empty())) {
    return odd_message("a second certificate without its key");
  }
  return ok();
}

}  // namespace

Error blame(const Error& error) {
  if (error.reason == "cmp.refused") {
    return {Errc::kUnavailable, "connector.refused", "the vendor refuses: " + error.detail};
  }
  return odd_message(std::string(error.reason) + ": " + error.detail);
}

Result<std::vector<x509::Certificate>> read_authorities(const cmp::ReceivedMessage& answer) {
  const auto* const body = std::get_if<cmp::GeneralMessage>(&answer.body);
  if (body == nullptr || body->kind != cmp::BodyType::kGeneralResponse || body->items.size() != 1 ||
      body->items.front().type != cmp::oids::kCaCertificates) {
    return odd_message("not the certificates of the CA");
  }
  const auto listed = cmp::read_certificates_value(body->items.front());
  if (!listed) {
    return blame(listed.error());
  }
  std::vector<x509::Certificate> authorities;
  for (const x509::CertificateDer& der : *listed) {
    auto certificate = x509::Certificate::parse(der.view());
    if (!certificate) {
      return blame(certificate.error());
    }
    authorities.push_back(std::move(*certificate));
  }
  return authorities.empty() ? Result<std::vector<x509::Certificate>>(odd_message("no certificate"))
                             : Result(std::move(authorities));
}

Result<CmpProgress> read_progress(const cmp::ReceivedMessage& answer,
                                  const x509::CertificateRequest& request) {
  if (const auto* const body = std::get_if<cmp::PollResponse>(&answer.body); body != nullptr) {
    if (body->answers.size() != 1 || body->answers.front().id != kOnlyRequest) {
      return odd_message("it tells how long to wait for something else");
    }
    return waiting(body->answers.front().check_after);
  }
  if (cmp::type_of(answer.body) != cmp::BodyType::kCertificationResponse) {
    return odd_message("a " + std::string(cmp::to_string(cmp::type_of(answer.body))) + " instead of a cp");
  }
  auto certificates = cmp::enrolled_certificates(answer);
  if (!certificates) {
    return certificates.error().reason == "cmp.waiting" ? waiting({})
                                                        : Result<CmpProgress>(blame(certificates.error()));
  }
  HUTONG_CHECK(check_certificates(*certificates, request));
  return CmpProgress{.certificates = std::move(*certificates), .check_after = {}};
}

Status read_confirmed(const cmp::ReceivedMessage& answer) {
  return std::holds_alternative<cmp::Confirm>(answer.body)
             ? ok()
             : Status(odd_message("the certificate was not confirmed"));
}

Status read_revoked(const cmp::ReceivedMessage& answer) {
  const auto* const body = std::get_if<cmp::RevocationResponse>(&answer.body);
  if (body == nullptr || body->statuses.size() != 1) {
    return odd_message("not about the one certificate that was to be revoked");
  }
  const auto revoked = cmp::check_revoked(answer);
  return revoked ? ok() : Status(blame(revoked.error()));
}

}  // namespace hutong::ca_connector
