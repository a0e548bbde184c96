#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "base/encoding.h"
#include "ca/registration/application_handlers.h"
#include "ca/registration/material.h"
#include "ca/registration/registration_routes.h"
#include "ca/registration/test_support.h"
#include "ca/rights.h"
#include "cms/enveloped_key.h"
#include "operators/operator_system.h"
#include "operators/schema.h"

namespace hutong::ca::registration::test {
namespace {

using hutong::test::Answer;
using hutong::test::OperatorClient;
using net::Json;
using operators::Role;

constexpr std::string_view kOrigin = "https://ca.example";

/// The registration system behind a server, with one operator for each right that is apart.
class RegistrationHttp : public RegistrationTest {
 protected:
  void SetUp() override {
    RegistrationTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    must(storage::migrate(database(), operators::kComponent, operators::migrations(), clock_));
    operators_ = must(operators::OperatorSystem::create({.database = database(),
                                                         .rights = ca::rights(),
                                                         .settings = {.audiences = {std::string(kOrigin)}},
                                                         .authority = issuer_.authority(),
                                                         .clock = clock_}));
    std::vector<operators::NewOperator> first;
    const auto add = [&](const char* name, Role role, operators::RightSet rights) {
      carriers_.push_back(issuer_.make(name));
      first.push_back({.display_name = name,
                       .role = role,
                       .rights = std::move(rights),
                       .certificate = carriers_.back().certificate});
    };
    add("超级管理员", Role::kSuperAdministrator, {});
    add("审计管理员", Role::kAuditAdministrator, {});
    add("业务管理员", Role::kBusinessAdministrator, {"template.manage"});
    add("录入员", Role::kBusinessOperator, {"order.enter", "order.query"});
    add("审核员", Role::kBusinessOperator, {"order.review", "order.query", "order.personal"});
    add("制证员", Role::kBusinessOperator, {"certificate.make", "order.deliver", "certificate.query"});
    must(storage::in_transaction(database(), [&](storage::Transaction& transaction) {
      return operators_->registry().bootstrap(transaction, first);
    }));
    operators_->add_routes(router_);
    add_registration_routes(router_, *system_, operators_->guard());
    add_application_routes(router_, *system_, {.applications = 3});
    server_ = std::make_unique<hutong::test::RunningServer>(router_);
  }

  OperatorClient logged_in(std::size_t who) const {
    OperatorClient client(server_->url(), std::string(kOrigin), carriers_.at(who), clock_);
    client.log_in();
    return client;
  }
  static Json application_json(const Subscriber& subscriber) {
    return {{"kind", "application"},
            {"applicant",
             {{"name", "演示机构"},
              {"number", kCreditCode},
              {"role", "supplier"},
              {"region", "150100"},
              {"phone", "13800138000"}}},
            {"template", "organization-signing"},
            {"subject", {{"attributes", {{"O", "演示机构"}, {"CN", "演示机构"}}}}},
            {"key", {{"algorithm", "SM2"}, {"bits", 256}}},
            {"request", to_base64(subscriber.request())}};
  }
  static Json at(const Json& order) { return {{"version", order.at("version")}}; }
  static std::string path(const Json& order, const std::string& rest = {}) {
    return "/api/v1/orders/" + order.at("id").get<std::string>() + rest;
  }
  Answer stranger(net::Method method, const std::string& target, const Json& body = {},
                  const std::string& secret = {}) const {
    net::ClientRequest request{.method = method, .target = target};
    if (!body.is_null()) {
      request.headers.emplace_back("Content-Type", "application/json");
      request.body = net::to_text(body);
    }
    if (!secret.empty()) {
      request.headers.emplace_back("Hutong-Pick-Up", secret);
    }
    auto response = must(must(net::Client::create(server_->url())).send(request));
    auto json = response.body.empty() ? Json() : must(net::parse_json(response.body));
    const std::string code = json.contains("code") ? json["code"].get<std::string>() : std::string();
    return {response.status, json, code, std::move(response)};
  }

