// Writes the seeds of the x509 fuzzers into the corpus folder given as argument: make_x509_seeds fuzz/corpus

#include <filesystem>
#include <iostream>
#include <string>

#include "asn1/oids.h"
#include "base/file.h"
#include "x509/builder.h"

namespace hutong::fuzz {
namespace {

namespace oids = asn1::oids;
using namespace x509;

constexpr Time kFrom{std::chrono::seconds(1'767'225'600)};
constexpr Time kUntil{std::chrono::seconds(2'082'758'400)};

const crypto::Sm2Signer& signer() {
  static const crypto::Sm2Signer signer(crypto::Sm2PrivateKey::generate());
  return signer;
}

Name name(std::string_view text) { return Name::from_string(text).value(); }

template <typename Der>
Bytes octets(const Der& der) {
  return to_bytes(der.view());
}

TbsCertificate plain() {
  TbsCertificate tbs;
  tbs.serial = Serial::from_hex("69E2FEC0170AC67B").value();
  tbs.issuer = name("CN=Seed CA,O=Seed,C=CN");
  tbs.subject = name("E=a@seed.test,CN=种子,OU=部门+serialNumber=1,O=某公司,C=CN");
  tbs.not_before = kFrom;
  tbs.not_after = kUntil;
  tbs.spki = signer().public_key().to_spki();
  return tbs;
}

Bytes certificate(std::vector<ExtensionValue> extensions) {
  TbsCertificate tbs = plain();
  tbs.extensions = std::move(extensions);
  const CertificateDer der = sign(tbs, signer()).value();
  return to_bytes(der.view());
}

Bytes ca_certificate() {
  using namespace extension;
  const Bytes base = directory_name(name("O=某公司,C=CN"));
  return certificate(
      {basic_constraints(true, 2), key_usage({KeyUsageBit::kKeyCertSign, KeyUsageBit::kCrlSign}),
       certificate_policies({{oids::kAnyPolicy, "http://seed.test/cps"}}),
       policy_mappings({{asn1::Oid("1.2.3.1"), asn1::Oid("1.2.3.2")}}), policy_constraints(0, 1),
       inhibit_any_policy(0), name_constraints({base, dns_name("seed.test")}, {email_name("x.test")})});
}

Bytes subscriber_certificate() {
  using namespace extension;
  return certificate(
      {authority_key_identifier(key_identifier(signer().public_key())),
       subject_key_identifier(key_identifier(signer().public_key())),
       key_usage({KeyUsageBit::kDigitalSignature}), extended_key_usage({oids::kClientAuth}),
       subject_alt_name({dns_name("seed.test"), ip_name(Bytes{10, 0, 0, 1}), uri_name("http://seed.test/"),
                         other_name(asn1::Oid("1.2.3.4"), Bytes{0x0C, 0x01, 'a'})}),
       crl_distribution_points({{uri_name("http://seed.test/1.crl")}}),
       freshest_crl({{uri_name("http://s.test/d")}}),
       authority_info_access({{oids::kAccessOcsp, uri_name("http://seed.test/ocsp")}}),
       private_key_usage_period(kFrom, kUntil), ocsp_no_check(),
       identity(oids::kIdentityCode, "11010519491231002X"),
       identity(oids::kOrganizationCode, "91350100M000100Y43")});
}

/// A partition of many entries, as a CA in service publishes it.
Bytes long_list() {
  TbsCrl tbs;
  tbs.issuer = plain().issuer;
  tbs.this_update = kFrom;
  tbs.next_update = kUntil;
  for (std::uint8_t i = 1; i <= 40; ++i) {
    tbs.entries.push_back({Serial::from_magnitude(Bytes{i, 0x55, i}), kFrom, CrlReason::kSuperseded, {}, {}});
  }
  extension::IssuingPoint point;
  point.full_name = {uri_name("http://seed.test/7.crl")};
  point.only_user_certificates = true;
  tbs.extensions = {extension::authority_key_identifier(key_identifier(signer().public_key())),
                    extension::crl_number(70'000), extension::issuing_distribution_point(point)};
  return octets(sign(tbs, signer()).value());
}

Bytes empty_list() {
  TbsCrl tbs;
  tbs.issuer = plain().issuer;
  tbs.this_update = kFrom;
  return octets(sign(tbs, signer()).value());
}

Bytes list() {
  TbsCrl tbs;
  tbs.issuer = plain().issuer;
  tbs.this_update = kFrom;
  tbs.next_update = kUntil;
  tbs.entries = {{Serial::from_hex("0A").value(), kFrom, CrlReason::kKeyCompromise, kFrom, {}},
                 {Serial::from_hex("0B").value(), kFrom, {}, {}, name("CN=Other CA")},
                 {Serial::from_hex("FF00").value(), kFrom, {}, {}, {}}};
  extension::IssuingPoint point;
  point.full_name = {uri_name("http://seed.test/1.crl")};
  point.only_some_reasons = 6;
  point.indirect = true;
  tbs.extensions = {extension::crl_number(2), extension::delta_crl_indicator(1),
                    extension::issuing_distribution_point(point)};
  const CrlDer der = sign(tbs, signer()).value();
  return to_bytes(der.view());
}

/// What readers meet in the field and put up with: no extensions, a date of another form, a long serial.
Bytes old_certificate() {
  TbsCertificate tbs = plain();
  tbs.serial = Serial::from_magnitude(Bytes(21, 0x7F));
  tbs.not_after = Time(std::chrono::seconds(4'102'444'800));
  return octets(sign(tbs, signer()).value());
}

Bytes plain_request() {
  TbsCertificateRequest tbs;
  tbs.subject = name("CN=x");
  return octets(sign(tbs, signer()).value());
}

Bytes request() {
  TbsCertificateRequest tbs;
  tbs.subject = plain().subject;
  tbs.challenge_password = "111111";
  tbs.extensions = {extension::key_usage({KeyUsageBit::kDigitalSignature})};
  const CertificateRequestDer der = sign(tbs, signer()).value();
  return to_bytes(der.view());
}

OcspCertId cert_id() {
  return OcspCertId::of(plain().serial, plain().issuer, signer().public_key().key_octets());
}

Bytes ocsp_request() {
  OcspRequest request;
  request.certificates = {cert_id()};
  request.nonce = OcspNonce{Bytes(16, 7), false};
  return request.to_der();
}

/// By key hash, about several certificates, without a nonce.
Bytes long_ocsp_response() {
  TbsOcspResponse response;
  response.responder = Bytes(20, 3);
  response.produced_at = kFrom;
  for (std::uint8_t i = 0; i < 5; ++i) {
    OcspSingleResponse single;
    single.certificate = cert_id();
    single.status = i % 2 == 0 ? OcspCertStatus::kGood : OcspCertStatus::kUnknown;
    single.this_update = kFrom;
    response.responses.push_back(single);
  }
  return octets(sign(response, signer()).value());
}

Bytes raw_nonce_request() {
  OcspRequest request;
  request.certificates = {cert_id(), cert_id()};
  request.nonce = OcspNonce{Bytes(8, 9), true};
  return request.to_der();
}

Bytes ocsp_response() {
  OcspSingleResponse single;
  single.certificate = cert_id();
  single.status = OcspCertStatus::kRevoked;
  single.revoked_at = kFrom;
  single.reason = CrlReason::kSuperseded;
  single.this_update = kFrom;
  single.next_update = kUntil;
  TbsOcspResponse response;
  response.responder = plain().issuer;
  response.produced_at = kFrom;
  response.responses = {single};
  response.nonce = OcspNonce{Bytes(16, 7), true};
  response.certificates = {CertificateDer(ca_certificate())};
  const OcspResponseDer der = sign(response, signer()).value();
  return to_bytes(der.view());
}

bool write(const std::filesystem::path& path, const Bytes& seed) {
  std::filesystem::create_directories(path.parent_path());
  return write_file(path, seed).has_value();
}

}  // namespace
}  // namespace hutong::fuzz

int main(int argc, char** argv) {
  using namespace hutong::fuzz;
  if (argc != 2) {
    std::cerr << "usage: make_x509_seeds FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder(argv[1]);
  const bool written = write(folder / "certificate" / "ca.der", ca_certificate()) &&
                       write(folder / "certificate" / "subscriber.der", subscriber_certificate()) &&
                       write(folder / "certificate" / "old.der", old_certificate()) &&
                       write(folder / "crl" / "indirect_delta.der", list()) &&
                       write(folder / "crl" / "partition.der", long_list()) &&
                       write(folder / "crl" / "empty.der", empty_list()) &&
                       write(folder / "request" / "plain.der", plain_request()) &&
                       write(folder / "ocsp" / "raw_nonce.der", raw_nonce_request()) &&
                       write(folder / "ocsp" / "several.der", long_ocsp_response()) &&
                       write(folder / "lint" / "ca.der", ca_certificate()) &&
                       write(folder / "lint" / "subscriber.der", subscriber_certificate()) &&
                       write(folder / "lint" / "list.der", list()) &&
                       write(folder / "lint" / "request.der", request()) &&
                       write(folder / "request" / "request.der", request()) &&
                       write(folder / "request" / "certificate.der", ca_certificate()) &&
                       write(folder / "ocsp" / "request.der", ocsp_request()) &&
                       write(folder / "ocsp" / "response.der", ocsp_response());
  return written ? 0 : 1;
}
