#include "recognition/internal/shown.h"

#include "recognition/mask.h"
#include "x509/identity.h"

namespace hutong::recognition::internal {

std::string shown(const x509::Name& name) { return mask_personal_numbers(name.to_string()); }

std::string shown_subject(const x509::Certificate& certificate) {
  return mask_personal_numbers(certificate, certificate.subject().to_string());
}

std::vector<ShownIdentity> shown_identities(const x509::Certificate& certificate) {
  std::vector<ShownIdentity> shown;
  for (const auto& identity : certificate.identities()) {
    const auto* arc = x509::find_identity_arc(identity.oid);
    shown.push_back(
        {.name_zh = arc != nullptr ? arc->zh : x509::to_string_zh(identity.kind),
         .name_en = arc != nullptr ? arc->en : x509::to_string(identity.kind),
         .value = is_personal(identity.kind) ? mask(identity.text) : mask_personal_numbers(identity.text)});
  }
  return shown;
}

}  // namespace hutong::recognition::internal