  static constexpr std::size_t kBusinessAdministrator = 2;
  static constexpr std::size_t kEnterer = 3;
  static constexpr std::size_t kReviewer = 4;
  static constexpr std::size_t kMaker = 5;
  hutong::test::CarrierIssuer issuer_;
  std::vector<hutong::test::Carrier> carriers_;
  std::unique_ptr<operators::OperatorSystem> operators_;
  net::Router router_;
  std::unique_ptr<hutong::test::RunningServer> server_;
};
INSTANTIATE_TEST_SUITE_P(Databases, RegistrationHttp, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(RegistrationHttp, EnteredReviewedMadeAndDeliveredEachStepSigned) {
  const auto enterer = logged_in(kEnterer);
  const auto reviewer = logged_in(kReviewer);
  const auto maker_client = logged_in(kMaker);
  const Subscriber subscriber;
  auto answer = enterer.post("/api/v1/orders", application_json(subscriber));
  ASSERT_EQ(answer.status, 201) << answer.response.body;
  EXPECT_EQ(answer.json["state"], "entered");
  EXPECT_EQ(answer.json["applicant"]["phone"], "138****8000");
  answer = enterer.post(path(answer.json, "/submission"), at(answer.json));
  ASSERT_EQ(answer.status, 200) << answer.response.body;
  answer = reviewer.post(path(answer.json, "/approval"), at(answer.json));
  ASSERT_EQ(answer.status, 200) << answer.response.body;
  answer = maker_client.post(path(answer.json, "/issuance"), at(answer.json));
  ASSERT_EQ(answer.status, 200) << answer.response.body;
  EXPECT_EQ(answer.json["state"], "issued");
  const auto objects = maker_client.get(path(answer.json, "/certificates"));
  ASSERT_EQ(objects.status, 200);
  const auto envelope = from_base64(objects.json["enveloped_key"].get<std::string>()).value();
  EXPECT_TRUE(cms::unwrap_key_pair(envelope, cms::Sm2KeyOpener(subscriber.key.key())));
  answer = maker_client.post(path(answer.json, "/delivery"), at(answer.json));
  EXPECT_EQ(answer.json["state"], "delivered");
  ASSERT_EQ(answer.json["steps"].size(), 5U);
  for (const Json& step : answer.json["steps"]) {
    EXPECT_TRUE(step["signed"].get<bool>()) << step.dump();
  }
  for (const auto& record : records("order.")) {
    EXPECT_TRUE(record.event.signature) << record.event.action;
  }
  const auto found = maker_client.get("/api/v1/certificates?number=" + std::string(kCreditCode));
  EXPECT_EQ(found.json["items"].size(), 2U);
}

TEST_P(RegistrationHttp, WhoLacksARightIsRefused) {
  const auto enterer = logged_in(kEnterer);
  const auto reviewer = logged_in(kReviewer);
  const auto order = enterer.post("/api/v1/orders", application_json(Subscriber())).json;
  EXPECT_EQ(reviewer.post("/api/v1/orders", application_json(Subscriber())).code, "right.missing");
  EXPECT_EQ(enterer.post(path(order, "/approval"), at(order)).code, "right.missing");
  EXPECT_EQ(enterer.post(path(order, "/issuance"), at(order)).code, "right.missing");
  EXPECT_EQ(enterer.get(path(order, "/personal-data")).code, "right.missing");
  EXPECT_EQ(stranger(net::Method::kGet, "/api/v1/orders").status, 401);
  EXPECT_EQ(stranger(net::Method::kPost, "/api/v1/orders", application_json(Subscriber())).status, 401);
  const auto shown = reviewer.get(path(order, "/personal-data"));
  EXPECT_EQ(shown.json["applicant"]["phone"], "13800138000");
  EXPECT_EQ(records("order.personal_data_shown").size(), 1U);
}

TEST_P(RegistrationHttp, BadInputHasACodeAndAnAuditRecord) {
  const auto enterer = logged_in(kEnterer);
  auto body = application_json(Subscriber());
  body["applicant"]["number"] = "91350100M000100Y44";
  auto answer = enterer.post("/api/v1/orders", body);
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.code, "applicant.number");
  body = application_json(Subscriber());
  body["surprise"] = 1;
  answer = enterer.post("/api/v1/orders", body);
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.code, "request.field");
  const auto refusals = records("order.entered");
  ASSERT_EQ(refusals.size(), 2U);
  EXPECT_EQ(refusals[0].event.outcome, audit::Outcome::kRefused);
  EXPECT_EQ(refusals[1].event.detail, R"({"code":"applicant.number"})");
  EXPECT_TRUE(refusals[0].event.signature);
  const auto order = enterer.post("/api/v1/orders", application_json(Subscriber())).json;
  EXPECT_EQ(enterer.post(path(order, "/delivery"), at(order)).code, "right.missing");
  EXPECT_EQ(enterer.post(path(order, "/submission"), {{"version", 7}}).code, "order.changed");
  EXPECT_EQ(enterer.get("/api/v1/orders?state=lost").code, "request.field");
  EXPECT_EQ(enterer.get("/api/v1/orders/nothing").status, 404);
}

TEST_P(RegistrationHttp, ListsArePagedAndFiltered) {
  const auto enterer = logged_in(kEnterer);
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(enterer.post("/api/v1/orders", application_json(Subscriber())).status, 201);
  }
  const auto first = enterer.get("/api/v1/orders?limit=3&state=entered");
  ASSERT_EQ(first.json["items"].size(), 3U);
  const auto rest = enterer.get("/api/v1/orders?limit=3&cursor=" + first.json["next"].get<std::string>());
  EXPECT_EQ(rest.json["items"].size(), 2U);
  EXPECT_FALSE(rest.json.contains("next"));
  EXPECT_EQ(enterer.get("/api/v1/orders?number=" + std::string(kOtherCreditCode)).json["items"].size(), 0U);
  EXPECT_EQ(enterer.get("/api/v1/orders?region=150100&kind=application").json["items"].size(), 5U);
  EXPECT_EQ(enterer.get("/api/v1/statistics").json["orders"]["entered"], 5);
}

