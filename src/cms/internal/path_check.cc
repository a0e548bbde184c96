#include "cms/cms_findings.h"
#include "cms/internal/message_check.h"

namespace hutong::cms::internal {
namespace {

template <typename T>
void append(std::span<const T> more, std::vector<T>& all) {
  all.insert(all.end(), more.begin(), more.end());
}

/// What the context knows and what the message brings along.
x509::TrustSource::Known known_about(const x509::Certificate& signer, const SignedMessageReport& message,
                                     const VerifyOptions& options) {
  const TrustContext& trust = *options.trust;
  std::vector<x509::Certificate> brought = message.certificates;
  append(options.certificates, brought);
  x509::TrustSource::Known known;
  if (trust.source != nullptr) {
    brought.push_back(signer);
    known = trust.source->known_about(brought);
    brought.pop_back();
  }
  append(trust.anchors, known.anchors);
  append(trust.intermediates, known.intermediates);
  append<x509::Certificate>(brought, known.intermediates);
  append(trust.crls, known.crls);
  append<x509::Crl>(message.crls, known.crls);
  append(trust.ocsp_responses, known.ocsp_responses);
  return known;
}

/// The verdict about the signer does not depend on anything else that came along, nor on the context but its
/// source.
bool brings_nothing(const SignedMessageReport& message, const VerifyOptions& options) {
  const TrustContext& trust = *options.trust;
  return message.certificates.size() <= 1 && message.crls.empty() && options.certificates.empty() &&
         trust.anchors.empty() && trust.intermediates.empty() && trust.crls.empty() &&
         trust.ocsp_responses.empty();
}

x509::VerifyReport verify_path(const SignedMessageReport& message, const VerifyOptions& options, Time at,
                               const x509::Certificate& signer) {
  const TrustContext& trust = *options.trust;
  const auto known = known_about(signer, message, options);
  return x509::verify_chain({.leaf = signer,
                             .at = at,
                             .anchors = known.anchors,
                             .intermediates = known.intermediates,
                             .crls = known.crls,
                             .ocsp_responses = known.ocsp_responses,
                             .revocation = trust.revocation,
                             .profile = trust.profile,
                             .algorithms = trust.algorithms,
                             .budget = trust.budget,
                             .cache = trust.cache});
}

}  // namespace

void check_path(const SignedMessageReport& message, const VerifyOptions& options, Time at,
                const std::string& where, SignerReport& signer) {
  signer.validated_at = at;
  if (options.trust == nullptr) {
    signer.findings.emplace_back(findings::kPathNotChecked, where);
    return;
  }
  const x509::TrustSource* memory = brings_nothing(message, options) ? options.trust->source : nullptr;
  const auto known = memory != nullptr ? memory->remembered(*signer.certificate, at) : nullptr;
  signer.chain = known != nullptr ? *known : verify_path(message, options, at, *signer.certificate);
  if (memory != nullptr && known == nullptr) {
    memory->remember(*signer.certificate, at, *signer.chain);
  }
  if (signer.chain->indication == x509::Indication::kInvalid) {
    signer.findings.emplace_back(findings::kPathInvalid, where);
  } else if (signer.chain->indication == x509::Indication::kIndeterminate) {
    signer.findings.emplace_back(findings::kPathIndeterminate, where);
  }
}

}  // namespace hutong::cms::internal
