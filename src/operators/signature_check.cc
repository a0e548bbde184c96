#include "operators/signature_check.h"

#include <algorithm>
#include <utility>

#include "audit/audit_log.h"
#include "crypto/signature.h"
#include "operators/operator_repository.h"

namespace hutong::operators {

std::string_view to_string(SignatureVerdict verdict) {
  switch (verdict) {
    case SignatureVerdict::kNone:
      return "none";
    case SignatureVerdict::kValid:
      return "valid";
    case SignatureVerdict::kInvalid:
      return "invalid";
    case SignatureVerdict::kUnknownSigner:
      return "unknown_signer";
  }
  return "";
}

Result<std::optional<x509::Certificate>> SignatureCheck::certificate(storage::Reader& reader,
                                                                     std::string_view fingerprint) {
  if (const auto found = known_.find(fingerprint); found != known_.end()) {
    return found->second;
  }
  HUTONG_TRY(auto certificate, OperatorRepository::certificate(reader, fingerprint));
  if (known_.size() >= kMostRemembered) {
    known_.clear();
  }
  known_.emplace(fingerprint, certificate);
  return certificate;
}

Result<SignatureVerdict> SignatureCheck::check(storage::Reader& reader, const audit::Record& record) {
  const auto& signature = record.event.signature;
  if (!signature) {
    return SignatureVerdict::kNone;
  }
  HUTONG_TRY(const auto signer, certificate(reader, record.event.actor.fingerprint));
  if (!signer || !signer->public_key()) {
    return SignatureVerdict::kUnknownSigner;
  }
  const crypto::PublicKey& key = *signer->public_key();
  const auto prepared = keys_.use(key);
  const auto parsed = crypto::Sm2Signature::from_der(signature->value);
  const bool good =
      prepared ? parsed && prepared->verify(signature->content, *parsed)
               : crypto::verify_signature(key, crypto::kSm2WithSm3, signature->content, signature->value);
  return good ? SignatureVerdict::kValid : SignatureVerdict::kInvalid;
}

Status for_each_record(storage::Reader& reader, std::int64_t first, std::int64_t last,
                       const std::function<Status(const audit::Record&)>& visit) {
  constexpr std::int64_t kPiece = 1'000;  // numbers have no gaps, so that a page of this size is all of them
  for (std::int64_t at = first; at <= last; at += kPiece) {
    const std::int64_t end = std::min(at + kPiece - 1, last);
    HUTONG_TRY(auto page,
               audit::search(reader, {.before = end + 1, .limit = static_cast<std::size_t>(end - at + 1)}));
    std::ranges::reverse(page.records);
    for (const audit::Record& record : page.records) {
      if (record.sequence >= at) {
        HUTONG_CHECK(visit(record));
      }
    }
  }
  return ok();
}

}  // namespace hutong::operators
