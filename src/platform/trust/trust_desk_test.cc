#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/encoding.h"
#include "cms/verify.h"
#include "platform/desk_support.h"
#include "tests/tools/test_ca.h"

namespace hutong::platform {
namespace {

using net::Json;
using net::Method;
using test::Answer;
using test::must;
using test::vendor_content;

/// From the accredited vendor to the signed list and on.
class TrustDeskTest : public test::DeskTest {
 protected:
  Json draft() { return client("auditor").get("/api/v1/trust-list-draft").json; }
  Answer propose(const std::string& who = "clerk") {
    return client(who).post("/api/v1/trust-list-releases",
                            {{"draft_sm3", draft()["sm3"]}, {"valid_days", 30}, {"reason", "新增厂商"}});
  }
  Answer decide(const Json& release, const std::string& word, const std::string& who = "reviewer") {
    return client(who).post("/api/v1/trust-list-releases/" + release["id"].get<std::string>() + "/decision",
                            {{"decision", word}, {"reason", "已核对"}});
  }
  void release() { ASSERT_EQ(decide(propose().json, "release").status, 200); }
  net::ClientResponse file(const std::string& name) {
    return client("idler").exchange({.target = "/api/v1/trust-lists/" + name}).response;
  }
  recognition::LoadedTrustList loaded(const std::string& number = "current") {
    const Bytes content = to_bytes(as_bytes(file(number + "/list.p7m").body));
    return recognition::load_trust_list(content, signer_->certificate(), clock_.now());
  }
  std::string accredited() { return make_vendor(vendor_content(), VendorState::kAccredited); }
};
INSTANTIATE_TEST_SUITE_P(Storage, TrustDeskTest, hutong::test::every_database(), hutong::test::database_name);

TEST_P(TrustDeskTest, TheFirstListIsReleasedByTwoPersonsAndLoads) {
  EXPECT_EQ(file("current/list.p7m").status, 404);
  make_vendor(vendor_content("91150100MA0DEMX12Q"), VendorState::kApplied);
  accredited();
  const Json seen = draft();
  EXPECT_EQ(seen["number"], 1);
  ASSERT_EQ(seen["services"].size(), 1U) << "of the accredited vendor alone";
  ASSERT_EQ(seen["changes"].size(), 1U);
  EXPECT_EQ(seen["changes"][0]["kind"], "added");
  EXPECT_EQ(seen["changes"][0]["to"], "granted");
  const Json proposed = propose("reviewer").json;
  EXPECT_EQ(proposed["state"], "open");
  EXPECT_EQ(draft()["open"]["id"], proposed["id"]);
  EXPECT_EQ(propose().code, "trust_list.release_open");
  EXPECT_EQ(decide(proposed, "release", "reviewer").code, "trust_list.four_eyes");
  EXPECT_EQ(file("current/list.p7m").status, 404) << "not before the second person";
  EXPECT_EQ(decide(proposed, "release", "security").status, 200);
  EXPECT_EQ(decide(proposed, "release", "security").code, "trust_list.release_decided");

  const auto list = loaded();
  ASSERT_EQ(list.state(clock_.now()), recognition::TrustListState::kCurrent) << list.detail;
  EXPECT_EQ(list.list->content().number, 1U);
  EXPECT_FALSE(list.list->content().previous_sm3);
  EXPECT_EQ(list.list->content().operator_zh, "演示运营方");
  EXPECT_EQ(list.list->anchors().size(), 1U);
  EXPECT_TRUE(draft()["changes"].empty());
  EXPECT_EQ(released_, 1);
  EXPECT_EQ(records("trust_list.proposed").size(), 1U);
  const auto told = records("trust_list.decided");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_TRUE(told[0].event.signature);
  EXPECT_TRUE(log_is_whole());
}

TEST_P(TrustDeskTest, EveryFormSaysTheSame) {
  accredited();
  release();
  const std::string json = file("1/list.json").body;
  EXPECT_EQ(recognition::to_json_text(loaded("1").list->content()), json);
  const auto xml = file("1/list.xml");
  EXPECT_EQ(xml.headers.find("content-type"), "application/xml");
  EXPECT_NE(xml.body.find("<number>1</number>"), std::string::npos) << xml.body;
  EXPECT_NE(xml.body.find("演示CA甲根证书"), std::string::npos);
  const std::vector<x509::Certificate> known = {signer_->certificate()};
  const auto report = must(cms::verify_detached(as_bytes(file("1/list.xml.p7s").body), as_bytes(xml.body),
                                                {.at = clock_.now(), .certificates = known}));
  EXPECT_TRUE(report.signers.at(0).signature_verified);
  EXPECT_EQ(file("1/signer.cer").body, as_text(signer_->certificate().der()));
  EXPECT_EQ(file("current/list.json").body, json);
  EXPECT_EQ(file("1/list.json").headers.find("cache-control"), "public, max-age=31536000, immutable");
}

TEST_P(TrustDeskTest, SuspendedAndWithdrawnKeepTheirHistory) {
  const std::string id = accredited();
  release();
  const Bytes first = to_bytes(as_bytes(file("1/list.p7m").body));
  clock_.move(std::chrono::hours(24));
  clients_.clear();
  set_state(id, VendorState::kSuspended);
  const Json seen = draft();
  ASSERT_EQ(seen["changes"].size(), 1U);
  EXPECT_EQ(seen["changes"][0]["from"], "granted");
  EXPECT_EQ(seen["changes"][0]["to"], "suspended");
  release();
  set_state(id, VendorState::kWithdrawn);
  release();
  const auto list = loaded();
  ASSERT_NE(list.list, nullptr) << list.detail;
  EXPECT_EQ(list.list->content().number, 3U);
  ASSERT_EQ(list.list->content().services.size(), 1U) << "old reports rest on it";
  const auto& periods = list.list->content().services[0].periods;
  ASSERT_EQ(periods.size(), 3U);
  EXPECT_EQ(periods[0].status, recognition::ServiceStatus::kGranted);
  EXPECT_EQ(periods[1].since - periods[0].since, std::chrono::hours(24));
  EXPECT_EQ(periods[2].status, recognition::ServiceStatus::kWithdrawn);
  EXPECT_EQ(loaded("2").list->content().previous_sm3, crypto::sm3(first));
  const Json lists = client("idler").get("/api/v1/trust-lists?limit=2").json;
  ASSERT_EQ(lists["items"].size(), 2U);
  EXPECT_EQ(lists["items"][0]["number"], 3);
  EXPECT_EQ(client("idler")
                .get("/api/v1/trust-lists?cursor=" + lists["next"].get<std::string>())
                .json["items"][0]["sm3"],
            to_hex(crypto::sm3(first)));
}

TEST_P(TrustDeskTest, AServiceThatItsVendorNoLongerNamesIsWithdrawn) {
  const std::string id = accredited();
  release();
  Json content = vendor_content();
  content["services"][0]["certificate"] =
      to_base64(hutong::test::self_signed(hutong::test::Party("演示CA甲 新根")).der());
  set_content(id, content);
  const Json changes = draft()["changes"];
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0]["to"], "withdrawn");
  EXPECT_EQ(changes[1]["kind"], "added");
}

