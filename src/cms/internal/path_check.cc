#include "cms/cms_findings.h"
#include "cms/internal/message_check.h"

namespace hutong::cms::internal {
namespace {

template <typename T>
std::vector<T> joined(std::span<const T> first, const std::vector<T>& second) {
  std::vector<T> all(first.begin(), first.end());
  all.insert(all.end(), second.begin(), second.end());
  return all;
}

}  // namespace

void check_path(const SignedMessageReport& message, const VerifyOptions& options, Time at,
                const std::string& where, SignerReport& signer) {
  signer.validated_at = at;
  if (options.trust == nullptr) {
    signer.findings.emplace_back(findings::kPathNotChecked, where);
    return;
  }
  const TrustContext& trust = *options.trust;
  auto intermediates = joined(trust.intermediates, message.certificates);
  intermediates.insert(intermediates.end(), options.certificates.begin(), options.certificates.end());
  const auto crls = joined(trust.crls, message.crls);
  signer.chain = x509::verify_chain({.leaf = *signer.certificate,
                                     .at = at,
                                     .anchors = trust.anchors,
                                     .intermediates = intermediates,
                                     .crls = crls,
                                     .ocsp_responses = trust.ocsp_responses,
                                     .revocation = trust.revocation,
                                     .profile = trust.profile,
                                     .algorithms = trust.algorithms,
                                     .budget = trust.budget,
                                     .cache = trust.cache});
  if (signer.chain->indication == x509::Indication::kInvalid) {
    signer.findings.emplace_back(findings::kPathInvalid, where);
  } else if (signer.chain->indication == x509::Indication::kIndeterminate) {
    signer.findings.emplace_back(findings::kPathIndeterminate, where);
  }
}

}  // namespace hutong::cms::internal
