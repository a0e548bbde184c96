#include "net/json.h"

#include <gtest/gtest.h>

namespace hutong::net {
namespace {

std::string_view reason(const Result<Json>& result) { return result ? "" : result.error().reason; }

TEST(ParseJson, KeepsOrder) {
  const auto json = parse_json(R"({"b":1,"a":[true,null,"\"]"]})");
  ASSERT_TRUE(json);
  EXPECT_EQ(to_text(*json), R"({"b":1,"a":[true,null,"\"]"]})");
}

TEST(ParseJson, RefusesWhatIsNotJson) {
  for (const auto* bad :
       {"", "{", "{\"a\":}", "nul", "[1,]", "\"\x80\"", "1 2", "{'a':1}", "\"\\", "[1e999999]"}) {
    EXPECT_EQ(reason(parse_json(bad)), "json.syntax") << bad;
  }
}

TEST(ParseJson, BoundsDepthAndCount) {
  EXPECT_EQ(reason(parse_json(std::string(1'000'000, '['))), "json.depth");
  EXPECT_EQ(reason(parse_json(std::string(33, '[') + std::string(33, ']'))), "json.depth");
  EXPECT_TRUE(parse_json(std::string(32, '[') + std::string(32, ']')));
  std::string many = "[0";
  for (int i = 0; i < 100'001; ++i) {
    many += ",0";
  }
  EXPECT_EQ(reason(parse_json(many + "]")), "json.values");
  EXPECT_TRUE(parse_json("\"" + std::string(1'000'000, '[') + "\"")) << "brackets in a string do not count";
}

TEST(ToText, ReplacesWhatIsNotUtf8) { EXPECT_EQ(to_text(Json("a\xFF")), "\"a\xEF\xBF\xBD\""); }

}  // namespace
}  // namespace hutong::net