TEST_P(RegistrationHttp, ASubscriberAppliesAndPicksUpOnline) {
  const Subscriber subscriber;
  auto body = application_json(subscriber);
  body.erase("kind");
  auto answer = stranger(net::Method::kPost, "/api/v1/applications", body);
  ASSERT_EQ(answer.status, 201) << answer.response.body;
  const std::string id = answer.json["id"].get<std::string>();
  const std::string secret = answer.json["pick_up_secret"].get<std::string>();
  const std::string mine = "/api/v1/applications/" + id;
  EXPECT_EQ(stranger(net::Method::kGet, mine, {}, secret).json["state"], "submitted");
  EXPECT_EQ(stranger(net::Method::kGet, mine, {}, "AAAAAA-AAAAAA-AAAAAA-AAAAAA").status, 404);
  EXPECT_EQ(stranger(net::Method::kGet, mine + "/certificates", {}, secret).code, "order.state");
  const auto order = must(desk().find(id));
  must(desk().approve(step(order), reviewer_));
  EXPECT_FALSE(make(id));
  answer = stranger(net::Method::kGet, mine + "/certificates", {}, secret);
  ASSERT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.json.contains("encryption_certificate"));
  EXPECT_EQ(stranger(net::Method::kPost, mine + "/acceptance", Json::object(), secret).json["state"],
            "delivered");
}

