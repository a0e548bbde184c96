#include "cms/internal/test_identities.h"

#include <algorithm>
#include <stdexcept>

#include "asn1/oids.h"
#include "tests/support/support.h"
#include "x509/extension_builder.h"

namespace hutong::cms::test {
namespace {

template <typename T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error("test setup: " + std::string(result.error().reason) + " " +
                             result.error().detail);
  }
  return std::move(result).value();
}

}  // namespace

crypto::Sm2Signer Identity::signer(crypto::RandomSource& random) const {
  return crypto::Sm2Signer(must(crypto::Sm2PrivateKey::from_octets(key.expose().expose())), random);
}

Identity identity(std::string_view name) {
  for (const auto& vector : hutong::test::load_vectors("cms/identities.vec")) {
    if (vector.text("name") == name) {
      return {must(x509::Certificate::parse(vector.hex("certificate"))),
              must(crypto::Sm2PrivateKey::from_octets(vector.hex("d")))};
    }
  }
  throw std::runtime_error("test setup: no identity " + std::string(name));
}

Identity issue(const Wanted& wanted) {
  const Identity root = identity("root");
  auto key = crypto::Sm2PrivateKey::generate();
  const crypto::PublicKey public_key(key.public_key());
  x509::TbsCertificate tbs;
  tbs.serial = x509::Serial::from_magnitude(Bytes{wanted.serial});
  tbs.issuer = root.certificate.subject();
  tbs.subject = x509::NameBuilder()
                    .add(asn1::oids::kCountry, "CN")
                    .add(asn1::oids::kCommonName, wanted.common_name)
                    .build();
  tbs.not_before = time("2026-01-01T00:00:00Z");
  tbs.not_after = time("2035-12-31T00:00:00Z");
  tbs.spki = public_key.to_spki();
  tbs.extensions = wanted.extensions;
  tbs.extensions.push_back(
      x509::extension::authority_key_identifier(*root.certificate.extensions().subject_key_identifier));
  tbs.extensions.push_back(x509::extension::subject_key_identifier(x509::key_identifier(public_key)));
  const auto der = must(x509::sign(tbs, root.signer()));
  return {must(x509::Certificate::parse(der.view())), std::move(key)};
}

x509::Crl revoke(std::span<const x509::RevokedCertificate> entries, Time this_update, Time next_update) {
  const Identity root = identity("root");
  x509::TbsCrl tbs;
  tbs.issuer = root.certificate.subject();
  tbs.this_update = this_update;
  tbs.next_update = next_update;
  tbs.entries.assign(entries.begin(), entries.end());
  tbs.extensions.push_back(
      x509::extension::authority_key_identifier(*root.certificate.extensions().subject_key_identifier));
  tbs.extensions.push_back(x509::extension::crl_number(1));
  const auto der = must(x509::sign(tbs, root.signer()));
  return must(x509::Crl::parse(der.view()));
}

void ScriptedRandom::fill(std::span<std::uint8_t> out) {
  if (out.size() > script_.size() - at_) {
    throw std::runtime_error("test setup: the script has no more random octets");
  }
  std::ranges::copy(ByteView(script_).subspan(at_, out.size()), out.begin());
  at_ += out.size();
}

Trust::Trust(std::vector<x509::Crl> crls) : crls_(std::move(crls)) {
  anchors_.push_back(must(x509::TrustAnchor::of(identity("root").certificate, "test root")));
  context.anchors = anchors_;
  context.crls = crls_;
}

VerifyOptions Trust::at(Time time) const {
  VerifyOptions options;
  options.at = time;
  options.trust = &context;
  return options;
}

Time time(std::string_view rfc3339) { return must(from_rfc3339(rfc3339)); }

std::vector<std::string> codes(const std::vector<x509::Finding>& findings, x509::Severity severity) {
  std::vector<std::string> found;
  for (const x509::Finding& finding : findings) {
    if (finding.severity() == severity) {
      found.emplace_back(finding.code());
    }
  }
  return found;
}

std::vector<std::string> codes(const SignedMessageReport& report, x509::Severity severity) {
  std::vector<std::string> found = codes(report.findings, severity);
  for (const SignerReport& signer : report.signers) {
    std::ranges::copy(codes(signer.findings, severity), std::back_inserter(found));
  }
  return found;
}

}  // namespace hutong::cms::test
