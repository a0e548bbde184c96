#include "net/http.h"

#include <gtest/gtest.h>

#include "net/ulid.h"

namespace hutong::net {
namespace {

TEST(Target, DecodesPathAndQuery) {
  const auto target = parse_target("/a%20b/%E4%B8%AD?x=1+2&y=%26&z");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a b/中");
  EXPECT_EQ(target->query.at("x"), "1 2");
  EXPECT_EQ(target->query.at("y"), "&");
  EXPECT_EQ(target->query.at("z"), "");
}

TEST(Target, RefusesWhatCouldLeaveTheTree) {
  for (const auto* bad : {"", "a", "http://x/", "/../etc", "/a/..", "/a/./b", "/%2e%2e/etc", "/a%2f..%2f..",
                          "/a\\b", "/%5c..", "/%", "/%4", "/%zz", "/a%00b", "*"}) {
    EXPECT_FALSE(parse_target(bad)) << bad;
  }
}

TEST(Headers, NamesIgnoreCase) {
  Headers headers;
  headers.add("Content-Type", "text/plain");
  EXPECT_EQ(headers.find("content-type"), "text/plain");
  EXPECT_FALSE(headers.find("content-typ"));
}

TEST(MediaType, ReadsQuotedParameters) {
  const auto media = parse_media_type("Multipart/Form-Data; charset=utf-8; boundary=\"a;\\\"b\"; x=1");
  EXPECT_EQ(media.type, "multipart/form-data");
  EXPECT_EQ(media.parameters.at("boundary"), "a;\"b");
  EXPECT_EQ(media.parameters.at("charset"), "utf-8");
  EXPECT_EQ(media.parameters.at("x"), "1");
}

TEST(Ulid, SortsByTimeAndIsRecognised) {
  const std::chrono::system_clock::time_point first(std::chrono::milliseconds(1'700'000'000'000));
  const auto a = make_ulid(first, crypto::system_random());
  const auto b = make_ulid(first + std::chrono::milliseconds(1), crypto::system_random());
  EXPECT_LT(a, b);
  EXPECT_TRUE(is_ulid(a));
  EXPECT_EQ(a.substr(0, 10), "01HF7YAT00");
  EXPECT_FALSE(is_ulid("8" + a.substr(1)));
  EXPECT_FALSE(is_ulid(a + "0"));
  EXPECT_FALSE(is_ulid("0IHF7YAT0000000000000000000"));
}

TEST(HttpDate, IsThatOfRfc9110) {
  EXPECT_EQ(http_date(*from_rfc3339("1994-11-06T08:49:37Z")), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(*from_rfc3339("2026-06-10T00:00:00Z")), "Wed, 10 Jun 2026 00:00:00 GMT");
}

}  // namespace
}  // namespace hutong::net