TEST_P(RegistrationHttp, MaterialsAndFeesBelongToTheOrder) {
  const auto enterer = logged_in(kEnterer);
  const auto order = enterer.post("/api/v1/orders", application_json(Subscriber())).json;
  const std::string picture = "\x89PNG\r\n\x1A\n and so on";
  const auto file = [](std::string_view content) {
    return Json{
        {"kind", "licence"}, {"file_name", "营业执照.png"}, {"content", to_base64(as_bytes(content))}};
  };
  auto answer = enterer.post(path(order, "/materials"), file(picture));
  ASSERT_EQ(answer.status, 201) << answer.response.body;
  EXPECT_EQ(answer.json["media_type"], "image/png");
  EXPECT_EQ(enterer.post(path(order, "/materials"), file(picture)).code, "material.repeated");
  EXPECT_EQ(enterer.post(path(order, "/materials"), file("MZ executable")).code, "material.type");
  const std::string sm3 = answer.json["sm3"].get<std::string>();
  EXPECT_EQ(enterer.get(path(order, "/materials/" + sm3)).code, "right.missing");
  answer = enterer.post(path(order, "/fees"), {{"item", "USBKey"}, {"cents", 12'000}, {"receipt", "No.1"}});
  ASSERT_EQ(answer.status, 201) << answer.response.body;
  EXPECT_EQ(enterer.post(path(order, "/fees"), {{"item", "x"}, {"cents", -1}}).code, "request.field");
  const auto shown = enterer.get(path(order));
  EXPECT_EQ(shown.json["materials"].size(), 1U);
  EXPECT_EQ(shown.json["fees"][0]["receipt"], "No.1");
  auto reader = must(database().read());
  const auto kept = must(MaterialRepository(*seal_).find(reader, order["id"].get<std::string>(), sm3));
  EXPECT_EQ(as_text(kept.content), picture);
}

TEST_P(RegistrationHttp, StrangersCannotFloodTheDesk) {
  for (int i = 0; i < 3; ++i) {
    auto body = application_json(Subscriber());
    body.erase("kind");
    EXPECT_EQ(stranger(net::Method::kPost, "/api/v1/applications", body).status, 201);
  }
  auto body = application_json(Subscriber());
  body.erase("kind");
  const auto answer = stranger(net::Method::kPost, "/api/v1/applications", body);
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.code, "http.too_many_requests");
  clock_.move(std::chrono::minutes(11));
  EXPECT_EQ(stranger(net::Method::kPost, "/api/v1/applications", body).status, 201);
}

TEST_P(RegistrationHttp, TemplatesAreAddedGrantedSynchronisedAndRetired) {
  const auto administrator = logged_in(kBusinessAdministrator);
  auto made = administrator.get("/api/v1/templates/device").json;
  EXPECT_TRUE(made["granted"].get<bool>());
  made.erase("granted");
  made["id"] = "printer";
  made["name_zh"] = "打印机证书";
  ASSERT_EQ(administrator.post("/api/v1/templates", made).status, 201);
  EXPECT_EQ(administrator.post("/api/v1/templates", made).code, "template.version");
  EXPECT_EQ(administrator.put("/api/v1/templates/printer/grant", Json::object()).status, 204);
  auto changes = administrator.post("/api/v1/template-synchronisations");
  EXPECT_EQ(changes.json["added"], Json::array({"printer"}));
  auto offered = stranger(net::Method::kGet, "/api/v1/order-templates");
  EXPECT_NE(offered.response.body.find("打印机证书"), std::string::npos);
  EXPECT_EQ(administrator.remove("/api/v1/templates/printer").status, 204);
  changes = administrator.post("/api/v1/template-synchronisations");
  EXPECT_EQ(changes.json["withdrawn"], Json::array({"printer"}));
  EXPECT_EQ(records("template.").size(), 6U);
  EXPECT_EQ(logged_in(kEnterer).remove("/api/v1/templates/device").code, "right.missing");
}

}  // namespace
}  // namespace hutong::ca::registration::test
