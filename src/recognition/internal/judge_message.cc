#include <algorithm>
#include <utility>

#include "asn1/reader.h"
#include "cms/enveloped_data.h"
#include "cms/timestamp.h"
#include "cms/verify.h"
#include "recognition/internal/session.h"
#include "recognition/recognition_findings.h"
#include "x509/oid_names.h"

namespace hutong::recognition::internal {
namespace {

using x509::Finding;
using x509::Indication;

std::string algorithm_text(ByteView algorithm_identifier) {
  asn1::Reader reader(algorithm_identifier);
  auto sequence = reader.enter_sequence();
  const auto oid = sequence ? sequence->read_oid() : Result<asn1::Oid>(sequence.error());
  return oid ? x509::oid_text(*oid) : std::string();
}

std::uint32_t milliseconds(const cms::Accuracy& accuracy) {
  const std::uint64_t total = std::uint64_t{accuracy.seconds.value_or(0)} * 1000 +
                              accuracy.millis.value_or(0) + (accuracy.micros.value_or(0) > 0 ? 1 : 0);
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(total, UINT32_MAX));
}

/// Nothing when the stamp could not be read.
std::optional<StampFacts> facts_of(const cms::TimestampReport& stamp, std::optional<bool> imprint_matches) {
  if (!stamp.info) {
    return std::nullopt;
  }
  const auto& signers = stamp.token.signers;
  const bool has_authority = !signers.empty() && signers.front().certificate;
  return StampFacts{
      .time = stamp.info->time,
      .accuracy_ms = stamp.info->accuracy ? milliseconds(*stamp.info->accuracy) : 0,
      .serial = stamp.info->serial.to_hex(),
      .policy = stamp.info->policy.to_string(),
      .imprint_algorithm = std::string(crypto::digest_name(stamp.info->imprint.algorithm)),
      .imprint_matches = imprint_matches,
      .authority = has_authority ? signers.front().certificate->subject().to_string() : std::string(),
      .indication = stamp.indication};
}

Indication worse(Indication a, Indication b) {
  if (a == Indication::kInvalid || b == Indication::kInvalid) {
    return Indication::kInvalid;
  }
  return a == Indication::kValid ? b : a;
}

/// A stamp on a signature covers that signature, so a readable stamp either matches or is reported.
std::optional<StampFacts> first_stamp(const cms::SignerReport& signer) {
  if (signer.timestamps.empty()) {
    return std::nullopt;
  }
  const cms::TimestampReport& stamp = signer.timestamps.front();
  return facts_of(stamp, !x509::has_finding(stamp.findings, "timestamp.imprint_mismatch"));
}

/// One signer into the report. `prefix` is "signer[0].", or empty when the signer's path is the report's
/// only.
void take_signer(Session& session, const cms::SignerReport& signer, const cms::SignedMessageReport& message,
                 const std::string& prefix) {
  SignerFacts facts{.indication = signer.indication,
                    .subject = signer.certificate ? signer.certificate->subject().to_string()
                                                  : signer.identifier.to_string(),
                    .signing_time = signer.claimed_signing_time,
                    .digest = signer.digest,
                    .timestamp = first_stamp(signer),
                    .chain = {},
                    .findings = signer.findings};
  if (signer.chain) {
    facts.chain = session.chain_of(*signer.chain);
    for (const Finding& finding : signer.chain->findings) {
      facts.findings.push_back(finding.moved_to(prefix + finding.where()));
    }
    const Time at = signer.validated_at.value_or(session.question().at);
    const auto services = session.service_findings(facts.chain, at);
    for (const Finding& finding : services) {
      facts.findings.push_back(finding.moved_to(prefix + finding.where()));
    }
    auto shown = facts.findings;
    shown.insert(shown.end(), message.findings.begin(), message.findings.end());
    const auto refused = session.refused_quirks(facts.chain, shown);
    facts.findings.insert(facts.findings.end(), refused.begin(), refused.end());
    facts.indication =
        worse(facts.indication, worse(x509::indication_of(services), x509::indication_of(refused)));
    session.note_revocation(*signer.chain);
    session.count_quirks(facts.chain);
  }
  std::ranges::stable_sort(facts.findings, std::ranges::greater{}, &Finding::severity);
  session.add(facts.findings);
  if (session.report().signers.empty()) {
    session.report().chain = facts.chain;
  }
  session.report().signers.push_back(std::move(facts));
}

void take_message(Session& session, const cms::SignedMessageReport& message) {
  session.add(message.findings);
  for (std::size_t i = 0; i < message.signers.size(); ++i) {
    const std::string prefix = message.signers.size() == 1 ? "" : "signer[" + std::to_string(i) + "].";
    take_signer(session, message.signers[i], message, prefix);
  }
}

cms::VerifyOptions options_for(const Session& session, const cms::TrustContext& trust) {
  return {.at = session.question().at, .trust = &trust, .certificates = session.companions()};
}

/// The content may stand elsewhere, and the message have been read already.
Result<cms::SignedMessageReport> check(Session& session, const cms::VerifyOptions& options) {
  const auto& content = session.question().content;
  if (!content) {
    return cms::verify_message(session.detected().object, options);
  }
  if (auto signature = session.take_signature()) {
    return cms::verify_detached(*std::move(signature), *content, options);
  }
  return cms::verify_detached(session.detected().object, *content, options);
}

}  // namespace

void judge_signed_message(Session& session) {
  const cms::TrustContext trust = session.message_trust();
  const auto options = options_for(session, trust);
  const auto judged = check(session, options);
  if (!judged) {
    session.add_unreadable(judged.error());
    return;
  }
  take_message(session, *judged);
  session.report().message = MessageFacts{.type = judged->form == cms::MessageForm::kGm ? "gmt0010" : "cms",
                                          .content_size = judged->content_size,
                                          .content_sm3 = judged->content_sm3,
                                          .detached = judged->detached,
                                          .recipients = {},
                                          .certificates = judged->certificates.size()};
}

void judge_envelope(Session& session) {
  MemorySource source(session.detected().object);
  const auto recipients = cms::recipients_of(source);
  const auto kind = cms::recognise_message(session.detected().object);
  MessageFacts facts{.type = kind && kind->form == cms::MessageForm::kRfc ? "cms" : "gmt0010",
                     .content_sm3 = {},
                     .recipients = {}};
  if (!recipients) {
    session.add_unreadable(recipients.error());
  } else {
    session.add(findings::kEnvelope, "message");
    for (const auto& recipient : *recipients) {
      const auto& id = recipient.identifier;
      facts.recipients.push_back({.issuer = id.issuer ? id.issuer->to_string() : id.to_string(),
                                  .serial = id.issuer ? id.serial.to_hex() : std::string(),
                                  .algorithm = algorithm_text(recipient.key_algorithm)});
    }
  }
  session.report().message = std::move(facts);
}

void judge_timestamp(Session& session) {
  const cms::TrustContext trust = session.message_trust();
  const auto& content = session.question().content;
  cms::TimestampExpectation expected;
  expected.data = content;
  const auto judged = cms::verify_timestamp(session.detected().object, expected, options_for(session, trust));
  take_message(session, judged.token);
  session.add(judged.findings);
  std::optional<bool> matches;
  if (content) {
    matches = !x509::has_finding(judged.findings, "timestamp.imprint_mismatch");
  } else {
    session.add(findings::kStampContent, "timestamp");
  }
  session.report().timestamp = facts_of(judged, matches);
  session.report()
      .signers.clear();  // the token's one signer is the authority, told as `timestamp` and `chain`
}

}  // namespace hutong::recognition::internal
