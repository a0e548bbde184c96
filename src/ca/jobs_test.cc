#include "ca/jobs.h"

#include <gtest/gtest.h>

#include <future>

#include "audit/audit_log.h"
#include "ca/registration/schema.h"
#include "ca/rights.h"
#include "ca/test_support.h"
#include "operators/schema.h"
#include "storage/migration.h"
#include "tests/support/operator_client.h"

namespace hutong::ca {
namespace {

using test::TestCa;

/// A key centre that accepts a message and never answers until it is told to.
class HangingCentre final : public registration::KeyCentre {
 public:
  Result<Keys> apply(std::span<const cms::ApplyKeyRequest>, Time) const override { return Keys(); }
  Result<Keys> restore(std::span<const cms::RestoreKeyRequest>, Time) const override { return Keys(); }
  Result<std::vector<Status>> revoke(std::span<const cms::RevokeKeyRequest> requests, Time) const override {
    asked_.set_value();
    released_.wait();
    return std::vector<Status>(requests.size(), ok());
  }
  void wait_until_asked() const { asked_.get_future().wait(); }
  void release() { release_.set_value(); }

 private:
  mutable std::promise<void> asked_;
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
};

/// At the end of a test, whatever it found.
struct ReleaseAtTheEnd {
  HangingCentre& centre;
  ~ReleaseAtTheEnd() { centre.release(); }
};

class JobsTest : public testing::Test {
 protected:
  JobsTest() {
    auto& database = ca_.database();
    const auto migrate = [&](std::string_view component, std::span<const storage::Migration> steps) {
      EXPECT_TRUE(storage::migrate(database, component, steps, clock_));
    };
    migrate("audit", audit::migrations());
    migrate(operators::kComponent, operators::migrations());
    migrate(registration::kRegistrationComponent, registration::registration_migrations());
    operators_ = operators::OperatorSystem::create({.database = database,
                                                    .rights = rights(),
                                                    .settings = {.audiences = {"https://ca.example"}},
                                                    .authority = carriers_.authority(),
                                                    .clock = clock_})
                     .value();
  }
  Jobs::Parts parts() {
    return {.lists = lists_,
            .ocsp = ocsp_,
            .operators = *operators_,
            .key_centre = tasks_,
            .database = ca_.database(),
            .files = nullptr,
            .metrics = metrics_,
            .outage = outage_,
            .clock = clock_,
            .every = std::chrono::seconds(1)};
  }
  x509::OcspCertStatus status_of(const x509::Certificate& certificate) {
    const auto& issuer = ca_.signing().issuer().certificate();
    const auto request =
        x509::OcspRequest{.certificates = {x509::OcspCertId::of(certificate, issuer)}}.to_der();
    return x509::OcspResponse::parse(*ocsp_.answer(request, clock_.now()).der).value().responses()[0].status;
  }

  hutong::test::MovableClock clock_{test::at("2026-06-10")};
  hutong::test::CarrierIssuer carriers_;
  TestCa ca_{{.crl = "http://ca.example/ca.crl"}};
  HangingCentre centre_;
  std::unique_ptr<operators::OperatorSystem> operators_;
  Metrics metrics_;
  Outage outage_;
  ListPublisher lists_{ca_.database(), ca_.signing(), {}};
  OcspResponder ocsp_{ca_.database(), ca_.signing(), test::delegates_of(ca_), {}};
  registration::KeyCentreTasks tasks_{ca_.database(), centre_};
};

TEST_F(JobsTest, AKeyCentreThatHangsDelaysNoOtherNodesRevocations) {
  const auto certificate = ca_.issue_device("甲");
  ASSERT_TRUE(storage::in_transaction(ca_.database(), [&](storage::Transaction& transaction) {
    return registration::KeyCentreTasks::add_revocation(transaction, certificate.serial(), clock_.now());
  }));
  const Jobs jobs(parts());
  const ReleaseAtTheEnd release{centre_};
  centre_.wait_until_asked();
  for (int i = 0; i < 200 && ocsp_.kept_answers() == 0; ++i) {
    EXPECT_EQ(status_of(certificate), x509::OcspCertStatus::kGood);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ASSERT_EQ(ocsp_.kept_answers(), 1U);
  ca_.change_state(certificate.serial(), {.to = CertificateState::kRevoked, .at = clock_.now()});
  auto status = status_of(certificate);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (status == x509::OcspCertStatus::kGood && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    status = status_of(certificate);
  }
  EXPECT_EQ(status, x509::OcspCertStatus::kRevoked);
}

}  // namespace
}  // namespace hutong::ca
