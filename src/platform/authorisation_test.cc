#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "platform/app.h"
#include "platform/desk_support.h"
#include "tests/support/support.h"

namespace hutong::platform {
namespace {

using net::Json;
using net::Method;

/// One operation of docs/openapi.json.
struct Operation {
  Method method;
  std::string pattern;
  std::string right;  ///< empty: public
};

std::vector<Operation> operations() {
  const Json document = test::must(net::parse_json(openapi_document()));
  std::vector<Operation> found;
  for (const auto& [pattern, methods] : document["paths"].items()) {
    for (const auto& [name, operation] : methods.items()) {
      const Method method = name == "get" ? Method::kGet : name == "put" ? Method::kPut : Method::kPost;
      EXPECT_NE(operation.contains("x-right"), operation.contains("x-public"))
          << name << ' ' << pattern << " says neither or both of who may";
      found.push_back({method, pattern, operation.value("x-right", "")});
    }
  }
  return found;
}

/// The address with something in the place of each parameter.
std::string address_of(const std::string& pattern) {
  std::string address;
  bool inside = false;
  for (const char c : pattern) {
    inside = inside || c == '{';
    if (!inside) {
      address += c;
    } else if (c == '}') {
      address += "1";
      inside = false;
    }
  }
  return address;
}

/// Who may do what: generated from the document, so that an endpoint without a rule fails here.
class Authorisation : public test::DeskTest {
 protected:
  bool holds(const std::string& who, const std::string& right) {
    const Json self = client(who).get("/api/v1/session").json["operator"];
    const Json& rights = self["effective_rights"];
    return std::find(rights.begin(), rights.end(), right) != rights.end();
  }
  bool is_served(const Operation& operation) const {
    const auto match = router_.find(operation.method, address_of(operation.pattern));
    return match && match->route->pattern == operation.pattern;
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, Authorisation, hutong::test::every_database(), hutong::test::database_name);

TEST_P(Authorisation, EveryRoleTimesEveryEndpoint) {
  std::size_t guarded = 0;
  for (const Operation& operation : operations()) {
    if (operation.right.empty()) {
      continue;
    }
    ++guarded;
    ASSERT_TRUE(is_served(operation)) << operation.pattern;
    const std::string address = address_of(operation.pattern);
    for (const std::string& who : everybody()) {
      const auto answer = operation.method == Method::kGet
                              ? client(who).get(address)
                              : client(who).send(operation.method, address, "", "application/json");
      EXPECT_EQ(answer.code != "right.missing", holds(who, operation.right))
          << who << ' ' << operation.pattern << ' ' << answer.response.body;
      EXPECT_LT(answer.status, 500) << answer.response.body;
      EXPECT_NE(answer.status, 401) << answer.response.body;
    }
    const auto stranger = client("clerk").exchange({.method = operation.method, .target = address});
    EXPECT_EQ(stranger.code, "session.missing") << operation.pattern;
  }
  EXPECT_GE(guarded, 13U);
  EXPECT_TRUE(log_is_whole());
}

TEST_P(Authorisation, EveryRouteIsInADocument) {
  const auto documented = operations();
  const Bytes file = hutong::test::read(hutong::test::data_path("../../docs/api/operators.yaml"));
  for (const net::Route& route : router_.routes()) {
    const bool is_ours = std::ranges::any_of(documented, [&](const Operation& operation) {
      return operation.method == route.method && operation.pattern == route.pattern;
    });
    EXPECT_TRUE(is_ours || as_text(file).find("\n  " + route.pattern + ":\n") != std::string_view::npos)
        << net::to_string(route.method) << ' ' << route.pattern;
  }
}

TEST_P(Authorisation, TheThreePowersAreSeparate) {
  EXPECT_TRUE(holds("security", "vendor.release"));
  EXPECT_FALSE(holds("security", "audit.read"));
  EXPECT_FALSE(holds("system", "vendor.release"));
  EXPECT_FALSE(holds("audit", "vendor.manage"));
  EXPECT_FALSE(holds("idler", "vendor.manage"));
  EXPECT_TRUE(holds("idler", "vendor.read"));
}

}  // namespace
}  // namespace hutong::platform
