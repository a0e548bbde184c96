#include <algorithm>
#include <unordered_set>

#include "recognition/internal/session.h"
#include "recognition/internal/vendor_quirks.h"
#include "recognition/recognition_findings.h"

namespace hutong::recognition::internal {
namespace {

void judge_path(Session& session, const x509::Certificate& leaf) {
  const Time at = session.question().at;
  if (const auto known = session.remembered(leaf, at)) {
    session.adopt(*known);
    return;
  }
  session.gather_candidates({leaf.subject(), leaf.issuer()});
  const auto verified = session.verify(leaf);
  session.remember(leaf, at, verified);
  session.adopt(verified);
}

/// The certificate that a bundle is about: the first that is no CA, else the first that issued none of the
/// others, else the first.
const x509::Certificate& leaf_of(const std::vector<x509::Certificate>& bundle) {
  const auto no_ca = std::ranges::find_if(bundle, [](const auto& one) { return !one.is_ca(); });
  if (no_ca != bundle.end()) {
    return *no_ca;
  }
  std::unordered_set<x509::Name, x509::NameHash> issuers;
  for (const auto& certificate : bundle) {
    if (!certificate.is_self_issued()) {
      issuers.insert(certificate.issuer());
    }
  }
  const auto childless =
      std::ranges::find_if(bundle, [&](const auto& one) { return !issuers.contains(one.subject()); });
  return childless == bundle.end() ? bundle.front() : *childless;
}

}  // namespace

void judge_certificate(Session& session) {
  const auto leaf = read_certificate(session.detected().object, session.list());
  if (leaf) {
    judge_path(session, *leaf);
  } else {
    session.add_unreadable(leaf.error());
  }
}

void judge_bundle(Session& session) {
  if (session.companions().empty()) {
    session.add_unreadable(
        {Errc::kMalformed, "input.no_certificate", "no certificate of the bundle can be read"});
    return;
  }
  const x509::Certificate leaf = leaf_of(session.companions());
  judge_path(session, leaf);
}

void judge_request(Session& session) {
  auto request = x509::CertificateRequest::parse(session.detected().object);
  if (!request) {
    session.add_unreadable(request.error());
    return;
  }
  if (!request->public_key()) {
    session.add(findings::kRequestKey, "request", {std::string(request->public_key().error().reason)});
  } else if (!request->is_signed_by_own_key()) {
    session.add(findings::kRequestSignature, "request");
  }
  session.report().quirks.add(request->quirks());
  session.add(x509::quirk_findings(request->quirks(), "request"));
  session.report().request = std::move(*request);
}

}  // namespace hutong::recognition::internal
