#include "ca/signing/signing_system.h"

#include <utility>

#include "ca/signing/authority_repository.h"
#include "crypto/sm3.h"

namespace hutong::ca {

SigningSystem::SigningSystem(storage::Database& database,
                             std::vector<std::unique_ptr<crypto::Signer>> signers, Issuers issuers,
                             std::string active)
    : database_(&database),
      signers_(std::move(signers)),
      issuers_(std::move(issuers)),
      active_(std::move(active)) {}

Result<std::unique_ptr<SigningSystem>> SigningSystem::load(storage::Database& database,
                                                           const crypto::KeyStore& keys,
                                                           PublishingAddresses addresses) {
  HUTONG_TRY(auto reader, database.read());
  HUTONG_TRY(const auto authorities, AuthorityRepository::all(reader));
  std::vector<std::unique_ptr<crypto::Signer>> signers;
  Issuers issuers;
  std::string active;
  for (const Authority& authority : authorities) {
    HUTONG_TRY(auto signer, keys.signer(authority.key_label));
    issuers.emplace(authority.id, std::make_unique<Issuer>(authority.certificate, *signer,
                                                           addresses.for_authority(authority.id)));
    signers.push_back(std::move(signer));
    active = authority.state == AuthorityState::kActive ? authority.id : active;
  }
  if (active.empty()) {
    return Error{Errc::kPolicy, "ca.not_initialised",
                 "this CA has no active key: run `hutong-ca init` first"};
  }
  return std::unique_ptr<SigningSystem>(
      new SigningSystem(database, std::move(signers), std::move(issuers), std::move(active)));
}

const Issuer* SigningSystem::issuer_of(std::string_view authority) const {
  const auto found = issuers_.find(authority);
  return found == issuers_.end() ? nullptr : found->second.get();
}

Result<PreparedCertificate> SigningSystem::prepare(const CertificateWish& wish) const {
  HUTONG_TRY(const auto made, [&]() -> Result<CertificateTemplate> {
    HUTONG_TRY(auto reader, database_->read());
    return TemplateRepository::find(reader, wish.template_id);
  }());
  return prepare(wish, made);
}

Result<PreparedCertificate> SigningSystem::prepare(const CertificateWish& wish,
                                                   const CertificateTemplate& made) const {
  HUTONG_TRY(auto certificate, issuer().issue({.certificate_template = made,
                                               .subject = wish.subject,
                                               .key = wish.key,
                                               .not_before = wish.not_before,
                                               .days = wish.days,
                                               .serial = wish.serial}));
  const auto key_sm3 = crypto::sm3(certificate.spki());
  const ByteView der = certificate.der();
  CertificateRecord record{
      .serial = certificate.serial(),
      .authority = authority(),
      .template_id = made.id,
      .template_version = made.version,
      .subject = certificate.subject().to_string(),
      .holder = wish.holder,
      .order = wish.order,
      .pair = std::nullopt,
      .key_sm3 = Bytes(key_sm3.begin(), key_sm3.end()),
      .der = Bytes(der.begin(), der.end()),
      .not_before = certificate.not_before(),
      .not_after = certificate.not_after(),
      .partition = partition_of(certificate.serial(), issuer().addresses().crl_partitions),
      .state = CertificateState::kValid,
      .changed_at = std::nullopt,
      .reason = std::nullopt,
      .version = 0};
  return PreparedCertificate{std::move(certificate), std::move(record)};
}

void SigningSystem::pair(PreparedCertificate& signing, PreparedCertificate& encryption) {
  signing.record.pair = encryption.record.serial;
  encryption.record.pair = signing.record.serial;
}

}  // namespace hutong::ca
