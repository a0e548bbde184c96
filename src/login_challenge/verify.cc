#include "login_challenge/verify.h"

#include <algorithm>

namespace hutong::login_challenge {
namespace {

constexpr std::size_t kMostContent = 4'096;

Error unauthorized(std::string_view reason, std::string detail) {
  return {Errc::kUnauthorized, reason, std::move(detail)};
}

/// The first thing that was wrong with a signer's certificate.
std::string first_fault(const cms::SignerReport& signer) {
  const auto fault = std::ranges::find(signer.findings, x509::Severity::kError, &x509::Finding::severity);
  return fault == signer.findings.end() ? "the certificate is not known to be good"
                                        : std::string(fault->code());
}

Status check_signer(const cms::SignedMessageReport& report) {
  if (report.signers.size() != 1 || report.content_type != kContentType || report.detached) {
    return Error{Errc::kMalformed, "challenge.message", "no signed challenge of one signer"};
  }
  const cms::SignerReport& signer = report.signers.front();
  if (!signer.signature_verified || !signer.has_signed_attributes || !signer.certificate) {
    return unauthorized("challenge.signature", "the signature is not right");
  }
  if (report.indication() != x509::Indication::kValid) {
    return unauthorized("challenge.certificate", first_fault(signer));
  }
  return ok();
}

Status check_expected(const Challenge& challenge, const Expected& expected) {
  if (challenge.origin != expected.origin) {
    return unauthorized("challenge.origin", "signed for another origin: " + challenge.origin);
  }
  if (challenge.audience != expected.audience) {
    return unauthorized("challenge.audience", "signed for another audience: " + challenge.audience);
  }
  if (challenge.purpose != expected.purpose) {
    return unauthorized("challenge.purpose", "signed for another purpose: " + challenge.purpose);
  }
  return ok();
}

}  // namespace

Result<Login> verify(ByteView message, const Expected& expected, const cms::TrustContext& trust,
                     ChallengeBook& book, Time now) {
  MemorySink content(kMostContent);
  cms::VerifyOptions options;
  options.at = now;
  options.trust = &trust;
  options.content = &content;
  auto report = cms::verify_message(message, options);
  if (!report) {
    return Error{Errc::kMalformed, "challenge.message", report.error().detail};
  }
  HUTONG_CHECK(check_signer(*report));
  HUTONG_TRY(auto challenge, read_challenge(content.content()));
  HUTONG_CHECK(check_expected(challenge, expected));
  HUTONG_CHECK(book.redeem(challenge.nonce, challenge.time, now));
  return Login{.challenge = std::move(challenge), .certificate = *report->signers.front().certificate};
}

}  // namespace hutong::login_challenge
