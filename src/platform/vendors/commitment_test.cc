#include <gtest/gtest.h>

#include "net/router.h"
#include "platform/desk_support.h"
#include "platform/vendors/commitment_report.h"

namespace hutong::platform {
namespace {

using ca_connector::OrderTimes;
using ca_connector::Outcome;
using net::Json;

OrderTimes order(const std::string& kind, Outcome outcome, std::int64_t entered_hours_ago,
                 std::int64_t hours_taken, Time now) {
  const Time entered = now - std::chrono::hours(entered_hours_ago);
  return {.id = kind + std::to_string(entered_hours_ago),
          .kind = kind,
          .outcome = outcome,
          .entered_at = entered,
          .made_at = outcome == Outcome::kMade ? std::optional(entered + std::chrono::hours(hours_taken))
                                               : std::nullopt};
}

TEST(CommitmentReport, CountsWhatWasPromisedAgainstWhatWasDone) {
  const Time now{std::chrono::seconds(1'800'000'000)};
  const std::vector<OrderTimes> orders = {
      order("application", Outcome::kMade, 100, 24, now), order("renewal", Outcome::kMade, 90, 25, now),
      order("change", Outcome::kMade, 80, 2, now),        order("application", Outcome::kWaiting, 23, 0, now),
      order("recovery", Outcome::kWaiting, 48, 0, now),   order("application", Outcome::kEnded, 70, 0, now),
      order("revocation", Outcome::kMade, 60, 50, now)};
  const CommitmentReport report = measure_commitments(orders, 24, now);
  EXPECT_EQ(report.orders, 5) << "a revocation makes no certificate, a refused order broke no promise";
  EXPECT_EQ(report.in_time, 2) << "24 hours are within 24 hours";
  EXPECT_EQ(report.late, 1);
  EXPECT_EQ(report.waiting, 1);
  EXPECT_EQ(report.overdue, 1);
  EXPECT_EQ(report.median_seconds, 24 * 3600);
  EXPECT_EQ(report.longest_seconds, 25 * 3600);
  ASSERT_EQ(report.broken.size(), 2U);
  EXPECT_EQ(report.broken[0].id, "recovery48") << "the longest first";
  EXPECT_EQ(report.broken[1].id, "renewal90");
  EXPECT_EQ(to_json(report)["broken"][0]["made_at"], nullptr);
}

TEST(CommitmentReport, OfNoOrdersIsEmpty) {
  const CommitmentReport report = measure_commitments({}, 24, Time());
  EXPECT_EQ(report.orders, 0);
  EXPECT_EQ(to_json(report)["median_seconds"], nullptr);
  const std::vector<OrderTimes> many(60, order("application", Outcome::kWaiting, 48, 0, Time()));
  EXPECT_EQ(measure_commitments(many, 24, Time()).broken.size(), 50U);
}

/// A vendor with one order made in time and one that was not.
class CommitmentDesk : public test::DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    serve("/api/v1/vendor/service", R"({"commitments":{"order_hours":8}})");
    serve("/api/v1/vendor/orders",
          R"({"items":[{"id":"1","kind":"application","state":"issued","entered_at":"2027-01-01T00:00:00Z",)"
          R"("changed_at":"2027-01-01T03:00:00Z"},{"id":"2","kind":"renewal","state":"approved",)"
          R"("entered_at":"2027-01-01T00:00:00Z"}]})");
    vendor_ = std::make_unique<hutong::test::RunningServer>(vendor_routes_);
  }
  void serve(const std::string& pattern, std::string body) {
    vendor_routes_.add({.method = net::Method::kGet,
                        .pattern = pattern,
                        .body_limit = 0,
                        .handler = [body = std::move(body)](const net::Request&) -> Result<net::Response> {
                          return net::Response{.body = body};
                        }});
  }
  std::string vendor(VendorState state, const std::string& kind, const std::string& address,
                     std::string_view uscc = "91350100M000100Y43") {
    Json content = test::vendor_content(uscc);
    content["connector"] = {{"kind", kind}, {"address", address}};
    return make_vendor(content, state);
  }
  test::Answer report(const std::string& id, const std::string& who = "auditor") {
    return client(who).get("/api/v1/vendors/" + id + "/commitment-report");
  }

  net::Router vendor_routes_;
  std::unique_ptr<hutong::test::RunningServer> vendor_;
};
INSTANTIATE_TEST_SUITE_P(Storage, CommitmentDesk, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(CommitmentDesk, AsksTheVendorAndSaysWhatItKept) {
  const auto answer = report(vendor(VendorState::kAccredited, "rest", vendor_->url()));
  ASSERT_EQ(answer.status, 200) << answer.response.body;
  EXPECT_EQ(answer.json["promised_hours"], 24);
  EXPECT_EQ(answer.json["said_hours"], 8);
  EXPECT_EQ(answer.json["in_time"], 1);
  EXPECT_EQ(answer.json["overdue"], 1);
  EXPECT_EQ(answer.json["broken"][0]["id"], "2");
}

TEST_P(CommitmentDesk, SaysWhyThereIsNone) {
  EXPECT_EQ(report("unknown").code, "vendor.unknown");
  const std::string applied = vendor(VendorState::kApplied, "rest", vendor_->url());
  EXPECT_EQ(report(applied).code, "vendor.not_accredited") << "nobody released its address";
  set_state(applied, VendorState::kSuspended);
  EXPECT_EQ(report(applied).status, 200);
  const std::string over_cmp = vendor(VendorState::kAccredited, "cmp", vendor_->url(), "91150100MA0DEMX12Q");
  EXPECT_EQ(report(over_cmp).code, "connector.kind");
  const std::string far =
      vendor(VendorState::kAccredited, "rest", "http://127.0.0.1:1", "91150100MA0DEMX13U");
  const auto away = report(far);
  EXPECT_EQ(away.status, 503);
  EXPECT_EQ(away.code, "connector.away");
}

}  // namespace
}  // namespace hutong::platform
