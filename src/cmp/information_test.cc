#include "cmp/information.h"

#include <gtest/gtest.h>

#include "asn1/oids.h"
#include "cmp/internal/test_messages.h"
#include "cmp/oids.h"
#include "cmp/status.h"

namespace hutong::cmp {
namespace {

using test::must;

x509::CertificateDer der_of(std::string_view name) {
  return x509::CertificateDer(to_bytes(test::certificate(name).der()));
}

TEST(Information, ProfileAndImplicitConfirm) {
  Header header;
  EXPECT_EQ(must(certificate_profile(header)), "");
  EXPECT_FALSE(asks_implicit_confirm(header));
  header.general_info = {implicit_confirm(), certificate_profile("机构证书")};
  EXPECT_EQ(must(certificate_profile(header)), "机构证书");
  EXPECT_TRUE(asks_implicit_confirm(header));
  header.general_info = {{oids::kCertificateProfile, {0x30, 0x04, 0x0C, 0x00, 0x0C, 0x00}}};
  EXPECT_EQ(certificate_profile(header).error().reason, "cmp.template");
  header.general_info = {{oids::kCertificateProfile, {0x30, 0x03, 0x0C, 0x01, 0xFF}}};
  EXPECT_EQ(certificate_profile(header).error().reason, "cmp.text");
  header.general_info = {{oids::kCertificateProfile, {}}};
  EXPECT_EQ(certificate_profile(header).error().reason, "asn1.truncated");
}

TEST(Information, CertificatesAndLists) {
  const auto certificates = certificates_value({der_of("root"), der_of("signer")});
  EXPECT_EQ(certificates.type, oids::kCaCertificates);
  EXPECT_EQ(must(read_certificates_value(certificates)).at(1), der_of("signer"));
  EXPECT_EQ(read_certificates_value({oids::kCaCertificates, {0x30, 0x00}}).error().reason, "cmp.structure");
  const std::vector<Bytes> crls{{0x30, 0x00}, {0x30, 0x02, 0x05, 0x00}};
  EXPECT_EQ(must(read_crls_value(crls_value(crls))), crls);
  EXPECT_EQ(must(read_root_certificate(root_certificate(test::certificate("root")))),
            test::certificate("root"));
}

TEST(Information, RootKeyUpdate) {
  const RootKeyUpdate update{der_of("root"), der_of("signer"), std::nullopt};
  const auto read = must(read_root_key_update(root_key_update(update)));
  EXPECT_EQ(read.new_with_new, update.new_with_new);
  EXPECT_EQ(read.new_with_old, update.new_with_old);
  EXPECT_FALSE(read.old_with_new);
}

TEST(Information, CrlStatusList) {
  using Source = CrlStatus::Source;
  const Party uri{x509::uri_name("http://ca.example/1.crl"), std::nullopt};
  const std::vector<CrlStatus> lists{{Source::kDistributionPoint, {uri}, test::midsummer()},
                                     {Source::kIssuer, {Party::of(test::name("CN=根"))}, std::nullopt}};
  const auto read = must(read_crl_status_list(crl_status_list(lists)));
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].source, Source::kDistributionPoint);
  EXPECT_EQ(read[0].names, lists[0].names);
  EXPECT_EQ(read[0].this_update, test::midsummer());
  EXPECT_EQ(read[1].names.at(0).name->display(), "根");
  EXPECT_FALSE(read[1].this_update);
}

TEST(Status, FailuresFollowTheErrors) {
  const auto failure = [](Errc code, std::string_view reason) { return failure_for({code, reason, {}}); };
  EXPECT_EQ(failure(Errc::kCryptoFail, "cmp.possession"), Failure::kBadPop);
  EXPECT_EQ(failure(Errc::kPolicy, "cmp.possession_kind"), Failure::kBadPop);
  EXPECT_EQ(failure(Errc::kCryptoFail, "cmp.integrity"), Failure::kBadMessageCheck);
  EXPECT_EQ(failure(Errc::kLimit, "cmp.iterations"), Failure::kBadAlg);
  EXPECT_EQ(failure(Errc::kPolicy, "issuing.key"), Failure::kBadCertTemplate);
  EXPECT_EQ(failure(Errc::kPolicy, "subject.missing"), Failure::kBadCertTemplate);
  EXPECT_EQ(failure(Errc::kMalformed, "asn1.length"), Failure::kBadDataFormat);
  EXPECT_EQ(failure(Errc::kUnauthorized, "anything"), Failure::kNotAuthorized);
  EXPECT_EQ(failure(Errc::kUnavailable, "anything"), Failure::kSystemUnavail);
  EXPECT_EQ(failure(Errc::kInternal, "anything"), Failure::kSystemFailure);
  EXPECT_EQ(failure(Errc::kConflict, "anything"), Failure::kBadRequest);
}

TEST(Status, RejectionsKeepInternalDetailsToThemselves) {
  EXPECT_EQ(rejection({Errc::kInternal, "storage.broken", "disk sda1"}).text.at(0), "storage.broken");
  const auto shown = rejection({Errc::kPolicy, "cmp.algorithm", "MD5"});
  EXPECT_EQ(shown.to_string(), "rejection (badAlg): cmp.algorithm: MD5");
  EXPECT_FALSE(shown.granted());
  EXPECT_EQ((StatusInfo{PkiStatus::kWaiting, {"a", "b"}, 0}).to_string(), "waiting: a; b");
}

}  // namespace
}  // namespace hutong::cmp
