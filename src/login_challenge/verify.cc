#include "login_challenge/verify.h"

#include <utility>

#include "cms/verify.h"

namespace hutong::login_challenge {
namespace {

constexpr std::size_t kMostContent = 4'096;

Error unauthorized(std::string_view reason, std::string detail) {
  return {Errc::kUnauthorized, reason, std::move(detail)};
}

Status check_signer(const cms::SignedMessageReport& report) {
  if (report.signers.size() != 1 || report.content_type != kContentType || report.detached) {
    return Error{Errc::kMalformed, "challenge.message", "no signed challenge of one signer"};
  }
  const cms::SignerReport& signer = report.signers.front();
  if (!signer.signature_verified || !signer.has_signed_attributes || !signer.certificate) {
    return unauthorized("challenge.signature", "the signature is not right");
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

Result<Login> verify(ByteView message, const Expected& expected, const ChallengeMint& mint, Time now) {
  MemorySink content(kMostContent);
  cms::VerifyOptions options;
  options.at = now;
  options.content = &content;
  auto report = cms::verify_message(message, options);
  if (!report) {
    return Error{Errc::kMalformed, "challenge.message", report.error().detail};
  }
  HUTONG_CHECK(check_signer(*report));
  HUTONG_TRY(auto challenge, read_challenge(content.content()));
  HUTONG_CHECK(check_expected(challenge, expected));
  HUTONG_CHECK(mint.check(challenge.nonce, challenge.time, now));
  return Login{.challenge = std::move(challenge), .certificate = *report->signers.front().certificate};
}

}  // namespace hutong::login_challenge
