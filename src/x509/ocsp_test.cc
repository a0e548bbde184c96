#include "x509/ocsp.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "x509/internal/test_objects.h"

namespace hutong::x509 {
namespace {

using test_objects::chain_certificate;
using test_objects::root_signer;
using test_objects::time;

test::Vector recorded_exchange() { return test::load_vectors("x509/ocsp.vec").front(); }

OcspCertId sample_id(crypto::DigestAlgorithm hash = crypto::DigestAlgorithm::kSm3) {
  return OcspCertId::of(chain_certificate("signing"), chain_certificate("root"), hash);
}

TEST(OcspRequest, IsTheOctetsOfOpenSsl) {
  EXPECT_EQ(sample_id().to_der(), recorded_exchange().hex("cert_id"));
  OcspRequest request;
  request.certificates = {sample_id()};
  EXPECT_EQ(request.to_der(), recorded_exchange().hex("request"));
  EXPECT_EQ(ocsp_get_path(request.to_der()), recorded_exchange().text("get_path"));
  request.nonce = OcspNonce{test::hex("000102030405060708090A0B0C0D0E0F"), false};
  EXPECT_EQ(request.to_der(), recorded_exchange().hex("request_nonce"));
}

TEST(OcspRequest, ReadsWhatItWrites) {
  for (const auto hash :
       {crypto::DigestAlgorithm::kSm3, crypto::DigestAlgorithm::kSha1, crypto::DigestAlgorithm::kSha256}) {
    for (const bool raw : {false, true}) {
      OcspRequest request;
      request.certificates = {sample_id(hash), sample_id(hash)};
      request.nonce = OcspNonce{test::hex("0102030405060708"), raw};
      const auto read = OcspRequest::parse(request.to_der());
      ASSERT_TRUE(read) << read.error().detail;
      EXPECT_EQ(read->certificates, request.certificates);
      EXPECT_EQ(read->nonce, request.nonce);
      EXPECT_TRUE(read->certificates[0].names(chain_certificate("signing"), chain_certificate("root")));
      EXPECT_FALSE(read->certificates[0].names(chain_certificate("encryption"), chain_certificate("root")));
      EXPECT_FALSE(read->certificates[0].names(chain_certificate("signing"), chain_certificate("signing")));
    }
  }
}

TEST(OcspRequest, Refusals) {
  EXPECT_EQ(OcspRequest::parse(test::hex("3004300230 00")).error().reason, "ocsp.empty");
  const Bytes request = recorded_exchange().hex("request");
  const auto unknown = test_objects::replaced(request, "06082A811CCF55018311", "06082A811CCF55018399");
  EXPECT_FALSE(OcspRequest::parse(unknown));
  const auto other = test_objects::replaced(request, "06082A811CCF55018311", "06082A811CCF55018312");
  EXPECT_EQ(OcspRequest::parse(other).error().reason, "ocsp.hash");
  for (std::size_t size = 0; size < request.size(); ++size) {
    EXPECT_FALSE(OcspRequest::parse(ByteView(request).first(size)));
  }
  OcspRequest long_nonce;
  long_nonce.certificates = {sample_id()};
  long_nonce.nonce = OcspNonce{Bytes(129, 7), false};
  EXPECT_EQ(OcspRequest::parse(long_nonce.to_der()).error().reason, "ocsp.nonce");
}

TEST(OcspGetPath, TakesUnescapedForms) {
  const Bytes request = recorded_exchange().hex("request");
  for (const std::string& path : {recorded_exchange().text("get_path"), to_base64(request)}) {
    EXPECT_EQ(from_ocsp_get_path(path).value(), request);
  }
  std::string blanks = to_base64(request);
  std::ranges::replace(blanks, '+', ' ');
  EXPECT_EQ(from_ocsp_get_path("MF0w%2").error().reason, "ocsp.get_path");
  EXPECT_FALSE(from_ocsp_get_path("%ZZ"));
}

TEST(OcspResponse, ReadsTheSample) {
  const auto response = OcspResponse::parse(recorded_exchange().hex("response"));
  ASSERT_TRUE(response) << response.error().reason << response.error().detail;
  EXPECT_EQ(response->status(), OcspResponseStatus::kSuccessful);
  EXPECT_EQ(to_rfc3339(response->produced_at()), "2026-06-01T00:00:00Z");
  EXPECT_EQ(to_hex(response->nonce()->value), "000102030405060708090a0b0c0d0e0f");
  const auto* single = response->find(chain_certificate("signing"), chain_certificate("root"));
  ASSERT_NE(single, nullptr);
  EXPECT_EQ(single->status, OcspCertStatus::kGood);
  EXPECT_EQ(to_rfc3339(*single->next_update), "2026-06-02T00:00:00Z");
  EXPECT_EQ(response->find(chain_certificate("encryption"), chain_certificate("root")), nullptr);
  EXPECT_TRUE(response->is_by(chain_certificate("root")));
  EXPECT_FALSE(response->is_by(chain_certificate("signing")));
  EXPECT_TRUE(response->is_signed_by(root_signer().public_key()));
  EXPECT_FALSE(response->is_signed_by(test_objects::signer_a().public_key()));
}

TbsOcspResponse revoked_answer() {
  OcspSingleResponse revoked;
  revoked.certificate = sample_id(crypto::DigestAlgorithm::kSha1);
  revoked.status = OcspCertStatus::kRevoked;
  revoked.revoked_at = time("2026-05-01T00:00:00Z");
  revoked.reason = CrlReason::kKeyCompromise;
  revoked.this_update = time("2026-06-01T00:00:00Z");
  OcspSingleResponse unknown;
  unknown.certificate = OcspCertId::of(chain_certificate("encryption"), chain_certificate("root"));
  unknown.this_update = revoked.this_update;
  TbsOcspResponse answer;
  answer.responder = chain_certificate("root").subject();
  answer.produced_at = revoked.this_update;
  answer.responses = {revoked, unknown};
  answer.certificates = {CertificateDer(test_objects::chain_der("root"))};
  return answer;
}

TEST(OcspResponse, BuildsAndReadsEveryStatus) {
  const auto der = sign(revoked_answer(), root_signer());
  ASSERT_TRUE(der);
  const auto response = OcspResponse::parse(der->view());
  ASSERT_TRUE(response) << response.error().reason << response.error().detail;
  EXPECT_TRUE(response->is_by(chain_certificate("root")));
  EXPECT_TRUE(response->is_signed_by(root_signer().public_key()));
  ASSERT_EQ(response->certificates().size(), 1U);
  const auto* revoked = response->find(chain_certificate("signing"), chain_certificate("root"));
  ASSERT_NE(revoked, nullptr);
  EXPECT_EQ(revoked->status, OcspCertStatus::kRevoked);
  EXPECT_EQ(revoked->reason, CrlReason::kKeyCompromise);
  EXPECT_EQ(to_rfc3339(*revoked->revoked_at), "2026-05-01T00:00:00Z");
  EXPECT_FALSE(revoked->next_update);
  EXPECT_EQ(response->find(chain_certificate("encryption"), chain_certificate("root"))->status,
            OcspCertStatus::kUnknown);
}

TEST(OcspResponse, KeyHashMayBeSm3) {
  TbsOcspResponse answer = revoked_answer();
  const auto hash = crypto::sm3(root_signer().public_key().key_octets());
  answer.responder = Bytes(hash.begin(), hash.end());
  const auto der = sign(answer, root_signer());
  const auto response = OcspResponse::parse(der->view());
  ASSERT_TRUE(response);
  EXPECT_TRUE(response->is_by(chain_certificate("root")));
  EXPECT_TRUE(response->quirks().contains(Quirk::kOcspSm3KeyHash));
  EXPECT_FALSE(OcspResponse::parse(der->view(), QuirkPolicy::strict()));
}

TEST(OcspResponse, NonceWithoutItsOctetStringIsAQuirk) {
  TbsOcspResponse answer = revoked_answer();
  answer.nonce = OcspNonce{Bytes(16, 7), true};
  const auto der = sign(answer, root_signer());
  const auto response = OcspResponse::parse(der->view());
  ASSERT_TRUE(response) << response.error().detail;
  EXPECT_EQ(response->nonce(), answer.nonce);
  EXPECT_TRUE(response->quirks().contains(Quirk::kOcspRawNonce));
  const auto refused =
      OcspResponse::parse(der->view(), QuirkPolicy::standard().without(Quirk::kOcspRawNonce));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "ocsp.raw_nonce");
}

TEST(OcspResponse, ErrorsHaveNoBody) {
  const auto der = ocsp_error(OcspResponseStatus::kUnauthorized);
  EXPECT_EQ(to_hex(der.view()), "30030a0106");
  const auto response = OcspResponse::parse(der.view());
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status(), OcspResponseStatus::kUnauthorized);
  EXPECT_TRUE(response->responses().empty());
  EXPECT_FALSE(response->is_signed_by(root_signer().public_key()));
  EXPECT_EQ(OcspResponse::parse(test::hex("30030A0100")).error().reason, "ocsp.body");
  EXPECT_EQ(OcspResponse::parse(test::hex("30030A0104")).error().reason, "ocsp.response_status");
}

TEST(OcspResponse, EveryTruncationIsRefused) {
  const Bytes der = recorded_exchange().hex("response");
  for (std::size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(OcspResponse::parse(ByteView(der).first(size))) << size;
  }
}

}  // namespace
}  // namespace hutong::x509
