#include "ca/initialisation/root.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "asn1/oids.h"
#include "ca/signing/certificate_template.h"
#include "ca/signing/issuer.h"
#include "x509/builder.h"
#include "x509/extension_builder.h"

namespace hutong::ca {
namespace {

namespace extension = x509::extension;
namespace oids = asn1::oids;

constexpr std::chrono::days kRootLife{20 * 365 + 5};
constexpr std::chrono::days kListLife{183};

x509::Name name_of(const std::string& organization, const std::string& common_name) {
  return x509::NameBuilder()
      .add(oids::kCountry, "CN")
      .add(oids::kOrganization, organization)
      .add(oids::kCommonName, common_name)
      .build();
}

const CertificateTemplate& subordinate_template() {
  const auto& all = default_templates();
  return *std::ranges::find(all, "subordinate-ca", &CertificateTemplate::id);
}

}  // namespace

Result<Root> Root::make(crypto::KeyStore& keys, const std::string& label, const std::string& organization,
                        const std::string& common_name, Time now) {
  HUTONG_CHECK(keys.generate(label));
  HUTONG_TRY(auto signer, keys.signer(label));
  const auto name = name_of(organization, common_name);
  const Bytes id = x509::key_identifier(signer->public_key());
  const x509::TbsCertificate tbs{
      .serial = fresh_serial(),
      .issuer = name,
      .subject = name,
      .not_before = now,
      .not_after = now + kRootLife,
      .spki = signer->public_key().to_spki(),
      .extensions = {extension::basic_constraints(true),
                     extension::key_usage({x509::KeyUsageBit::kKeyCertSign, x509::KeyUsageBit::kCrlSign}),
                     extension::subject_key_identifier(id), extension::authority_key_identifier(id)}};
  HUTONG_TRY(auto linted, lint(tbs));
  HUTONG_TRY(const auto der, x509::sign(linted.tbs(), *signer));
  HUTONG_TRY(auto certificate, x509::Certificate::parse(der.view()));
  return Root(std::move(certificate), std::move(signer));
}

Result<Root> Root::open(const crypto::KeyStore& keys, const std::string& label,
                        const x509::Certificate& certificate) {
  HUTONG_TRY(auto signer, keys.signer(label));
  return Root(certificate, std::move(signer));
}

Result<x509::Certificate> Root::certify(const Config& config, const crypto::PublicKey& key,
                                        const std::string& organization, const std::string& common_name,
                                        Time now) const {
  const std::string folder = config.public_url + "/pki/";
  const Issuer issuer(
      certificate_, *signer_,
      {.crl = folder + std::string(kRootList), .ca_certificate = folder + std::string(kRootCertificate)});
  return issuer.issue({.certificate_template = subordinate_template(),
                       .subject = {.attributes = {{"O", organization}, {"CN", common_name}}},
                       .key = key,
                       .not_before = now});
}

Result<Bytes> Root::list(Time now) const {
  const x509::TbsCrl tbs{
      .issuer = certificate_.subject(),
      .this_update = now,
      .next_update = now + kListLife,
      .entries = {},
      .extensions = {extension::authority_key_identifier(x509::key_identifier(signer_->public_key())),
                     extension::crl_number(static_cast<std::uint64_t>(now.time_since_epoch().count()))}};
  HUTONG_TRY(const auto der, x509::sign(tbs, *signer_));
  return to_bytes(der.view());
}

}  // namespace hutong::ca
