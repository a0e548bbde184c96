#include <gtest/gtest.h>

#include "cli/test_program.h"

namespace hutong::cli::test {
namespace {

TEST(Token, InitMakesADeviceWithAnApplication) {
  const Folder folder;
  const Call call{.arguments = {"token", "init", "--name", "demo", "--label", "演示钥匙", "--application",
                                "HUTONG", "--json"},
                  .environment = {{"HUTONG_TOKEN_HOME", folder.file("home")}}};
  const auto made = hutong(call);
  ASSERT_EQ(made.exit, 0) << made.out << made.err;
  EXPECT_EQ(made.json()["device"], "demo");
  EXPECT_EQ(made.json()["folder"], folder.file("home/demo"));
  EXPECT_TRUE(folder.has("home/demo/applications/4855544f4e47/application"));
  const auto again = hutong(call);
  EXPECT_EQ(again.exit, 1);
  EXPECT_EQ(again.json()["error"]["code"], "token.device_exists");
}

TEST(Token, InitRefusesPinsThatDoNotFitAndLeavesNothing) {
  const Folder folder;
  const auto refused =
      hutong({"token", "init", "--home", folder.file("home"), "--name", "demo", "--application", "HUTONG",
              "--user-pin-file", folder.write("pin", as_bytes("12345\n")), "--json"});
  EXPECT_EQ(refused.exit, 1);
  EXPECT_EQ(refused.json()["error"]["code"], "SAR_PIN_LEN_RANGE");
  EXPECT_FALSE(folder.has("home/demo"));
  const auto unnamed = hutong({"token", "init", "--home", folder.file("home"), "--name", "../x", "--json"});
  EXPECT_EQ(unnamed.json()["error"]["code"], "token.device_name");
}

}  // namespace
}  // namespace hutong::cli::test
