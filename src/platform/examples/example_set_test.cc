#include "platform/examples/example_set.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/file.h"

namespace hutong::platform {
namespace {

/// A folder with an example and, unless empty, this logins.json.
Result<ExampleSet> load_with(const std::string& logins) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "hutong-example-set-test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  EXPECT_TRUE(write_file(folder / "manifest.json", as_bytes(R"([{"name":"good.cer"}])")));
  EXPECT_TRUE(write_file(folder / "good.cer", as_bytes("x")));
  if (!logins.empty()) {
    EXPECT_TRUE(write_file(folder / "logins.json", as_bytes(logins)));
  }
  return ExampleSet::load(folder);
}

TEST(ExampleSet, SaysWhoCanLogInWhereAFileDoes) {
  const auto without = load_with("");
  ASSERT_TRUE(without);
  EXPECT_EQ(without->logins().body, "[]");
  const auto with = load_with(R"([{"title_en":"Platform","password":"secret"}])");
  ASSERT_TRUE(with);
  EXPECT_EQ(with->logins().body, R"([{"title_en":"Platform","password":"secret"}])");
  EXPECT_FALSE(with->file("logins.json")) << "no example";
}

TEST(ExampleSet, WithBadLoginsThePlatformDoesNotStart) {
  const auto no_array = load_with("{}");
  ASSERT_FALSE(no_array);
  EXPECT_EQ(no_array.error().reason, "examples.logins");
  EXPECT_FALSE(load_with("[")) << "no JSON";
}

}  // namespace
}  // namespace hutong::platform
