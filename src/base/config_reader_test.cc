#include "base/config_reader.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/file.h"

namespace hutong {
namespace {

std::filesystem::path file_with(std::string_view text) {
  const auto file = std::filesystem::path(testing::TempDir()) / "hutong-config-reader-test.toml";
  EXPECT_TRUE(write_file(file, as_bytes(text)));
  return file;
}

TEST(ConfigReader, TakesValuesByTypeAndNamesWhatNobodyKnows) {
  auto in = ConfigReader::open(file_with("[a]\nname = \"x\"\non = true\ncount = 7\nfile = \"f\"\nodd = 1\n"));
  ASSERT_TRUE(in);
  std::string name;
  bool on = false;
  unsigned count = 0;
  std::filesystem::path file;
  in->text("a", "name", name);
  in->flag("a", "on", on);
  in->number("a", "count", 1, 9, count);
  in->path("a", "file", file);
  EXPECT_EQ(name, "x");
  EXPECT_TRUE(on);
  EXPECT_EQ(count, 7U);
  EXPECT_EQ(file, (std::filesystem::path(testing::TempDir()) / "f").lexically_normal());
  EXPECT_EQ(in->finish().error().reason, "config.unknown_key");
}

TEST(ConfigReader, TakesListsOfTexts) {
  auto in = ConfigReader::open(
      file_with("[a]\nnames = [\"x\", \"y\"]\nfiles = [\"f\", \"/g\"]\nodd = [\"x\", 1]\n"));
  ASSERT_TRUE(in);
  std::vector<std::string> names;
  std::vector<std::filesystem::path> files;
  in->texts("a", "names", names);
  in->texts("a", "absent", names);
  in->paths("a", "files", files);
  EXPECT_EQ(names, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(files, (std::vector<std::filesystem::path>{
                       (std::filesystem::path(testing::TempDir()) / "f").lexically_normal(), "/g"}));
  in->texts("a", "odd", names);
  EXPECT_EQ(names.size(), 2U);
  EXPECT_EQ(in->finish().error().reason, "config.value");
}

TEST(ConfigReader, WrongTypesRangesAndSyntax) {
  for (const std::string_view text : {"[a]\ncount = 10\n", "[a]\ncount = \"7\"\n", "[a]\ncount = 0\n"}) {
    auto in = ConfigReader::open(file_with(text));
    ASSERT_TRUE(in);
    int count = 5;
    in->number("a", "count", 1, 9, count);
    EXPECT_EQ(count, 5) << text;
    EXPECT_EQ(in->finish().error().reason, "config.value") << text;
  }
  EXPECT_EQ(ConfigReader::open(file_with("[a\n")).error().reason, "config.toml");
  auto in = ConfigReader::open(file_with("count = 1\n"));
  ASSERT_TRUE(in);
  EXPECT_EQ(in->finish().error().reason, "config.unknown_key");
  EXPECT_EQ(ConfigReader::open("/no/such/file").error().reason, "file.not_found");
}

}  // namespace
}  // namespace hutong
