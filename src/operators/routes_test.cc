#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "operators/test_support.h"
#include "tests/support/support.h"

namespace hutong::operators::test {
namespace {

/// Who gets past the guard of which endpoint: letters S super, U audit administrator, B business
/// administrator, O business operator, A auditor with all rights of audit.
struct Endpoint {
  net::Method method;
  std::string_view path;
  std::string_view allowed;
};
constexpr std::array kEndpoints{
    Endpoint{net::Method::kGet, "/api/v1/session", "SUBOA"},
    Endpoint{net::Method::kPost, "/api/v1/session/heartbeat", "SUBOA"},
    Endpoint{net::Method::kGet, "/api/v1/rights", "SUBOA"},
    Endpoint{net::Method::kGet, "/api/v1/operators", "SUBA"},
    Endpoint{net::Method::kPost, "/api/v1/operators", "SUB"},
    Endpoint{net::Method::kGet, "/api/v1/operators/x", "SUBA"},
    Endpoint{net::Method::kPut, "/api/v1/operators/x", "SUB"},
    Endpoint{net::Method::kPost, "/api/v1/operators/x/certificate", "SUBOA"},
    Endpoint{net::Method::kPost, "/api/v1/operators/x/retirement", "SUB"},
    Endpoint{net::Method::kGet, "/api/v1/clients", "S"},
    Endpoint{net::Method::kPost, "/api/v1/clients", "S"},
    Endpoint{net::Method::kPut, "/api/v1/clients/x", "S"},
    Endpoint{net::Method::kPost, "/api/v1/clients/x/retirement", "S"},
    Endpoint{net::Method::kGet, "/api/v1/audit/records", "UA"},
    Endpoint{net::Method::kGet, "/api/v1/audit/records/1", "UA"},
    Endpoint{net::Method::kPost, "/api/v1/audit/verification", "UA"},
    Endpoint{net::Method::kPost, "/api/v1/audit/marks", "UA"},
    Endpoint{net::Method::kGet, "/api/v1/audit/archives", "UA"},
    Endpoint{net::Method::kPost, "/api/v1/audit/archives", "UA"},
    Endpoint{net::Method::kGet, "/api/v1/audit/archives/x/content", "UA"},
    Endpoint{net::Method::kGet, "/api/v1/audit/archives/x/signature", "UA"},
    Endpoint{net::Method::kPost, "/api/v1/things", "O"},
};
constexpr std::string_view kLetters = "SUBOA";  // in the order of kAllRoles

class OperatorRoutes : public OperatorsTest {};
INSTANTIATE_TEST_SUITE_P(Storage, OperatorRoutes, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(OperatorRoutes, EveryRoleTimesEveryEndpoint) {
  start();
  for (std::size_t at = 0; at < kAllRoles.size(); ++at) {
    const OperatorClient client = client_of(kAllRoles[at]);
    for (const Endpoint& endpoint : kEndpoints) {
      const std::string path(endpoint.path);
      const Answer answer = endpoint.method == net::Method::kGet
                                ? client.get(path)
                                : client.exchange(client.signed_request(endpoint.method, path, ""));
      const bool let_in = answer.code != "right.missing";
      EXPECT_EQ(let_in, endpoint.allowed.find(kLetters[at]) != std::string_view::npos)
          << to_string(kAllRoles[at]) << ' ' << net::to_string(endpoint.method) << ' ' << path << ' '
          << answer.response.body;
      EXPECT_LT(answer.status, 500) << answer.response.body;
      EXPECT_NE(answer.status, 401) << answer.response.body;
    }
  }
  EXPECT_TRUE(chain().whole());
}

TEST_P(OperatorRoutes, TheTableNamesEveryRouteAndNobodyGetsInWithoutASession) {
  start();
  const OperatorClient nobody = client(carrier(Role::kAuditor));
  for (const Endpoint& endpoint : kEndpoints) {
    const Answer answer = nobody.exchange({.method = endpoint.method, .target = std::string(endpoint.path)});
    EXPECT_EQ(answer.code, "session.missing") << endpoint.path;
  }
  std::size_t open = 0;
  for (const net::Route& route : router_.routes()) {
    open += route.pattern.starts_with("/api/v1/session") && route.method != net::Method::kGet &&
            !route.pattern.ends_with("heartbeat");
  }
  EXPECT_EQ(open, 3U) << "challenge, login, logout";
  EXPECT_EQ(router_.routes().size(), kEndpoints.size() + open);
}

TEST_P(OperatorRoutes, TheDocumentNamesEveryRoute) {
  start();
  const Bytes octets = hutong::test::read(
      hutong::test::data_path("").parent_path().parent_path().parent_path() / "docs/api/operators.yaml");
  for (const net::Route& route : router_.routes()) {
    if (route.pattern != "/api/v1/things") {
      EXPECT_NE(as_text(octets).find("\n  " + route.pattern + ":\n"), std::string_view::npos)
          << route.pattern;
    }
  }
}

}  // namespace
}  // namespace hutong::operators::test
