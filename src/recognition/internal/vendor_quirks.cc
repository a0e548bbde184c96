#include "recognition/internal/vendor_quirks.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "x509/quirks.h"

namespace hutong::recognition::internal {
namespace {

bool any_service_has(const TrustList& list, std::string_view quirk) {
  return std::ranges::any_of(list.content().services, [quirk](const Service& service) {
    return std::ranges::find(service.quirks, quirk) != service.quirks.end();
  });
}

bool issuer_has(const TrustList& list, const x509::Certificate& certificate, std::string_view quirk) {
  return std::ranges::any_of(list.find(certificate.issuer()), [quirk](const Service* service) {
    return std::ranges::find(service->quirks, quirk) != service->quirks.end();
  });
}

}  // namespace

Result<x509::Certificate> read_certificate(ByteView der, const TrustList* list) {
  auto parsed = x509::Certificate::parse(der);
  if (parsed || list == nullptr) {
    return parsed;
  }
  // Who issued it is known only once it is read, so what some vendor may do is tried first and then held
  // against this vendor. Each round allows one more quirk, so it ends.
  const Error refusal = parsed.error();
  x509::QuirkPolicy policy = x509::QuirkPolicy::standard();
  std::vector<std::string_view> tried;
  while (!parsed) {
    const x509::QuirkInfo* quirk = x509::find_quirk(parsed.error().reason);
    if (quirk == nullptr || policy.allows(quirk->quirk) || !any_service_has(*list, quirk->finding.code)) {
      return refusal;
    }
    tried.push_back(quirk->finding.code);
    policy = policy.with(quirk->quirk);
    parsed = x509::Certificate::parse(der, policy);
  }
  const bool allowed =
      std::ranges::all_of(tried, [&](std::string_view quirk) { return issuer_has(*list, *parsed, quirk); });
  return allowed ? std::move(parsed) : Result<x509::Certificate>(refusal);
}

}  // namespace hutong::recognition::internal
