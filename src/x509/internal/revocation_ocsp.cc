#include <algorithm>
#include <variant>

#include "crypto/digest.h"
#include "x509/internal/certificate_checks.h"
#include "x509/internal/revocation.h"

namespace hutong::x509 {
namespace {

Bytes key_octets(const Issuer& issuer) {
  return issuer.certificate != nullptr ? to_bytes(issuer.certificate->key_octets())
                                       : issuer.anchor_key->key_octets();
}

bool is_named_by(const OcspResponderId& responder, const Issuer& issuer) {
  if (const auto* name = std::get_if<Name>(&responder)) {
    return *name == *issuer.name;
  }
  const Bytes& hash = std::get<Bytes>(responder);
  const Bytes octets = key_octets(issuer);
  return hash == crypto::digest(crypto::DigestAlgorithm::kSha1, octets) ||
         hash == crypto::digest(crypto::DigestAlgorithm::kSm3, octets);
}

bool may_sign_responses(const Certificate& certificate) {
  const CertificateExtensions& extensions = certificate.extensions();
  return extensions.extended_key_usage && extensions.extended_key_usage->has(asn1::oids::kOcspSigning) &&
         (!extensions.key_usage || extensions.key_usage->can_sign());
}

}  // namespace

RevocationCheck::Answer RevocationCheck::ask_responders(const Target& target) {
  Answer answer;
  const auto responses = session_->request().ocsp_responses;
  if (responses.empty()) {
    return answer;
  }
  const Bytes octets = key_octets(target.issuer);
  for (std::size_t i = 0; i < responses.size(); ++i) {
    for (const auto& single : responses[i].responses()) {
      if (single.certificate.serial == target.certificate->serial() &&
          single.certificate.names_issuer(*target.issuer.name, octets)) {
        read_response(target, i, single, answer);
      }
      if (answer.status == CertificateStatus::kRevoked) {
        return answer;
      }
    }
  }
  return answer;
}

void RevocationCheck::read_response(const Target& target, std::size_t index, const OcspSingleResponse& single,
                                    Answer& answer) {
  const OcspResponse& response = session_->request().ocsp_responses[index];
  const bool unusable = response.has_unknown_critical_extension() || single.has_unknown_critical_extension;
  if (unusable || !is_authorised(target, response, answer)) {
    return;
  }
  if (single.status == OcspCertStatus::kUnknown) {
    answer.issues.push_back(modal(findings::kOcspUnknown, target));
    return;
  }
  CrlEntry entry;
  entry.revoked_at = single.revoked_at.value_or(single.this_update);
  entry.reason = single.reason;
  const bool revoked = single.status == OcspCertStatus::kRevoked;
  const bool for_good = revoked && single.reason != CrlReason::kCertificateHold;
  if (!for_good && !is_fresh(target, single.this_update, single.next_update, answer)) {
    return;
  }
  const bool superseded = answer.status != CertificateStatus::kUnknown && single.this_update < answer.as_of;
  if (superseded && !for_good) {
    return;
  }
  answer.as_of = single.this_update;
  answer.sources.emplace_back(response);
  answer.status = CertificateStatus::kGood;
  if (revoked) {
    note_revoked(entry, answer);
  }
}

bool RevocationCheck::is_authorised(const Target& target, const OcspResponse& response, Answer& answer) {
  const auto& algorithm = response.signature_algorithm();
  if (!algorithm || !is_accepted(*algorithm, session_->request().algorithms)) {
    answer.issues.emplace_back(findings::kOcspSignature, target.where);
    return false;
  }
  bool named = false;
  if (is_named_by(response.responder(), target.issuer)) {
    named = true;
    if (session_->check(response, target.issuer) == SignatureState::kGood) {
      return true;
    }
  }
  const auto try_delegate = [&](const Certificate& candidate) {
    if (!response.is_by(candidate) || !is_delegate(target, candidate, response)) {
      return false;
    }
    named = true;
    return session_->check(response, Issuer::of(candidate)) == SignatureState::kGood &&
           is_trusted_delegate(target, candidate, answer);
  };
  if (std::ranges::any_of(response.certificates(), try_delegate) ||
      std::ranges::any_of(session_->request().intermediates, try_delegate)) {
    return true;
  }
  answer.issues.emplace_back(named ? findings::kOcspSignature : findings::kOcspResponder, target.where);
  return false;
}

/// RFC 6960 4.2.2.2: issued directly by the CA that issued the certificate in question, for this purpose.
bool RevocationCheck::is_delegate(const Target& target, const Certificate& responder,
                                  const OcspResponse& response) {
  std::vector<Finding> problems;
  check_validity(responder, response.produced_at(), {}, problems);
  check_algorithms(responder, session_->request().algorithms, SignatureCounts::kYes, {}, problems);
  check_extensions(responder, {}, problems);
  return problems.empty() && responder.issuer() == *target.issuer.name && may_sign_responses(responder) &&
         session_->take_step() && session_->check(responder, target.issuer) == SignatureState::kGood;
}

bool RevocationCheck::is_trusted_delegate(const Target& target, const Certificate& responder,
                                          Answer& answer) {
  if (responder.extensions().ocsp_no_check) {
    return true;
  }
  const Answer own = ask_lists({&responder, target.issuer, target.where});
  if (own.status == CertificateStatus::kRevoked || own.status == CertificateStatus::kOnHold) {
    answer.issues.emplace_back(findings::kOcspResponder, target.where);
    return false;
  }
  if (own.status != CertificateStatus::kGood) {
    answer.infos.emplace_back(findings::kResponderUnchecked, target.where);
  }
  return true;
}

}  // namespace hutong::x509