TEST_P(TrustDeskTest, ReleasedIsOnlyWhatWasProposed) {
  const std::string id = accredited();
  const Json proposed = propose().json;
  set_state(id, VendorState::kSuspended);
  EXPECT_EQ(decide(proposed, "release").code, "trust_list.changed");
  EXPECT_EQ(file("current/list.p7m").status, 404);
  EXPECT_EQ(decide(proposed, "reject").json["state"], "rejected");
  release();
  EXPECT_EQ(loaded().list->content().services[0].periods[0].status, recognition::ServiceStatus::kSuspended);
}

TEST_P(TrustDeskTest, TwoVendorsCannotNameOneCertificate) {
  accredited();
  make_vendor(vendor_content("91150100MA0DEMX12Q"), VendorState::kAccredited);
  EXPECT_EQ(client("clerk").get("/api/v1/trust-list-draft").code, "trust_list.service_twice");
}

TEST_P(TrustDeskTest, TheFirstListFollowsOnTheOneInForce) {
  recognition::TrustListContent before;
  before.number = 7;
  before.issued_at = clock_.now();
  before.next_update = clock_.now() + std::chrono::hours(24);
  before.operator_zh = "从前的运营方";
  const auto root = hutong::test::self_signed(hutong::test::Party("别家根"));
  before.services.push_back({.id = "other",
                             .name_zh = "别家根证书",
                             .name_en = "Other root",
                             .vendor_zh = "别家",
                             .vendor_en = "Other",
                             .kind = recognition::ServiceKind::kRoot,
                             .certificate = root,
                             .periods = {{.status = recognition::ServiceStatus::kGranted,
                                          .since = clock_.now() - std::chrono::hours(24)}},
                             .quirks = {}});
  const auto sm3 = crypto::sm3(as_bytes("list no. 7"));
  in_force_ = std::make_shared<const recognition::TrustList>(before, sm3);
  accredited();
  EXPECT_EQ(draft()["changes"].size(), 1U) << "what is of no vendor here stays as it is";
  release();
  const auto list = loaded();
  ASSERT_NE(list.list, nullptr) << list.detail;
  EXPECT_EQ(list.list->content().number, 8U);
  EXPECT_EQ(list.list->content().previous_sm3, sm3);
  EXPECT_EQ(list.list->content().services.size(), 2U);
}

