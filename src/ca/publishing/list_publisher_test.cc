#include "ca/publishing/list_publisher.h"

#include <gtest/gtest.h>

#include <optional>

#include "ca/test_support.h"
#include "x509/crl.h"
#include "x509/lint.h"

namespace hutong::ca {
namespace {

using test::at;
using test::TestCa;
using x509::CrlReason;

const PublishingAddresses kAddresses{.crl = "http://ca.example/crl/{partition}.crl",
                                     .crl_partitions = 1,
                                     .delta_crl = "http://ca.example/crl/{partition}-delta.crl",
                                     .ocsp = "http://ca.example/ocsp",
                                     .ca_certificate = "http://ca.example/ca.cer"};

class ListPublisherTest : public testing::Test {
 protected:
  x509::Crl publish(ListKind kind, std::string_view when, std::uint32_t partition = 0) {
    const auto list = publisher_.publish(ca_.signing().authority(), partition, kind, at(when));
    EXPECT_TRUE(list) << list.error().detail;
    return x509::Crl::parse(list.value().der).value();
  }
  TestCa ca_{kAddresses};
  ListPublisher publisher_{ca_.database(), ca_.signing(), {}};
};

TEST_F(ListPublisherTest, AFullListVerifiesLintsCleanAndNamesWhatIsRevokedOrSuspended) {
  const auto revoked = ca_.issue_device("甲");
  const auto suspended = ca_.issue_device("乙");
  const auto good = ca_.issue_device("丙");
  ca_.change_state(
      revoked.serial(),
      {.to = CertificateState::kRevoked, .at = at("2026-06-02"), .reason = CrlReason::kKeyCompromise});
  ca_.change_state(suspended.serial(), {.to = CertificateState::kSuspended, .at = at("2026-06-03")});
  const auto list = publish(ListKind::kFull, "2026-06-04");
  EXPECT_TRUE(list.is_signed_by(ca_.signing().issuer().signer().public_key()));
  EXPECT_EQ(list.find(revoked.serial())->reason, CrlReason::kKeyCompromise);
  EXPECT_EQ(list.find(suspended.serial())->reason, CrlReason::kCertificateHold);
  EXPECT_FALSE(list.find(good.serial()));
  const auto report = x509::lint_crl(list.der()).value();
  for (const auto& finding : report.findings) {
    EXPECT_EQ(finding.severity(), x509::Severity::kInfo) << finding.code();
  }
}

TEST_F(ListPublisherTest, ADeltaListHoldsWhatChangedSinceTheFullOneAndTakesReleasedOnesOff) {
  const auto early = ca_.issue_device("甲");
  const auto released = ca_.issue_device("乙");
  const auto late = ca_.issue_device("丙");
  ca_.change_state(early.serial(), {.to = CertificateState::kRevoked, .at = at("2026-06-02")});
  ca_.change_state(released.serial(), {.to = CertificateState::kSuspended, .at = at("2026-06-02")});
  const auto full = publish(ListKind::kFull, "2026-06-04");
  ca_.change_state(released.serial(), {.to = CertificateState::kValid, .at = at("2026-06-05")});
  ca_.change_state(
      late.serial(),
      {.to = CertificateState::kRevoked, .at = at("2026-06-05"), .reason = CrlReason::kSuperseded});
  const auto delta = publish(ListKind::kDelta, "2026-06-06");
  EXPECT_FALSE(delta.find(early.serial()));
  EXPECT_EQ(delta.find(released.serial())->reason, CrlReason::kRemoveFromCrl);
  EXPECT_EQ(delta.find(late.serial())->reason, CrlReason::kSuperseded);
  EXPECT_EQ(delta.base_number(), full.number());
  EXPECT_FALSE(publish(ListKind::kFull, "2026-06-06T01:00:00Z").find(released.serial()));
}

TEST_F(ListPublisherTest, NumbersGrowAcrossKindsAndAnOlderListNeverReplacesANewerOne) {
  const auto& authority = ca_.signing().authority();
  const auto first = publisher_.publish(authority, 0, ListKind::kFull, at("2026-06-04")).value();
  const auto delta = publisher_.publish(authority, 0, ListKind::kDelta, at("2026-06-04")).value();
  const ListPublisher restarted(ca_.database(), ca_.signing(), {});
  const auto second = restarted.publish(authority, 0, ListKind::kFull, at("2026-06-05")).value();
  EXPECT_LT(first.number, delta.number);
  EXPECT_LT(delta.number, second.number);
  auto reader = ca_.database().read().value();
  EXPECT_EQ(ListPublisher::find(reader, authority, 0, ListKind::kFull).value().der, second.der);
}

TEST_F(ListPublisherTest, PublishesWhatIsDueAndNothingElse) {
  EXPECT_EQ(publisher_.publish_due(at("2026-06-04")).value(), 2U);
  EXPECT_EQ(publisher_.publish_due(at("2026-06-04T00:30:00Z")).value(), 0U);
  EXPECT_EQ(publisher_.publish_due(at("2026-06-04T01:00:00Z")).value(), 1U);
  EXPECT_EQ(publisher_.publish_due(at("2026-06-05T00:30:00Z")).value(), 2U);
}

TEST_F(ListPublisherTest, ADeltaListHoldsWhatWasCommittedAfterTheFullOneWithAnEarlierDate) {
  const auto late = ca_.issue_device("甲");
  publish(ListKind::kFull, "2026-06-04");
  ca_.change_state(late.serial(), {.to = CertificateState::kRevoked, .at = at("2026-06-03")});
  EXPECT_TRUE(publish(ListKind::kDelta, "2026-06-05").find(late.serial()));
}

/// As after a crash between the revocation's commit and its list.
TEST_F(ListPublisherTest, AChangeWithoutAListIsPublishedWithTheNextLook) {
  const auto revoked = ca_.issue_device("甲");
  EXPECT_EQ(publisher_.publish_due(at("2026-06-04")).value(), 2U);
  ca_.change_state(revoked.serial(), {.to = CertificateState::kRevoked, .at = at("2026-06-04")});
  EXPECT_EQ(publisher_.publish_due(at("2026-06-04T00:00:02Z")).value(), 1U);
  auto reader = ca_.database().read().value();
  const auto delta = ListPublisher::find(reader, ca_.signing().authority(), 0, ListKind::kDelta).value();
  EXPECT_TRUE(x509::Crl::parse(delta.der).value().find(revoked.serial()));
  EXPECT_EQ(publisher_.publish_due(at("2026-06-04T00:00:04Z")).value(), 0U);
}

TEST_F(ListPublisherTest, RefusesWhatDoesNotExist) {
  EXPECT_EQ(publisher_.publish("NOBODY", 0, ListKind::kFull, at("2026-06-04")).error().reason,
            "list.unknown");
  const auto& authority = ca_.signing().authority();
  EXPECT_EQ(publisher_.publish(authority, 1, ListKind::kFull, at("2026-06-04")).error().reason,
            "list.unknown");
  EXPECT_EQ(publisher_.publish(authority, 0, ListKind::kDelta, at("2026-06-04")).error().reason,
            "list.unknown");
}

TEST(ListPartitions, EachListHoldsItsOwnSerialsAndSaysWhichItIs) {
  auto addresses = kAddresses;
  addresses.crl_partitions = 3;
  TestCa ca(addresses);
  const ListPublisher publisher(ca.database(), ca.signing(), {});
  std::vector<x509::Serial> serials;
  for (int i = 0; i < 12; ++i) {
    serials.push_back(ca.issue_device("设备" + std::to_string(i)).serial());
    ca.change_state(serials.back(), {.to = CertificateState::kRevoked, .at = at("2026-06-02")});
  }
  std::size_t listed = 0;
  for (std::uint32_t partition = 0; partition < 3; ++partition) {
    const auto list =
        publisher.publish(ca.signing().authority(), partition, ListKind::kFull, at("2026-06-04")).value();
    const auto crl = x509::Crl::parse(list.der).value();
    EXPECT_TRUE(crl.issuing_point().has_value());
    for (const auto& serial : serials) {
      EXPECT_EQ(crl.find(serial).has_value(), partition_of(serial, 3) == partition);
      listed += crl.find(serial) ? 1 : 0;
    }
  }
  EXPECT_EQ(listed, serials.size());
}

}  // namespace
}  // namespace hutong::ca
