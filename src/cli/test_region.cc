#include "cli/test_region.h"

#include <chrono>
#include <utility>

#include "asn1/oids.h"
#include "cms/timestamp.h"
#include "crypto/key_file.h"
#include "recognition/trust_list.h"
#include "x509/builder.h"

namespace hutong::cli::test {
namespace {

namespace oids = asn1::oids;
namespace extension = x509::extension;
using x509::KeyUsageBit;

x509::Name name(std::string_view common_name) {
  return x509::NameBuilder()
      .add(oids::kCountry, "CN")
      .add(oids::kOrganization, "互通演示")
      .add(oids::kCommonName, common_name)
      .build();
}

Time time(std::string_view text) { return from_rfc3339(text).value(); }

x509::TbsCertificate draft(std::string_view common_name, std::vector<x509::ExtensionValue> extensions) {
  x509::TbsCertificate tbs;
  tbs.serial =
      x509::Serial::from_magnitude(crypto::digest(crypto::DigestAlgorithm::kSm3, as_bytes(common_name)));
  tbs.serial = x509::Serial::from_magnitude(ByteView(tbs.serial.content()).last(12));
  tbs.subject = name(common_name);
  tbs.not_before = time("2026-01-01");
  tbs.not_after = time("2028-01-01");
  tbs.extensions = std::move(extensions);
  return tbs;
}

x509::ExtensionValue person() { return extension::identity(oids::kIdentityCode, "11010519491231002X"); }
x509::ExtensionValue signing_usage() {
  return extension::key_usage({KeyUsageBit::kDigitalSignature, KeyUsageBit::kNonRepudiation});
}
x509::ExtensionValue ca_usage() {
  return extension::key_usage({KeyUsageBit::kKeyCertSign, KeyUsageBit::kCrlSign});
}

}  // namespace

Region::Holder Region::issue(const std::string& file_name, const x509::TbsCertificate& draft,
                             crypto::Sm2PrivateKey key, const Holder* issuer) {
  const SecretBytes pkcs8 = crypto::write_pkcs8(key);
  folder_.write(file_name + ".key", pkcs8.expose());
  crypto::Sm2Signer own(std::move(key));
  x509::TbsCertificate tbs = draft;
  tbs.spki = own.public_key().to_spki();
  tbs.issuer = issuer != nullptr ? issuer->certificate.subject() : tbs.subject;
  tbs.extensions.push_back(extension::subject_key_identifier(x509::key_identifier(own.public_key())));
  const crypto::Sm2Signer& signer = issuer != nullptr ? issuer->key : own;
  if (issuer != nullptr) {
    tbs.extensions.push_back(extension::authority_key_identifier(x509::key_identifier(signer.public_key())));
    tbs.extensions.push_back(
        extension::crl_distribution_points({{x509::uri_name("http://crl.example.cn/ca.crl")}}));
  }
  const auto der = x509::sign(tbs, signer).value();
  folder_.write(file_name + ".cer", der.view());
  return {std::move(own), x509::Certificate::parse(der.view()).value()};
}

Region::Region() {
  const auto fresh = [] { return crypto::Sm2PrivateKey::generate(); };
  const Holder root =
      issue("root", draft("演示根", {extension::basic_constraints(true), ca_usage()}), fresh(), nullptr);
  const Holder ca =
      issue("ca", draft("演示CA", {extension::basic_constraints(true, 0), ca_usage()}), fresh(), &root);
  issue("alice", draft("张三", {signing_usage(), person()}), fresh(), &ca);
  issue("alice-enc",
        draft("张三加密", {extension::key_usage({KeyUsageBit::kKeyEncipherment,
                                                 KeyUsageBit::kDataEncipherment, KeyUsageBit::kKeyAgreement}),
                           person()}),
        fresh(), &ca);
  const Holder bob = issue("bob", draft("李四", {signing_usage(), person()}), fresh(), &ca);
  tsa_ = issue("tsa",
               draft("时间戳", {signing_usage(), extension::extended_key_usage({oids::kTimeStamping}, true)}),
               fresh(), &ca);
  operator_ = issue("operator", draft("运营者", {signing_usage(), person()}), fresh(), &ca);
  root_ = root.certificate;
  write_lists(root, ca, bob);
}

void Region::write_lists(const Holder& root, const Holder& ca, const Holder& revoked) {
  const auto list = [&](const Holder& issuer, std::vector<x509::RevokedCertificate> entries) {
    x509::TbsCrl tbs;
    tbs.issuer = issuer.certificate.subject();
    tbs.this_update = time("2026-06-01");
    tbs.next_update = time("2027-12-31");
    tbs.entries = std::move(entries);
    tbs.extensions.push_back(
        extension::authority_key_identifier(x509::key_identifier(issuer.key.public_key())));
    tbs.extensions.push_back(extension::crl_number(7));
    return to_bytes(x509::sign(tbs, issuer.key)->view());
  };
  folder_.write("arl.crl", list(root, {}));
  x509::RevokedCertificate entry;
  entry.serial = revoked.certificate.serial();
  entry.revoked_at = time("2026-05-20");
  entry.reason = x509::CrlReason::kKeyCompromise;
  folder_.write("ca.crl", list(ca, {entry}));
}

Bytes Region::stamp(ByteView request_der) const {
  const auto request = cms::TimestampRequest::from_der(request_der).value();
  cms::TstInfo info;
  info.policy = asn1::Oid("1.2.156.1.1");
  info.imprint = request.imprint;
  info.serial = x509::Serial::from_magnitude(Bytes{1, 2, 3});
  info.time = time(kAt);
  info.nonce = request.nonce;
  cms::TimestampResponse response;
  response.token = cms::make_token(info, {tsa_->key, tsa_->certificate}).value();
  return response.to_der();
}

std::string Region::trust_list() const {
  const Time now = SystemClock().now();
  recognition::TrustListContent content;
  content.number = 3;
  content.issued_at = now - std::chrono::hours(1);
  content.next_update = now + std::chrono::hours(24);
  content.operator_zh = "演示运营者";
  content.operator_en = "Demonstration operator";
  recognition::Service service{.id = "demo-root",
                               .name_zh = "演示根",
                               .name_en = "Demonstration root",
                               .vendor_zh = "演示厂商",
                               .vendor_en = "Demonstration vendor",
                               .kind = recognition::ServiceKind::kRoot,
                               .certificate = *root_,
                               .periods = {},
                               .quirks = {}};
  service.periods.push_back({recognition::ServiceStatus::kGranted, time("2026-01-01")});
  content.services.push_back(service);
  return folder_.write(
      "region.p7", recognition::write_trust_list(content, operator_->key, operator_->certificate).value());
}

const Region& region() {
  static const Region kRegion;
  return kRegion;
}

}  // namespace hutong::cli::test
