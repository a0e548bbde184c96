#include "ca/cmp/cmp_caller.h"

#include <utility>

#include "ca/signing/certificate_repository.h"

namespace hutong::ca {
namespace {

Result<CmpCaller> client_caller(const cmp::ReceivedMessage& message, const CmpClients& clients) {
  HUTONG_TRY(auto found, clients.find(message.header.sender_key_id));
  HUTONG_CHECK(cmp::check_password_mac(message, found.secret.expose()));
  HUTONG_TRY(const auto parameters,
             cmp::PasswordMacParameters::from_der(message.header.protection_algorithm));
  auto protector =
      std::make_unique<cmp::PasswordProtector>(std::move(found.secret), found.client.reference, parameters);
  return CmpCaller{.sender = {.client = found.client.name,
                              .certificate = std::nullopt,
                              .organization = found.client.organization,
                              .organization_number = found.client.organization_number,
                              .automatic = found.client.may(CmpRight::kAutomatic)},
                   .client = std::move(found.client),
                   .protector = std::move(protector)};
}

/// A certificate that this CA issued and that stands.
Status check_standing(const x509::Certificate& certificate, storage::Database& database, Time now) {
  HUTONG_TRY(auto reader, database.read());
  const auto record = CertificateRepository::find(reader, certificate.serial());
  if (!record || !equal(record->der, certificate.der())) {
    return Error{Errc::kUnauthorized, "cmp.signer", "the signer has no certificate of this CA"};
  }
  if (record->state != CertificateState::kValid) {
    return Error{Errc::kPolicy, "certificate.revoked", "the signer's certificate is revoked or suspended"};
  }
  if (now < certificate.not_before() || now > certificate.not_after()) {
    return Error{Errc::kPolicy, "certificate.expired", "the signer's certificate is not valid now"};
  }
  return ok();
}

Result<CmpCaller> subscriber_caller(const cmp::ReceivedMessage& message, storage::Database& database,
                                    Time now) {
  HUTONG_TRY(auto certificate, cmp::signer_certificate(message));
  HUTONG_CHECK(check_standing(certificate, database, now));
  HUTONG_CHECK(cmp::check_signature(message, certificate));
  return CmpCaller{.sender = {.client = {},
                              .certificate = std::move(certificate),
                              .organization = {},
                              .organization_number = {},
                              .automatic = true},
                   .client = std::nullopt,
                   .protector = nullptr};
}

}  // namespace

Result<CmpCaller> identify_caller(const cmp::ReceivedMessage& message, const CmpClients& clients,
                                  storage::Database& database, Time now) {
  HUTONG_TRY(const auto kind, cmp::protection_kind(message));
  switch (kind) {
    case cmp::ProtectionKind::kPasswordMac:
      return client_caller(message, clients);
    case cmp::ProtectionKind::kSignature:
      return subscriber_caller(message, database, now);
    case cmp::ProtectionKind::kNone:
      break;
  }
  return Error{Errc::kUnauthorized, "cmp.protection_kind", "the message is not protected"};
}

}  // namespace hutong::ca
