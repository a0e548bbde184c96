#include "net/json.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

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

TEST(ParseJson, NumbersKeepTheirKind) {
  const auto json = parse_json("[0,-1,18446744073709551615,-9223372036854775808,1.5,1e2]");
  ASSERT_TRUE(json);
  EXPECT_TRUE((*json)[0].is_number_unsigned());
  EXPECT_FALSE((*json)[1].is_number_unsigned());
  EXPECT_EQ((*json)[1], -1);
  EXPECT_EQ((*json)[2].get<std::uint64_t>(), 18446744073709551615ULL);
  EXPECT_EQ((*json)[3].get<std::int64_t>(), std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE((*json)[4].is_number_float());
  EXPECT_EQ((*json)[5], 100.0);
}

TEST(ParseJson, TextIsUtf8AndMayBeEscaped) {
  const auto json = parse_json(R"(["中","\u4e2d","\ud83d\ude00","\u0000"])");
  ASSERT_TRUE(json);
  EXPECT_EQ((*json)[0], (*json)[1]);
  EXPECT_EQ((*json)[2], "😀");
  EXPECT_EQ((*json)[3], std::string(1, '\0'));
  EXPECT_EQ(reason(parse_json(R"(["\ud83d"])")), "json.syntax") << "half a character";
}

TEST(ParseJson, NoObjectHasANameTwice) {
  EXPECT_EQ(reason(parse_json(R"({"a":1,"a":2})")), "json.syntax");
  EXPECT_EQ(reason(parse_json(R"({"a":{"b":1,"\u0062":2}})")), "json.syntax");
  const auto object_of = [](int members) {
    std::string text = "{";
    for (int i = 0; i < members; ++i) {
      text += "\"" + std::to_string(i) + "\":0,";
    }
    return text;
  };
  EXPECT_TRUE(parse_json(object_of(90'000) + R"("x":0})")) << "and in no time";
  EXPECT_EQ(reason(parse_json(object_of(90'000) + R"("89999":0})")), "json.syntax");
  EXPECT_EQ(reason(parse_json(object_of(90'000) + R"("0":0})")), "json.syntax");
}

TEST(ParseJson, NothingAtAllIsNoJson) { EXPECT_EQ(reason(parse_json(std::string_view())), "json.syntax"); }

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
  EXPECT_TRUE(parse_json(R"(["\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "\\"])"))
      << "escaped quotes do not end one";
}

TEST(ToText, ReplacesWhatIsNotUtf8) { EXPECT_EQ(to_text(Json("a\xFF")), "\"a\xEF\xBF\xBD\""); }

}  // namespace
}  // namespace hutong::net
