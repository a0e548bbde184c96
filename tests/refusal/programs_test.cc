#include <gtest/gtest.h>

#include "tests/support/program.h"

namespace hutong::test {
namespace {

constexpr int kUsageOrIo = 2;
const std::string kFolder = "FOLDER";  // in arguments: a file of the test's own folder that does not exist

struct ProgramCase {
  std::string name;
  std::vector<std::string> arguments;  ///< with which it would do something
};

class Programs : public testing::TestWithParam<ProgramCase> {
 protected:
  Outcome run(const std::string& where) const {
    std::vector<std::string> arguments = GetParam().arguments;
    for (std::string& argument : arguments) {
      argument = argument == kFolder ? folder_.file("made") : argument;
    }
    return program(where + "/" + GetParam().name, {.arguments = arguments});
  }
  Folder folder_;
};

TEST_P(Programs, DoNotRunWhenTheSelfTestsFail) {
  const Outcome outcome = run(HUTONG_BROKEN_FOLDER);
  EXPECT_EQ(outcome.exit, kUsageOrIo);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("crypto.self_test"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("SM3 (broken)"), std::string::npos) << outcome.err;
  EXPECT_FALSE(folder_.has("made"));
}

/// The same call of the sound program comes further.
TEST_P(Programs, RunWhenTheyPass) {
  const Outcome outcome = run(HUTONG_SOUND_FOLDER);
  EXPECT_EQ(outcome.err.find("crypto.self_test"), std::string::npos) << outcome.err;
  EXPECT_TRUE(outcome.exit == 0 || outcome.err.find(folder_.file("made")) != std::string::npos)
      << outcome.exit << outcome.err;
}

const std::vector<ProgramCase> kPrograms = {
    {"hutong", {"key", "generate", "--out", kFolder, "--no-password"}},
    {"hutong-ca", {"--config", kFolder}},
    {"hutong-ca", {"audit-verify", "--config", kFolder}},
    {"hutong-demonstration", {kFolder}},
    {"hutong-kmc", {"--config", kFolder}},
    {"hutong-platform", {"--config", kFolder}},
};

INSTANTIATE_TEST_SUITE_P(Refusal, Programs, testing::ValuesIn(kPrograms), [](const auto& info_of_case) {
  std::string name;
  for (const std::string& word : {info_of_case.param.name, info_of_case.param.arguments.front()}) {
    for (const char c : word) {
      if (c != '-') {
        name += c;
      }
    }
  }
  return name;
});

}  // namespace
}  // namespace hutong::test
