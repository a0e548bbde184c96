#include <algorithm>

#include "asn1/oids.h"
#include "recognition/internal/session.h"
#include "recognition/recognition_findings.h"

namespace hutong::recognition::internal {
namespace {

/// The certificate among `candidates` whose key made the signature, or the first, or null.
template <typename Signed>
const x509::Certificate* signer_of(const Signed& object, const std::vector<x509::Certificate>& candidates,
                                   bool& verified) {
  const auto found = std::ranges::find_if(candidates, [&object](const x509::Certificate& certificate) {
    return certificate.public_key() && object.is_signed_by(*certificate.public_key());
  });
  verified = found != candidates.end();
  if (verified) {
    return &*found;
  }
  return candidates.empty() ? nullptr : &candidates.front();
}

bool may_sign_lists(const x509::Certificate& issuer) {
  const auto& usage = issuer.extensions().key_usage;
  return !usage || usage->has(x509::KeyUsageBit::kCrlSign);
}

void check_crl_times(Session& session, const x509::Crl& crl) {
  const Time at = session.question().at;
  if (at < crl.this_update()) {
    session.add(findings::kCrlFuture, "crl", {to_rfc3339(crl.this_update())});
  }
  if (crl.next_update() && at > *crl.next_update()) {
    session.add(findings::kCrlStale, "crl", {to_rfc3339(*crl.next_update())});
  }
}

void check_crl_issuer(Session& session, const x509::Crl& crl) {
  session.gather_candidates({crl.issuer()});
  const auto candidates = session.certificates_named(crl.issuer());
  bool verified = false;
  const x509::Certificate* issuer = signer_of(crl, candidates, verified);
  if (issuer == nullptr) {
    session.add(findings::kCrlNoIssuer, "crl", {crl.issuer().to_string()});
    return;
  }
  if (!verified) {
    session.add(findings::kCrlSignature, "crl", {crl.issuer().to_string()});
  } else if (!may_sign_lists(*issuer)) {
    session.add(findings::kCrlKeyUsage, "crl");
  }
  session.adopt(session.verify(*issuer));
}

/// A CA speaks for itself; anybody else needs the purpose (RFC 6960 4.2.2.2).
bool may_sign_responses(const x509::Certificate& responder) {
  const auto& usage = responder.extensions().extended_key_usage;
  return responder.is_ca() || (usage && usage->has(asn1::oids::kOcspSigning));
}

std::vector<x509::Certificate> responders_of(Session& session, const x509::OcspResponse& response) {
  std::vector<x509::Certificate> found;
  const auto take = [&](const x509::Certificate& certificate) {
    if (response.is_by(certificate) && std::ranges::find(found, certificate) == found.end()) {
      found.push_back(certificate);
    }
  };
  std::ranges::for_each(response.certificates(), take);
  std::ranges::for_each(session.intermediates(), take);
  for (const auto& anchor : session.anchors()) {
    if (anchor.certificate) {
      take(*anchor.certificate);
    }
  }
  return found;
}

struct Word {
  std::string en;
  std::string zh;
};

Word word_for(const x509::OcspSingleResponse& answer) {
  switch (answer.status) {
    case x509::OcspCertStatus::kGood:
      return {"good", "未吊销"};
    case x509::OcspCertStatus::kUnknown:
      return {"unknown to the responder", "响应者不知道"};
    case x509::OcspCertStatus::kRevoked:
      break;
  }
  const auto reason = answer.reason.value_or(x509::CrlReason::kUnspecified);
  return {"revoked (" + std::string(x509::to_string(reason)) + ")",
          "已吊销（" + std::string(x509::to_string_zh(reason)) + "）"};
}

void check_answers(Session& session, const x509::OcspResponse& response) {
  const Time at = session.question().at;
  for (std::size_t i = 0; i < response.responses().size(); ++i) {
    const auto& answer = response.responses()[i];
    const std::string where = "response[" + std::to_string(i) + "]";
    const std::string serial = answer.certificate.serial.to_hex();
    const Word word = word_for(answer);
    session.add({{findings::kOcspAnswer, where, {serial, word.en}, {serial, word.zh}}});
    if (at < answer.this_update) {
      session.add(findings::kOcspFuture, where, {to_rfc3339(answer.this_update)});
    }
    if (answer.next_update && at > *answer.next_update) {
      session.add(findings::kOcspStale, where, {to_rfc3339(*answer.next_update)});
    }
  }
}

void check_responder(Session& session, const x509::OcspResponse& response) {
  session.gather_all_candidates();
  const auto candidates = responders_of(session, response);
  bool verified = false;
  const x509::Certificate* responder = signer_of(response, candidates, verified);
  if (responder == nullptr) {
    session.add(findings::kOcspNoResponder, "response");
    return;
  }
  if (!verified) {
    session.add(findings::kOcspSignature, "response", {responder->subject().to_string()});
  } else if (!may_sign_responses(*responder)) {
    session.add(findings::kOcspPurpose, "response");
  }
  session.adopt(session.verify(*responder));
}

}  // namespace

void judge_crl(Session& session) {
  auto crl = x509::Crl::parse(session.detected().object);
  if (!crl) {
    session.add_unreadable(crl.error());
    return;
  }
  check_crl_issuer(session, *crl);
  check_crl_times(session, *crl);
  if (crl->has_unknown_critical_extension()) {
    session.add(findings::kCrlCritical, "crl");
  }
  session.report().quirks.add(crl->quirks());
  session.add(x509::quirk_findings(crl->quirks(), "crl"));
  session.report().crl = std::move(*crl);
}

void judge_ocsp_response(Session& session) {
  const auto response = x509::OcspResponse::parse(session.detected().object);
  if (!response) {
    session.add_unreadable(response.error());
    return;
  }
  if (response->status() != x509::OcspResponseStatus::kSuccessful) {
    session.add(findings::kOcspStatus, "response", {std::to_string(static_cast<int>(response->status()))});
    return;
  }
  check_responder(session, *response);
  check_answers(session, *response);
  session.report().quirks.add(response->quirks());
}

}  // namespace hutong::recognition::internal
