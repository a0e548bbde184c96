#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "platform/desk_support.h"
#include "platform/operations.h"

namespace hutong::platform {
namespace {

using net::Json;
using net::Method;
using test::example_address;
using test::Operation;

/// Who may do what: generated from the document, so that an endpoint without a rule fails here.
class Authorisation : public test::DeskTest {
 protected:
  bool holds(const std::string& who, const std::string& right) {
    const Json self = client(who).get("/api/v1/session").json["operator"];
    const Json& rights = self["effective_rights"];
    return std::find(rights.begin(), rights.end(), right) != rights.end();
  }
  bool is_served(const Operation& operation) const {
    const auto match = router_.find(operation.method, example_address(operation.pattern));
    return match && match->route->pattern == operation.pattern;
  }
};
INSTANTIATE_TEST_SUITE_P(Storage, Authorisation, hutong::test::every_database(), hutong::test::database_name);

TEST_P(Authorisation, EveryRoleTimesEveryEndpoint) {
  std::size_t guarded = 0;
  for (const Operation& operation : test::operations()) {
    if (operation.right.empty()) {
      continue;
    }
    ++guarded;
    ASSERT_TRUE(is_served(operation)) << operation.pattern;
    const std::string address = example_address(operation.pattern);
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