/// A platform whose lists are made elsewhere.
class KeylessTrustDesk : public TrustDeskTest {
 protected:
  KeylessTrustDesk() { has_signer_ = false; }
};
INSTANTIATE_TEST_SUITE_P(Storage, KeylessTrustDesk, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(KeylessTrustDesk, NothingIsReleased) {
  accredited();
  const Json proposed = propose().json;
  const Answer refused = decide(proposed, "release");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.code, "trust_list.no_key");
  EXPECT_EQ(file("current/list.p7m").status, 404);
}

TEST_P(TrustDeskTest, BadRequestsAreRefused) {
  accredited();
  const std::string sm3 = draft()["sm3"];
  const auto wanted = [](const Json& digest, const Json& days, const Json& reason) {
    return Json{{"draft_sm3", digest}, {"valid_days", days}, {"reason", reason}}.dump();
  };
  const std::vector<test::BadRequest> proposals = {
      {"no JSON", "{", 400, "json.syntax"},
      {"nothing", "{}", 400, "request.member"},
      {"unknown member", R"({"draft_sm3":"","valid_days":1,"reason":"x","y":1})", 400,
       "request.unknown_member"},
      {"digest as number", wanted(1, 30, "x"), 400, "request.member"},
      {"another draft", wanted("00", 30, "x"), 409, "trust_list.changed"},
      {"days as text", wanted(sm3, "30", "x"), 400, "request.member"},
      {"no day", wanted(sm3, 0, "x"), 422, "trust_list.valid_days"},
      {"two years", wanted(sm3, 730, "x"), 422, "trust_list.valid_days"},
      {"no reason", wanted(sm3, 30, ""), 400, "desk.member"},
      {"long reason", wanted(sm3, 30, std::string(1001, 'x')), 400, "desk.member"},
      {"17 KiB", std::string(17 * 1024, ' '), 413, "upload.too_large"}};
  for (const auto& bad : proposals) {
    const Answer answer =
        client("clerk").send(Method::kPost, "/api/v1/trust-list-releases", bad.body, "application/json");
    EXPECT_EQ(answer.status, bad.status) << bad.what << answer.response.body;
    EXPECT_EQ(answer.code, bad.code) << bad.what << answer.response.body;
  }
  const std::vector<test::BadRequest> decisions = {
      {"no JSON", "{", 400, "json.syntax"},
      {"another word", R"({"decision":"maybe","reason":"x"})", 400, "desk.member"},
      {"no reason", R"({"decision":"release","reason":""})", 400, "desk.member"},
      {"unknown", R"({"decision":"release","reason":"x"})", 404, "trust_list.release_unknown"}};
  for (const auto& bad : decisions) {
    const Answer answer =
        client("reviewer")
            .send(Method::kPost, "/api/v1/trust-list-releases/x/decision", bad.body, "application/json");
    EXPECT_EQ(answer.status, bad.status) << bad.what << answer.response.body;
    EXPECT_EQ(answer.code, bad.code) << bad.what << answer.response.body;
  }
  EXPECT_EQ(file("x/list.p7m").status, 400);
  EXPECT_EQ(file("1/list.doc").status, 404);
  EXPECT_EQ(file("99999999999999999999/list.p7m").status, 400);
  EXPECT_EQ(client("clerk").get("/api/v1/trust-lists?cursor=x").code, "request.number");
  EXPECT_EQ(client("clerk").get("/api/v1/trust-list-releases?limit=0").code, "request.limit");
  EXPECT_TRUE(client("clerk").get("/api/v1/trust-list-releases").json["items"].empty());
}

}  // namespace
}  // namespace hutong::platform
