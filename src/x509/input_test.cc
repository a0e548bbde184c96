#include "x509/input.h"

#include <gtest/gtest.h>

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "base/encoding.h"
#include "crypto/pem.h"
#include "x509/internal/test_objects.h"

namespace hutong::x509 {
namespace {

using asn1::Writer;
namespace oids = asn1::oids;

Bytes root() { return test_objects::chain_der("root"); }
Bytes text(std::string_view text) { return to_bytes(as_bytes(text)); }

std::string reason_of(ByteView file) {
  const auto certificates = read_certificates(file);
  return certificates ? "read" : std::string(certificates.error().reason);
}

TEST(Input, DerPemAndBase64) {
  const std::string pem = crypto::write_pem("CERTIFICATE", root());
  std::string crlf;
  for (const char c : pem) {
    crlf += c == '\n' ? "\r\n" : std::string(1, c);
  }
  for (const Bytes& file :
       {root(), text(pem), text(crlf), text(pem.substr(0, pem.size() - 1)), text("explanation\n" + pem),
        text(to_base64(root())), text(to_base64(root()) + "\n")}) {
    const auto certificate = read_certificate(file);
    ASSERT_TRUE(certificate) << certificate.error().reason << certificate.error().detail;
    EXPECT_TRUE(equal(certificate->der(), root()));
  }
  EXPECT_TRUE(read_certificates(text(to_base64(root())))->quirks.contains(Quirk::kPemWithoutArmour));
  EXPECT_TRUE(read_certificates(text(pem))->quirks.empty());
}

TEST(Input, OddLabels) {
  const auto old = read_certificates(text(crypto::write_pem("X509 CERTIFICATE", root())));
  ASSERT_TRUE(old);
  EXPECT_TRUE(old->quirks.contains(Quirk::kPemLabel));
  Bytes trusted = root();
  append(trusted, test::hex("300C300A06082B06010505070301"));
  const auto openssl = read_certificates(text(crypto::write_pem("TRUSTED CERTIFICATE", trusted)));
  ASSERT_TRUE(openssl) << openssl.error().detail;
  EXPECT_TRUE(openssl->quirks.contains(Quirk::kTrustedCertificate));
  EXPECT_TRUE(equal(openssl->certificates.front().der(), root()));
}

TEST(Input, SeveralInOneFile) {
  Bytes der = root();
  append(der, test_objects::chain_der("signing"));
  const std::string pem = crypto::write_pem("CERTIFICATE", root()) +
                          crypto::write_pem("CERTIFICATE", test_objects::chain_der("signing"));
  for (const Bytes& file : {der, text(pem)}) {
    const auto certificates = read_certificates(file);
    ASSERT_TRUE(certificates);
    ASSERT_EQ(certificates->certificates.size(), 2U);
    EXPECT_EQ(certificates->certificates[1].subject().display(), "Alice");
    EXPECT_EQ(read_certificate(file).error().reason, "input.several");
  }
}

TEST(Input, BundlesOfBothFamilies) {
  for (const asn1::Oid& type : {oids::kSignedData, oids::kGmSignedData}) {
    Writer bundle;
    bundle.sequence([&](Writer& info) {
      info.oid(type);
      info.constructed(asn1::context_constructed(0), [](Writer& wrapped) {
        wrapped.sequence([](Writer& data) {
          data.small(1);
          data.set_of({});
          data.sequence([](Writer& content) { content.oid(oids::kData); });
          data.constructed(asn1::context_constructed(0), [](Writer& list) {
            list.raw(root());
            list.raw(test_objects::chain_der("signing"));
          });
          data.set_of({});
        });
      });
    });
    const auto certificates = read_certificates(bundle.view());
    ASSERT_TRUE(certificates) << certificates.error().reason << certificates.error().detail;
    EXPECT_EQ(certificates->certificates.size(), 2U);
    EXPECT_EQ(certificates->quirks.contains(Quirk::kPkcs7Bundle), type == oids::kSignedData);
  }
}

TEST(Input, TellsKindsApart) {
  EXPECT_EQ(detect_der(root()), InputKind::kCertificate);
  EXPECT_EQ(detect_der(test::load_vectors("x509/crl.vec").front().hex("der")), InputKind::kCrl);
  EXPECT_EQ(detect_der(test::load_vectors("x509/request.vec").front().hex("der")),
            InputKind::kCertificateRequest);
  const auto ocsp = test::load_vectors("x509/ocsp.vec").front();
  EXPECT_EQ(detect_der(ocsp.hex("request")), InputKind::kOcspRequest);
  EXPECT_EQ(detect_der(ocsp.hex("request_nonce")), InputKind::kOcspRequest);
  EXPECT_EQ(detect_der(ocsp.hex("response")), InputKind::kOcspResponse);
  TbsCertificate version1 = test_objects::sample_tbs();
  version1.extensions.clear();
  const CertificateDer der = sign(version1, test_objects::root_signer()).value();
  EXPECT_EQ(detect_der(der.view()), InputKind::kCertificate);
  EXPECT_EQ(detect_der(test::hex("30050201000500")), InputKind::kKey);
  EXPECT_EQ(detect_der(test::hex("3000")), InputKind::kUnknown);
  EXPECT_EQ(detect_der({}), InputKind::kUnknown);
}

TEST(Input, Refusals) {
  EXPECT_EQ(reason_of({}), "input.empty");
  EXPECT_EQ(reason_of(Bytes(100, 0)), "input.format");
  EXPECT_EQ(reason_of(text("not a certificate!")), "input.format");
  EXPECT_EQ(reason_of(text("aGVsbG8=")), "input.format");
  EXPECT_EQ(reason_of(test::load_vectors("x509/crl.vec").front().hex("der")), "input.not_certificate");
  Bytes trailing = root();
  trailing.push_back('\n');
  EXPECT_EQ(reason_of(trailing), "cert.trailing_octets");
  Bytes second_broken = root();
  append(second_broken, test::hex("3000"));
  EXPECT_EQ(read_certificates(second_broken).error().detail.substr(0, 14), "certificate 2:");
  EXPECT_EQ(read_certificates(root(), QuirkPolicy::standard(), {0}).error().reason, "input.too_many");
}

TEST(Input, HundredMegabytesOfZerosAreRefusedAtOnce) {
  EXPECT_EQ(reason_of(Bytes(std::size_t{100} << 20, 0)), "input.format");
}

TEST(Input, TenThousandCertificates) {
  const Bytes one = root();
  Bytes file;
  file.reserve(one.size() * 10'000);
  for (int i = 0; i < 10'000; ++i) {
    append(file, one);
  }
  EXPECT_EQ(read_certificates(file)->certificates.size(), 10'000U);
}

}  // namespace
}  // namespace hutong::x509
