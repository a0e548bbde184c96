#include "kmc/initialisation/identity.h"

#include <array>
#include <chrono>
#include <vector>

#include "base/file.h"
#include "crypto/key_file.h"
#include "crypto/random.h"
#include "x509/builder.h"
#include "x509/extension_builder.h"

namespace hutong::kmc {
namespace {

namespace extension = x509::extension;
using x509::KeyUsageBit;

constexpr std::chrono::days kAuthorityLife{3650};
constexpr std::chrono::days kIdentityLife{730};

x509::Serial fresh_serial() {
  std::array<std::uint8_t, 16> octets{};
  crypto::system_random().fill(octets);
  octets[0] = static_cast<std::uint8_t>((octets[0] & 0x7F) | 0x40);
  return x509::Serial::from_magnitude(octets);
}

Result<x509::Certificate> signed_by(const Issuer& issuer, x509::TbsCertificate tbs) {
  tbs.serial = fresh_serial();
  tbs.issuer = issuer.name;
  HUTONG_TRY(const auto der, x509::sign(tbs, issuer.signer));
  return x509::Certificate::parse(der.view());
}

}  // namespace

Result<x509::Certificate> self_signed_authority(const Issuer& issuer, Time now) {
  const auto& key = issuer.signer.public_key();
  return signed_by(
      issuer, {.serial = {},
               .issuer = {},
               .subject = issuer.name,
               .not_before = now,
               .not_after = now + kAuthorityLife,
               .spki = key.to_spki(),
               .extensions = {extension::basic_constraints(true, 0),
                              extension::key_usage({KeyUsageBit::kDigitalSignature, KeyUsageBit::kKeyCertSign,
                                                    KeyUsageBit::kCrlSign}),
                              extension::subject_key_identifier(x509::key_identifier(key))}});
}

Result<Identity> issue_identity(const Issuer& issuer, const x509::Name& subject, Time now) {
  auto key = crypto::Sm2PrivateKey::generate();
  const crypto::PublicKey public_key(key.public_key());
  HUTONG_TRY(
      auto certificate,
      signed_by(
          issuer,
          {.serial = {},
           .issuer = {},
           .subject = subject,
           .not_before = now,
           .not_after = now + kIdentityLife,
           .spki = public_key.to_spki(),
           .extensions = {
               extension::basic_constraints(false),
               extension::key_usage({KeyUsageBit::kDigitalSignature, KeyUsageBit::kNonRepudiation,
                                     KeyUsageBit::kKeyEncipherment, KeyUsageBit::kDataEncipherment}),
               extension::subject_key_identifier(x509::key_identifier(public_key)),
               extension::authority_key_identifier(x509::key_identifier(issuer.signer.public_key()))}}));
  return Identity{.key = std::move(key), .certificate = std::move(certificate)};
}

Status write_identity(const Identity& identity, const x509::Certificate& issuer, std::string_view password,
                      const std::filesystem::path& file) {
  const std::vector<Bytes> certificates{to_bytes(identity.certificate.der()), to_bytes(issuer.der())};
  HUTONG_TRY(const Bytes pkcs12, crypto::write_pkcs12(identity.key, certificates, password,
                                                      identity.certificate.subject().display()));
  return write_file(file, pkcs12, FileMode::kPrivate);
}

}  // namespace hutong::kmc
