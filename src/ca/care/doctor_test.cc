#include "ca/care/doctor.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <thread>

#include "ca/care/care_support.h"
#include "ca/care/rollover.h"
#include "ca/signing/service_key_repository.h"
#include "net/router.h"
#include "net/server.h"

namespace hutong::ca {
namespace {

using test::at;
using test::must;
using testing::Contains;
using testing::Not;

class Doctor : public test::CareTest {
 protected:
  void SetUp() override {
    test::CareTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    must(renew_services(*database_, keys_, *signing(), std::chrono::days(30), at("2026-01-02")));
    const auto system = signing();
    must(ListPublisher(*database_, *system, {}).publish_due(at("2026-01-02")));
  }
  std::vector<Diagnosis> examine_at(std::string_view when, AskOthers ask = AskOthers::kNo) {
    return must(examine({.database = *database_,
                         .keys = keys_,
                         .addresses = addresses_,
                         .lists = {},
                         .folder = home_.folder(),
                         .ask = ask},
                        at(when)));
  }
  static std::vector<std::string> complaints(const std::vector<Diagnosis>& all) {
    std::vector<std::string> codes;
    for (const Diagnosis& one : all) {
      EXPECT_FALSE(one.text_zh.empty() || one.text_en.empty()) << one.code;
      if (one.health != Health::kGood && one.code != "disk") {
        codes.push_back(one.code);
      }
    }
    return codes;
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, Doctor, hutong::test::every_database(), hutong::test::database_name);

TEST_P(Doctor, FindsNothingWhenAllIsWell) {
  EXPECT_THAT(complaints(examine_at("2026-01-02T00:10:00Z")), testing::IsEmpty());
}

TEST_P(Doctor, ListsThatAreLateOrOver) {
  EXPECT_THAT(complaints(examine_at("2026-01-03T01:00:00Z")), Contains("list.overdue"));
  const auto over = examine_at("2026-01-05");
  EXPECT_THAT(complaints(over), Contains("list.expired"));
  EXPECT_EQ(worst(over), Health::kBad);
  EXPECT_EQ(to_json(over)["health"], "bad");
}

TEST_P(Doctor, AClockThatWentBack) { EXPECT_THAT(complaints(examine_at("2025-12-31")), Contains("clock")); }

TEST_P(Doctor, AKeyCentreThatIsAway) {
  const auto complaints_about = [this](const std::string& url) {
    return complaints(must(examine({.database = *database_,
                                    .keys = keys_,
                                    .addresses = {},
                                    .lists = {},
                                    .folder = {},
                                    .ask = AskOthers::kYes,
                                    .key_centre = net::Client::create(url)},
                                   at("2026-01-02T00:10:00Z"))));
  };
  const net::Router nothing;
  auto server = must(net::Server::listen({}, nothing));
  std::thread serving([&] { server->run(); });
  const std::string url = "http://127.0.0.1:" + std::to_string(server->port());
  EXPECT_THAT(complaints_about(url), testing::IsEmpty());
  server->stop();
  serving.join();
  server.reset();
  EXPECT_THAT(complaints_about(url), testing::ElementsAre("key_centre.connection"));
  EXPECT_THAT(complaints_about("https://127.0.0.1:1"), testing::ElementsAre("key_centre.connection"));
}

TEST_P(Doctor, ABrokenAuditChain) {
  execute("UPDATE audit_records SET action = 'nothing' WHERE sequence = 2");
  EXPECT_THAT(complaints(examine_at("2026-01-02T00:10:00Z")), Contains("audit.chain"));
}

TEST_P(Doctor, KeysThatAreMissingOrDoNotFit) {
  must(keys_.generate("ocsp-1"));  // the memory store puts another key in its place
  execute("UPDATE authorities SET key_label = 'gone'");
  const auto found = complaints(examine_at("2026-01-02T00:10:00Z"));
  EXPECT_THAT(found, Contains("authority.key"));
  EXPECT_THAT(found, Contains("service.ocsp.key"));
  EXPECT_THAT(found, Not(Contains("service.timestamp.key")));
}

TEST_P(Doctor, CertificatesThatEnd) {
  EXPECT_THAT(complaints(examine_at("2026-12-20")), Contains("service.ocsp.expiring"));
  EXPECT_THAT(complaints(examine_at("2027-03-01")), Contains("service.ocsp.expired"));
  EXPECT_THAT(complaints(examine_at("2035-06-01")), Contains("authority.expiring"));
  execute("DELETE FROM service_keys");
  EXPECT_THAT(complaints(examine_at("2026-01-02T00:10:00Z")), Contains("service.ocsp.missing"));
}

TEST_P(Doctor, AddressesThatDoNotAnswer) {
  EXPECT_THAT(complaints(examine_at("2026-01-02T00:10:00Z", AskOthers::kYes)),
              testing::ElementsAre("publishing.list"));
}

}  // namespace
}  // namespace hutong::ca
