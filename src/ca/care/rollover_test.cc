#include "ca/care/rollover.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "ca/care/care_support.h"
#include "ca/publishing/list_publisher.h"
#include "ca/signing/service_key_repository.h"
#include "x509/chain_verifier.h"

namespace hutong::ca {
namespace {

using test::at;
using test::must;

class Rollover : public test::CareTest {
 protected:
  RolloverReport roll_over_now() {
    return must(roll_over(
        *database_, keys_, addresses_,
        [](const crypto::Signer& key, const x509::Certificate& current) {
          return self_certified(key, current, at("2027-01-01"));
        },
        at("2027-01-01")));
  }
  static x509::Certificate issue(const SigningSystem& signing, std::string_view from) {
    return must(signing.prepare({.template_id = "device",
                                 .subject = {.attributes = {{"O", "演示机构"}, {"CN", "设备"}},
                                             .dns_names = {"ca.example"}},
                                 .holder = {},
                                 .order = {},
                                 .key = test::fresh_public_key(),
                                 .not_before = at(from)}))
        .certificate;
  }
  static x509::Indication judge(const x509::Certificate& leaf, const x509::Certificate& anchor,
                                const std::vector<x509::Certificate>& links) {
    const std::vector<x509::TrustAnchor> anchors{must(x509::TrustAnchor::of(anchor))};
    return x509::verify_chain({.leaf = leaf,
                               .at = at("2027-02-01"),
                               .anchors = anchors,
                               .intermediates = links,
                               .revocation = x509::RevocationMode::kNone})
        .indication;
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, Rollover, hutong::test::every_database(), hutong::test::database_name);

TEST_P(Rollover, WhoTrustsEitherKeyBelievesCertificatesOfBoth) {
  const auto before = signing();
  const auto old_certificate = before->issuer().certificate();
  const auto old_leaf = issue(*before, "2026-06-01");
  const auto report = roll_over_now();
  const auto after = signing();
  EXPECT_EQ(after->authority(), report.authority);
  const auto new_leaf = issue(*after, "2027-01-10");
  EXPECT_EQ(judge(new_leaf, report.certificate, {}), x509::Indication::kValid);
  EXPECT_EQ(judge(new_leaf, old_certificate, {report.new_with_old}), x509::Indication::kValid);
  EXPECT_EQ(judge(old_leaf, report.certificate, {report.old_with_new}), x509::Indication::kValid);
  EXPECT_NE(judge(new_leaf, old_certificate, {}), x509::Indication::kValid) << "without the link";
  EXPECT_EQ(report.certificate.subject(), old_certificate.subject());
  EXPECT_EQ(report.new_with_old.not_after(), old_certificate.not_after());
}

TEST_P(Rollover, IsRecordedAndTheFormerKeyGoesOnWithItsLists) {
  const auto report = roll_over_now();
  EXPECT_EQ(records("ca.rolled_over"), 1U);
  const auto system = signing();
  EXPECT_EQ(system->issuers().size(), 2U);
  {
    auto reader = must(database_->read());
    EXPECT_EQ(must(AuthorityRepository::links(reader)).size(), 2U);
    for (const auto& link : {report.new_with_old, report.old_with_new}) {
      EXPECT_EQ(must(CertificateRepository::find(reader, link.serial())).template_id, "ca-link");
    }
  }
  const ListPublisher lists(*database_, *system, {});
  EXPECT_EQ(must(lists.publish_due(at("2027-01-02"))), 2U) << "a list for each key";
}

TEST_P(Rollover, GoesOnWithTheKeyThatWasMadeBefore) {
  must(request_next_key(*database_, keys_));
  must(request_next_key(*database_, keys_));
  EXPECT_THAT(keys_.labels(), testing::ElementsAre("ca-1", "ca-2"));
  roll_over_now();
  EXPECT_THAT(keys_.labels(), testing::ElementsAre("ca-1", "ca-2"));
  roll_over_now();
  EXPECT_THAT(keys_.labels(), testing::ElementsAre("ca-1", "ca-2", "ca-3"));
}

TEST_P(Rollover, AForeignCertificateIsRefusedAndNothingChanges) {
  const auto refused = [&](const CertifyNewKey& certify) {
    return roll_over(*database_, keys_, addresses_, certify, at("2027-01-01")).error().reason;
  };
  EXPECT_EQ(refused([](const crypto::Signer&, const x509::Certificate& current) {
              return Result<x509::Certificate>(current);
            }),
            "rollover.certificate")
      << "not for the new key";
  EXPECT_EQ(refused([](const crypto::Signer& key, const x509::Certificate& current) {
              return self_certified(key, current, at("2028-01-01"));
            }),
            "rollover.certificate")
      << "not valid yet";
  EXPECT_EQ(records("ca.rolled_over"), 0U);
  EXPECT_EQ(signing()->issuers().size(), 1U);
}

TEST_P(Rollover, ServicesGetNewKeysWhenTheyAreDueAndOnlyThen) {
  const std::chrono::days notice{30};
  EXPECT_EQ(must(renew_services(*database_, keys_, *signing(), notice, at("2026-02-01"))), 3U);
  EXPECT_EQ(must(renew_services(*database_, keys_, *signing(), notice, at("2026-02-02"))), 0U);
  EXPECT_EQ(must(renew_services(*database_, keys_, *signing(), notice, at("2027-01-15"))), 2U)
      << "OCSP, platforms";
  EXPECT_THAT(keys_.labels(),
              testing::ElementsAre("ca-1", "cmp-1", "cmp-2", "ocsp-1", "ocsp-2", "timestamp-1"));
  roll_over_now();
  EXPECT_EQ(must(renew_services(*database_, keys_, *signing(), notice, at("2027-01-16"))), 3U);
  auto reader = must(database_->read());
  EXPECT_EQ(must(ServiceKeyRepository::all(reader, kOcspPurpose)).size(), 2U) << "one for each CA key";
  EXPECT_EQ(records("service.renewed"), 8U);
}

}  // namespace
}  // namespace hutong::ca
