#include "demonstration/authority.h"

#include <array>
#include <utility>

#include "asn1/oids.h"
#include "crypto/random.h"
#include "x509/extension_builder.h"

namespace hutong::demonstration {
namespace {

namespace oids = asn1::oids;
using x509::KeyUsageBit;
namespace extension = x509::extension;

std::vector<x509::ExtensionValue> ca_extensions(std::optional<std::uint32_t> path_length) {
  return {extension::basic_constraints(true, path_length),
          extension::key_usage({KeyUsageBit::kKeyCertSign, KeyUsageBit::kCrlSign})};
}

Result<x509::Certificate> certify(const x509::TbsCertificate& tbs, const crypto::Signer& key) {
  HUTONG_TRY(const auto der, x509::sign(tbs, key));
  return x509::Certificate::parse(der.view());
}

}  // namespace

x509::Name name_of(const Subject& subject) {
  x509::NameBuilder name;
  name.add(oids::kCountry, "CN");
  if (!subject.locality.empty()) {
    name.add(oids::kStateOrProvince, "内蒙古自治区").add(oids::kLocality, subject.locality);
  }
  return name.add(oids::kOrganization, subject.organization)
      .add(oids::kCommonName, subject.common_name)
      .build();
}

crypto::Sm2Signer fresh_key() { return crypto::Sm2Signer(crypto::Sm2PrivateKey::generate()); }

x509::Serial fresh_serial() {
  std::array<std::uint8_t, 16> octets{};
  crypto::system_random().fill(octets);
  octets[0] = static_cast<std::uint8_t>((octets[0] & 0x3F) | 0x40);  // positive, always 16 octets
  return x509::Serial::from_magnitude(octets);
}

Result<Authority> Authority::root(const Subject& subject, const Validity& validity, std::string crl_uri) {
  auto key = fresh_key();
  const Bytes id = x509::key_identifier(key.public_key());
  x509::TbsCertificate tbs{.serial = fresh_serial(),
                           .issuer = name_of(subject),
                           .subject = name_of(subject),
                           .not_before = validity.from,
                           .not_after = validity.until,
                           .spki = key.public_key().to_spki(),
                           .extensions = ca_extensions(std::nullopt)};
  tbs.extensions.push_back(extension::subject_key_identifier(id));
  tbs.extensions.push_back(extension::authority_key_identifier(id));
  HUTONG_TRY(auto certificate, certify(tbs, key));
  return Authority({std::move(key), std::move(certificate)}, std::move(crl_uri));
}

x509::TbsCertificate Authority::draft(const Wanted& wanted, const crypto::PublicKey& key) const {
  x509::TbsCertificate tbs{.serial = fresh_serial(),
                           .issuer = certificate().subject(),
                           .subject = name_of(wanted.subject),
                           .not_before = wanted.validity.from,
                           .not_after = wanted.validity.until,
                           .spki = key.to_spki(),
                           .extensions = wanted.extensions};
  tbs.extensions.push_back(extension::subject_key_identifier(x509::key_identifier(key)));
  tbs.extensions.push_back(
      extension::authority_key_identifier(x509::key_identifier(identity_.key.public_key())));
  tbs.extensions.push_back(extension::crl_distribution_points({{x509::uri_name(crl_uri_)}}));
  return tbs;
}

Result<Authority> Authority::subordinate(const Subject& subject, const Validity& validity,
                                         std::string crl_uri) const {
  auto key = fresh_key();
  const auto tbs =
      draft({.subject = subject, .validity = validity, .extensions = ca_extensions(0)}, key.public_key());
  HUTONG_TRY(auto certificate, certify(tbs, identity_.key));
  return Authority({std::move(key), std::move(certificate)}, std::move(crl_uri));
}

Result<Identity> Authority::issue(const Wanted& wanted) const {
  auto key = fresh_key();
  HUTONG_TRY(auto certificate, certify(draft(wanted, key.public_key()), identity_.key));
  return Identity{std::move(key), std::move(certificate)};
}

Result<x509::CrlDer> Authority::list(std::vector<x509::RevokedCertificate> entries, std::uint64_t number,
                                     const Validity& validity) const {
  return x509::sign(x509::TbsCrl{.issuer = certificate().subject(),
                                 .this_update = validity.from,
                                 .next_update = validity.until,
                                 .entries = std::move(entries),
                                 .extensions = {extension::authority_key_identifier(
                                                    x509::key_identifier(identity_.key.public_key())),
                                                extension::crl_number(number)}},
                    identity_.key);
}

}  // namespace hutong::demonstration
