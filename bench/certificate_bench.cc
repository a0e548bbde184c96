// Reading certificates: everything decoded by ours (all extensions, both names with their comparison keys),
// the structure with its cached extensions by OpenSSL.

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "asn1/oids.h"
#include "bench/ratio_reporter.h"
#include "x509/builder.h"
#include "x509/certificate.h"

namespace hutong::bench {
namespace {

namespace oids = asn1::oids;
constexpr Time kDate{std::chrono::seconds(1'780'000'000)};

/// A subscriber certificate with what Chinese CAs usually write.
Bytes make_certificate() {
  const crypto::Sm2Signer ca(crypto::Sm2PrivateKey::generate());
  const crypto::Sm2Signer holder(crypto::Sm2PrivateKey::generate());
  using namespace x509;
  TbsCertificate tbs;
  tbs.serial = Serial::from_hex("2DA1A6BD0CE76C624E634B7D6A29D02A").value();
  tbs.issuer = Name::from_string("CN=Bench CA,O=Bench,C=CN").value();
  tbs.subject = Name::from_string("CN=某公司,OU=信息中心,O=某公司,L=济南市,ST=山东省,C=CN").value();
  tbs.not_before = kDate;
  tbs.not_after = kDate + std::chrono::hours(24 * 365);
  tbs.spki = holder.public_key().to_spki();
  tbs.extensions = {
      extension::authority_key_identifier(key_identifier(ca.public_key())),
      extension::subject_key_identifier(key_identifier(holder.public_key())),
      extension::key_usage({KeyUsageBit::kDigitalSignature, KeyUsageBit::kNonRepudiation}),
      extension::certificate_policies({{asn1::Oid("2.16.156.112554.1.1"), "http://ca.test/cps"}}),
      extension::crl_distribution_points({{uri_name("http://ca.test/crl1.crl")}}),
      extension::authority_info_access({{oids::kAccessOcsp, uri_name("http://ca.test/ocsp")}}),
      extension::identity(oids::kOrganizationCode, "91350100M000100Y43"),
  };
  const CertificateDer der = sign(tbs, ca).value();
  return to_bytes(der.view());
}

void read_ours(benchmark::State& state, const Bytes& der) {
  for (auto _ : state) {
    auto certificate = x509::Certificate::parse(ByteView(der));
    benchmark::DoNotOptimize(certificate);
  }
}

void read_openssl(benchmark::State& state, const Bytes& der) {
  for (auto _ : state) {
    const std::uint8_t* at = der.data();
    X509* certificate = d2i_X509(nullptr, &at, static_cast<long>(der.size()));
    benchmark::DoNotOptimize(X509_check_purpose(certificate, -1, 0));
    X509_free(certificate);
  }
}

}  // namespace
}  // namespace hutong::bench

int main(int argc, char** argv) {
  using namespace hutong;
  const Bytes der = bench::make_certificate();
  benchmark::RegisterBenchmark("CertificateRead/ours", [&](auto& state) { bench::read_ours(state, der); });
  benchmark::RegisterBenchmark("CertificateRead/openssl",
                               [&](auto& state) { bench::read_openssl(state, der); });
  return bench::run_with_ratios(argc, argv);
}
