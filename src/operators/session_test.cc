#include <gtest/gtest.h>

#include "base/encoding.h"
#include "operators/canonical_text.h"
#include "operators/test_support.h"

namespace hutong::operators::test {
namespace {

using namespace std::chrono_literals;

class OperatorSessions : public OperatorsTest {};
INSTANTIATE_TEST_SUITE_P(Storage, OperatorSessions, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(OperatorSessions, EveryRoleLogsInWithItsCarrier) {
  start();
  for (const Role role : kAllRoles) {
    OperatorClient client = client_of(role);
    const Answer self = client.get("/api/v1/session");
    EXPECT_EQ(self.status, 200) << self.response.body;
    EXPECT_EQ(self.json["operator"]["role"], to_string(role));
    EXPECT_EQ(self.json["session_id"], client.session());
  }
  EXPECT_EQ(records("session.opened").size(), kAllRoles.size());
  EXPECT_TRUE(chain().whole());
}

TEST_P(OperatorSessions, ASignedActionGoesIntoTheRecordOfTheChange) {
  start();
  const OperatorClient client = client_of(Role::kBusinessOperator);
  const Answer made = client.post("/api/v1/things?x=%E4%B8%AD", {{"name", "值"}});
  ASSERT_EQ(made.status, 201) << made.response.body;
  const auto told = records("thing.made");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].event.actor.fingerprint, fingerprint_of(client.carrier().certificate));
  ASSERT_TRUE(told[0].event.signature);
  const auto text = as_text(told[0].event.signature->content);
  EXPECT_TRUE(text.starts_with("hutong-action-1\nPOST\n/api/v1/things?x=%E4%B8%AD\n")) << text;
  EXPECT_TRUE(crypto::verify_signature(client.carrier().key->public_key(), crypto::kSm2WithSm3,
                                       told[0].event.signature->content, told[0].event.signature->value));
}

}  // namespace
}  // namespace hutong::operators::test
