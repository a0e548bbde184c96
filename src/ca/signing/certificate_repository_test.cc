#include "ca/signing/certificate_repository.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

#include "ca/test_support.h"

namespace hutong::ca {
namespace {

using test::at;
using test::TestCa;
using x509::CrlReason;

class CertificateRepositoryTest : public testing::Test {
 protected:
  template <typename Body>
  Status change(Body body) {
    return storage::in_transaction(ca_.database(),
                                   [&](storage::Transaction& t) -> Status { return body(t); });
  }
  Result<CertificateRecord> find(const x509::Serial& serial) {
    auto reader = ca_.database().read().value();
    return CertificateRepository::find(reader, serial);
  }
  TestCa ca_{{.crl = "http://ca.example/ca.crl"}};
};

TEST_F(CertificateRepositoryTest, KeepsWhatWasIssued) {
  const auto certificate = ca_.issue_device("甲");
  const auto record = find(certificate.serial()).value();
  EXPECT_TRUE(equal(record.der, certificate.der()));
  EXPECT_EQ(record.subject, certificate.subject().to_string());
  EXPECT_EQ(record.template_id, "device");
  EXPECT_EQ(record.state, CertificateState::kValid);
  EXPECT_EQ(record.not_after, certificate.not_after());
  EXPECT_EQ(find(fresh_serial()).error().reason, "certificate.unknown");
}

TEST_F(CertificateRepositoryTest, ASerialIsUsedOnceAndAKeyBelongsToOneHolder) {
  const auto certificate = ca_.issue_device("甲");
  auto record = find(certificate.serial()).value();
  EXPECT_EQ(change([&](auto& t) { return CertificateRepository::insert(t, record); }).error().reason,
            "certificate.serial_taken");
  record.serial = fresh_serial();
  record.holder = "91350100M000100Y43";
  EXPECT_EQ(change([&](auto& t) { return CertificateRepository::insert(t, record); }).error().reason,
            "certificate.key_taken");
  record.holder.clear();  // a renewal with the same key
  EXPECT_TRUE(change([&](auto& t) { return CertificateRepository::insert(t, record); }));
}

TEST_F(CertificateRepositoryTest, StatesChangeAsTheRulesSay) {
  const auto serial = ca_.issue_device("甲").serial();
  const auto to = [&](CertificateState state) {
    return change([&](storage::Transaction& t) -> Status {
      HUTONG_TRY(const auto record, CertificateRepository::find_for_update(t, serial));
      return CertificateRepository::change_state(t, record, {.to = state, .at = at("2026-07-01")});
    });
  };
  EXPECT_EQ(to(CertificateState::kValid).error().reason, "certificate.state");
  EXPECT_TRUE(to(CertificateState::kSuspended));
  EXPECT_TRUE(to(CertificateState::kValid));
  EXPECT_TRUE(to(CertificateState::kRevoked));
  EXPECT_EQ(to(CertificateState::kValid).error().reason, "certificate.revoked");
  EXPECT_EQ(find(serial).value().version, 3);
}

TEST_F(CertificateRepositoryTest, OfTwoOperatorsOneWins) {
  const auto serial = ca_.issue_device("甲").serial();
  const auto seen_by_both = find(serial).value();
  const auto revoke = [&] {
    return change([&](auto& t) {
      return CertificateRepository::change_state(t, seen_by_both,
                                                 {.to = CertificateState::kRevoked, .at = at("2026-07-01")});
    });
  };
  EXPECT_TRUE(revoke());
  EXPECT_EQ(revoke().error().reason, "storage.conflict");
}

TEST_F(CertificateRepositoryTest, CountsAndSearchesByState) {
  const auto valid = ca_.issue_device("甲").serial();
  const auto suspended = ca_.issue_device("乙").serial();
  const auto revoked = ca_.issue_device("丙").serial();
  const auto released = ca_.issue_device("丁").serial();
  ca_.change_state(suspended, {.to = CertificateState::kSuspended, .at = at("2026-07-01")});
  ca_.change_state(revoked, {.to = CertificateState::kRevoked, .at = at("2026-07-01")});
  ca_.change_state(released, {.to = CertificateState::kSuspended, .at = at("2026-07-01")});
  ca_.change_state(released, {.to = CertificateState::kValid, .at = at("2026-07-02")});
  auto reader = ca_.database().read().value();
  EXPECT_EQ(CertificateRepository::counts(reader).value(), (std::array<std::int64_t, 3>{2, 1, 1}));
  const auto found = [&](CertificateState state) {
    std::set<std::string> serials;
    const auto records = CertificateRepository::search(reader, {.state = state}).value();
    for (const auto& record : records) {
      serials.insert(record.serial.to_hex());
    }
    return serials;
  };
  EXPECT_EQ(found(CertificateState::kValid), (std::set<std::string>{valid.to_hex(), released.to_hex()}));
  EXPECT_EQ(found(CertificateState::kSuspended), std::set<std::string>{suspended.to_hex()});
  EXPECT_EQ(found(CertificateState::kRevoked), std::set<std::string>{revoked.to_hex()});
}

TEST_F(CertificateRepositoryTest, SearchesByPartStateAndPage) {
  for (const char* name : {"草原一号", "草原二号", "戈壁_1"}) {
    ca_.issue_device(name);
  }
  auto reader = ca_.database().read().value();
  const auto count = [&](const CertificateFilter& filter) {
    return CertificateRepository::search(reader, filter).value().size();
  };
  EXPECT_EQ(count({}), 3U);
  EXPECT_EQ(count({.subject_part = "草原"}), 2U);
  EXPECT_EQ(count({.subject_part = "_1"}), 1U);
  EXPECT_EQ(count({.subject_part = "%"}), 0U);
  EXPECT_EQ(count({.state = CertificateState::kRevoked}), 0U);
  EXPECT_EQ(count({.ends_before = at("2030-01-01")}), 3U);
  EXPECT_EQ(count({.template_id = "device", .state = CertificateState::kValid}), 3U);
  EXPECT_EQ(count({.template_id = "other"}), 0U);
  const auto page = CertificateRepository::search(reader, {.limit = 2}).value();
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(count({.after = page.back().serial.to_hex()}), 1U);
}

}  // namespace
}  // namespace hutong::ca
