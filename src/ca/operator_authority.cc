#include "ca/operator_authority.h"

#include <algorithm>
#include <utility>

#include "ca/signing/certificate_repository.h"

namespace hutong::ca {
namespace {

using operators::CertificateStatus;

CertificateStatus status_from(CertificateState state) {
  switch (state) {
    case CertificateState::kValid:
      return CertificateStatus::kGood;
    case CertificateState::kSuspended:
      return CertificateStatus::kSuspended;
    case CertificateState::kRevoked:
      break;
  }
  return CertificateStatus::kRevoked;
}

/// Who issued it: names may repeat, so the record must be of the very certificate.
Result<CertificateStatus> status_in_store(storage::Database& database, const x509::Certificate& certificate) {
  HUTONG_TRY(auto reader, database.read());
  const auto record = CertificateRepository::find(reader, certificate.serial());
  if (!record) {
    return record.error().code == Errc::kNotFound ? Result(CertificateStatus::kUnknown)
                                                  : Result<CertificateStatus>(record.error());
  }
  return equal(record->der, certificate.der()) ? status_from(record->state) : CertificateStatus::kUnknown;
}

std::vector<x509::TrustAnchor> anchors_of(const SigningSystem& signing,
                                          const std::vector<x509::Certificate>& others) {
  std::vector<x509::TrustAnchor> anchors;
  const auto add = [&anchors](const x509::Certificate& certificate) {
    if (auto anchor = x509::TrustAnchor::of(certificate)) {
      anchors.push_back(std::move(*anchor));
    }
  };
  for (const auto& [id, issuer] : signing.issuers()) {
    add(issuer->certificate());
  }
  std::ranges::for_each(others, add);
  return anchors;
}

}  // namespace

operators::CertificateAuthority operator_authority(storage::Database& database, const SigningSystem& signing,
                                                   std::vector<x509::Certificate> others) {
  auto status = [&database, &signing](const x509::Certificate& certificate, Time) {
    const bool is_ours = std::ranges::any_of(signing.issuers(), [&](const auto& entry) {
      return entry.second->certificate().subject() == certificate.issuer();
    });
    return is_ours ? status_in_store(database, certificate)
                   : Result<CertificateStatus>(CertificateStatus::kGood);
  };
  return {.anchors = [&signing, others = std::move(others)] { return anchors_of(signing, others); },
          .status = std::move(status)};
}

}  // namespace hutong::ca
