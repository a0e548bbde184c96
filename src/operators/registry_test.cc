#include "operators/registry.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/encoding.h"
#include "operators/test_support.h"

namespace hutong::operators::test {
namespace {

using namespace std::chrono_literals;

TEST(Roles, SuperAndAuditAdministratorsGovernTheirOwnOnly) {
  const auto governed = [](Role governor) {
    std::vector<Role> roles;
    std::ranges::copy_if(kAllRoles, std::back_inserter(roles),
                         [&](const Role role) { return governs(governor, role); });
    return roles;
  };
  using enum Role;
  EXPECT_EQ(governed(kSuperAdministrator), (std::vector{kSuperAdministrator, kBusinessAdministrator}));
  EXPECT_EQ(governed(kAuditAdministrator), (std::vector{kAuditAdministrator, kAuditor}));
  EXPECT_EQ(governed(kBusinessAdministrator), (std::vector{kBusinessOperator}));
  EXPECT_TRUE(governed(kBusinessOperator).empty());
  EXPECT_TRUE(governed(kAuditor).empty());
  for (const Role role : kAllRoles) {
    EXPECT_EQ(role_from(to_string(role)), role);
  }
  EXPECT_FALSE(role_from("root"));
}

TEST(Rights, TextAndSetAreTheSame) {
  const RightSet rights{"order.enter", "a"};
  EXPECT_EQ(to_text(rights), "a order.enter");
  EXPECT_EQ(rights_from_text("a order.enter"), rights);
  EXPECT_TRUE(rights_from_text("").empty());
}

TEST(Rights, AGrantThatTheRoleMayNotHaveCountsForNothing) {
  const RightsCatalogue catalogue;
  EXPECT_FALSE(catalogue.allows(Role::kBusinessOperator, {std::string(kReadAudit)}, kReadAudit));
  EXPECT_FALSE(catalogue.allows(Role::kAuditor, {}, kReadAudit));
  EXPECT_TRUE(catalogue.allows(Role::kAuditor, {std::string(kReadAudit)}, kReadAudit));
  EXPECT_TRUE(catalogue.allows(Role::kAuditAdministrator, {}, kReadAudit));
  EXPECT_FALSE(catalogue.allows(Role::kSuperAdministrator, {"unheard.of"}, "unheard.of"));
}

class OperatorRegistry : public OperatorsTest {
 protected:
  std::string path(Role role, std::string_view tail = "") const {
    return "/api/v1/operators/" + id_of(role) + std::string(tail);
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, OperatorRegistry, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(OperatorRegistry, WhoAddsWhom) {
  start();
  for (const Role governor : kAllRoles) {
    const OperatorClient client = client_of(governor);
    for (const Role role : kAllRoles) {
      const Answer answer = client.post("/api/v1/operators", new_operator(role, "新人"));
      EXPECT_EQ(answer.status, governs(governor, role) ? 201 : 403)
          << to_string(governor) << " adds " << to_string(role) << ' ' << answer.response.body;
    }
  }
}

TEST_P(OperatorRegistry, WhoChangesAndRetiresWhom) {
  start();
  for (const Role governor : kAllRoles) {
    const OperatorClient client = client_of(governor);
    for (const Role role : kAllRoles) {
      const bool may = governs(governor, role) && governor != role;
      const Answer changed = client.put(path(role), {{"version", 99}});
      EXPECT_EQ(changed.status, may ? 409 : 403) << to_string(governor) << " changes " << to_string(role);
      const Answer retired = client.post(path(role, "/retirement"), {{"version", 99}});
      const bool is_last = role == Role::kSuperAdministrator || role == Role::kAuditAdministrator;
      EXPECT_EQ(retired.status, may ? (is_last ? 422 : 409) : 403)
          << to_string(governor) << " retires " << to_string(role);
    }
  }
}

TEST_P(OperatorRegistry, AnAddedOperatorWorksWithinTheGrantedRights) {
  start();
  const OperatorClient governor = client_of(Role::kBusinessAdministrator);
  const Carrier made = issuer_.make("录入员甲");
  net::Json wanted = {{"display_name", "录入员甲"},
                      {"role", "business_operator"},
                      {"certificate", to_base64(made.certificate.der())}};
  const Answer added = governor.post("/api/v1/operators", wanted);
  ASSERT_EQ(added.status, 201) << added.response.body;
  EXPECT_EQ(governor.post("/api/v1/operators", wanted).code, "operator.certificate_taken");
  OperatorClient client = this->client(made);
  client.log_in();
  EXPECT_EQ(client.post("/api/v1/things").code, "right.missing");
  const std::string one = "/api/v1/operators/" + added.json["id"].get<std::string>();
  const Answer changed = governor.put(one, {{"version", 1}, {"rights", {"thing.make"}}});
  EXPECT_EQ(changed.status, 200) << changed.response.body;
  EXPECT_EQ(changed.json["version"], 2);
  EXPECT_EQ(client.get("/api/v1/session").code, "session.ended") << "changed rights end the session";
  client.log_in();
  EXPECT_EQ(client.post("/api/v1/things").status, 201);
  const auto told = records("operator.changed");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].event.object_id, added.json["id"]);
  EXPECT_TRUE(told[0].event.signature);
}

TEST_P(OperatorRegistry, NobodyGrantsWhatTheRoleMayNotHave) {
  start();
  const OperatorClient governor = client_of(Role::kBusinessAdministrator);
  const auto code = [&](const net::Json& body) { return governor.post("/api/v1/operators", body).code; };
  const auto with = [&](std::vector<std::string> rights) {
    return new_operator(Role::kBusinessOperator, "新人", std::move(rights));
  };
  EXPECT_EQ(code(with({"thing.configure"})), "right.not_for_role");
  EXPECT_EQ(code(with({std::string(kGovernOperators)})), "right.not_for_role");
  EXPECT_EQ(code(with({std::string(kReadAudit)})), "right.not_for_role");
  EXPECT_EQ(code(with({"nothing"})), "right.unknown");
  EXPECT_EQ(
      governor.put(path(Role::kBusinessOperator), {{"version", 1}, {"rights", {"thing.configure"}}}).code,
      "right.not_for_role");
  const auto refusals = records("operator.added");
  EXPECT_EQ(std::ranges::count(refusals, audit::Outcome::kRefused,
                               [](const audit::Record& record) { return record.event.outcome; }),
            4);
}

TEST_P(OperatorRegistry, BadInputHasItsCode) {
  start();
  const OperatorClient governor = client_of(Role::kBusinessAdministrator);
  const auto with = [&](const std::string& member, const net::Json& value) {
    net::Json body = new_operator(Role::kBusinessOperator, "新人");
    body[member] = value;
    return governor.post("/api/v1/operators", body).code;
  };
  EXPECT_EQ(with("role", "root"), "operator.role");
  EXPECT_EQ(with("role", 1), "request.member");
  EXPECT_EQ(with("display_name", ""), "operator.display_name");
  EXPECT_EQ(with("display_name", "a\nb"), "operator.display_name");
  EXPECT_EQ(with("display_name", std::string(201, 'x')), "operator.display_name");
  EXPECT_EQ(with("region", "150100"), "operator.region") << "this program has no regions";
  EXPECT_EQ(with("region", 150100), "request.member");
  EXPECT_EQ(with("rights", "thing.make"), "request.member");
  EXPECT_EQ(with("rights", {1}), "request.member");
  EXPECT_EQ(with("certificate", "!"), "request.member");
  EXPECT_EQ(with("certificate", "MAA="), "asn1.truncated");
  EXPECT_EQ(with("admin", true), "request.unknown_member");
  EXPECT_EQ(with("certificate", to_base64(issuer_.make("旧", Time(0s), Time(1s)).certificate.der())),
            "operator.certificate_expired");
  const hutong::test::Party stranger("别的CA");
  const auto foreign = hutong::test::issue(stranger, hutong::test::Party("外人"), {});
  EXPECT_EQ(with("certificate", to_base64(foreign.der())), "operator.certificate_untrusted");
  const std::string one = path(Role::kBusinessOperator);
  EXPECT_EQ(governor.put(one, net::Json::object()).code, "request.member");
  EXPECT_EQ(governor.put(one, {{"version", 1.5}}).code, "request.member");
  EXPECT_EQ(governor.put(one, {{"version", 18446744073709551615ULL}}).code, "request.member");
  EXPECT_EQ(governor.put("/api/v1/operators/nobody", {{"version", 1}}).code, "operator.unknown");
  EXPECT_EQ(governor.get("/api/v1/operators/nobody").code, "operator.unknown");
  EXPECT_EQ(governor.get("/api/v1/operators?role=root").code, "operator.role");
  EXPECT_EQ(governor.get("/api/v1/operators?state=gone").code, "request.choice");
  for (const char* limit : {"0", "1001", "x", "-1", "99999999999999999999"}) {
    EXPECT_EQ(governor.get(std::string("/api/v1/operators?limit=") + limit).code, "request.limit");
  }
}

TEST_P(OperatorRegistry, NoChangeIsLost) {
  start();
  constexpr int kAtOnce = 4;
  std::vector<OperatorClient> governors;
  for (int at = 0; at < kAtOnce; ++at) {
    governors.push_back(client_of(Role::kBusinessAdministrator));
  }
  const std::string one = path(Role::kBusinessOperator);
  std::array<int, kAtOnce> status{};
  {
    std::vector<std::jthread> threads;
    for (std::size_t at = 0; at < kAtOnce; ++at) {
      threads.emplace_back([&, at] {
        status[at] =
            governors[at].put(one, {{"version", 1}, {"display_name", "名" + std::to_string(at)}}).status;
      });
    }
  }
  EXPECT_EQ(std::ranges::count(status, 200), 1);
  EXPECT_EQ(std::ranges::count(status, 409), kAtOnce - 1);
  EXPECT_EQ(governors[0].get(one).json["version"], 2);
}

TEST_P(OperatorRegistry, TheLastAdministratorStays) {
  start();
  const Carrier second = issuer_.make("第二超级管理员");
  const OperatorClient first = client_of(Role::kSuperAdministrator);
  const Answer added =
      first.post("/api/v1/operators", {{"display_name", "第二超级管理员"},
                                       {"role", "super_administrator"},
                                       {"certificate", to_base64(second.certificate.der())}});
  ASSERT_EQ(added.status, 201) << added.response.body;
  OperatorClient other = client(second);
  other.log_in();
  // Both retire the other at the same time: one of them wins.
  const std::string first_path = path(Role::kSuperAdministrator, "/retirement");
  const std::string second_path = "/api/v1/operators/" + added.json["id"].get<std::string>() + "/retirement";
  int by_first = 0;
  int by_second = 0;
  {
    const std::jthread one([&] { by_first = first.post(second_path, {{"version", 1}}).status; });
    const std::jthread two([&] { by_second = other.post(first_path, {{"version", 1}}).status; });
  }
  EXPECT_EQ((by_first == 200) + (by_second == 200), 1) << by_first << ' ' << by_second;
  const OperatorClient audit = client_of(Role::kAuditAdministrator);
  const Answer left = audit.get("/api/v1/operators?role=super_administrator&state=active");
  EXPECT_EQ(left.json["items"].size(), 1U);
}

TEST_P(OperatorRegistry, OnesOwnCertificateIsReplacedByOneself) {
  start();
  OperatorClient client = client_of(Role::kSuperAdministrator);
  const Carrier fresh = issuer_.make("超级管理员的新介质");
  const net::Json body = {{"version", 1}, {"certificate", to_base64(fresh.certificate.der())}};
  const std::string target = path(Role::kSuperAdministrator, "/certificate");
  EXPECT_EQ(client_of(Role::kAuditAdministrator).post(target, body).code, "operator.not_governed");
  EXPECT_EQ(client.put(path(Role::kSuperAdministrator), {{"version", 1}}).code, "operator.not_governed")
      << "but one's own rights are not";
  const Answer replaced = client.post(target, body);
  ASSERT_EQ(replaced.status, 200) << replaced.response.body;
  EXPECT_EQ(client.get("/api/v1/session").code, "session.ended");
  EXPECT_EQ(client.try_log_in().code, "session.unknown_certificate") << "the old carrier";
  OperatorClient renewed = this->client(fresh);
  renewed.log_in();
  EXPECT_EQ(renewed.self()["id"], replaced.json["id"]);
}

TEST_P(OperatorRegistry, ListsArePaged) {
  start();
  const OperatorClient client = client_of(Role::kAuditor);
  std::vector<std::string> ids;
  std::string cursor;
  do {
    const Answer page = client.get("/api/v1/operators?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    ASSERT_EQ(page.status, 200) << page.response.body;
    for (const auto& item : page.json["items"]) {
      ids.push_back(item["id"].get<std::string>());
    }
    cursor = page.json.value("next", "");
  } while (!cursor.empty());
  EXPECT_EQ(ids.size(), kAllRoles.size());
  EXPECT_TRUE(std::ranges::is_sorted(ids));
  const Answer rights = client.get("/api/v1/rights");
  EXPECT_EQ(rights.json["items"].size(), 9U);
}

TEST_P(OperatorRegistry, TheInitialisationHappensOnce) {
  system_ = node({.audiences = {std::string(kOrigin)}});
  const auto bootstrap = [&](const std::vector<NewOperator>& first) {
    return storage::in_transaction(*database_, [&](storage::Transaction& transaction) {
      return system_->registry().bootstrap(transaction, first);
    });
  };
  std::vector<NewOperator> first{{.display_name = "超级管理员",
                                  .role = Role::kSuperAdministrator,
                                  .certificate = issuer_.make("超级管理员").certificate}};
  EXPECT_EQ(bootstrap(first).error().reason, "operator.bootstrap_roles");
  first.push_back({.display_name = "审计管理员",
                   .role = Role::kAuditAdministrator,
                   .certificate = issuer_.make("审计管理员").certificate});
  EXPECT_TRUE(bootstrap(first));
  EXPECT_EQ(bootstrap(first).error().reason, "operator.bootstrap_done");
  EXPECT_EQ(records("operator.added").size(), 2U);
}

}  // namespace
}  // namespace hutong::operators::test
