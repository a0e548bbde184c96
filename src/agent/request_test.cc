#include "agent/request.h"

#include <gtest/gtest.h>

namespace hutong::agent {
namespace {

std::string_view reason_of(std::string_view frame) {
  const auto request = read_request(frame);
  return request ? "" : request.error().reason;
}

TEST(PageRequest, IsReadWhole) {
  const auto request = read_request(
      R"({"id":9,"method":"encrypt.envelope","purpose":"投标","params":{"a":1},"stream":{"size":12,"rewindable":true}})");
  ASSERT_TRUE(request) << request.error().detail;
  EXPECT_EQ(request->id, 9U);
  EXPECT_EQ(request->method, "encrypt.envelope");
  EXPECT_EQ(request->purpose, "投标");
  EXPECT_EQ(request->params.at("a"), 1);
  ASSERT_TRUE(request->stream);
  EXPECT_EQ(request->stream->size, 12U);
  EXPECT_TRUE(request->stream->rewindable);
}

TEST(PageRequest, OfUnknownSizeHasNone) {
  const auto request = read_request(R"({"id":1,"method":"digest","stream":{"size":null}})");
  ASSERT_TRUE(request) << request.error().detail;
  EXPECT_FALSE(request->stream->size);
  EXPECT_FALSE(request->stream->rewindable);
}

TEST(PageRequest, WithoutIdMethodOrShapeIsRefused) {
  for (const std::string_view frame :
       {"", "1", "[]", "{", R"({"method":"hello"})", R"({"id":0,"method":"hello"})",
        R"({"id":4294967296,"method":"hello"})", R"({"id":-1,"method":"hello"})",
        R"({"id":1.5,"method":"hello"})", R"({"id":1})", R"({"id":1,"method":""})", R"({"id":1,"method":7})",
        R"({"id":1,"method":"hello","params":[]})", R"({"id":1,"method":"hello","more":1})",
        R"({"id":1,"method":"hello","stream":1})", R"({"id":1,"method":"hello","stream":{"size":-1}})",
        R"({"id":1,"method":"hello","stream":{"other":1}})"}) {
    EXPECT_EQ(reason_of(frame), "agent.request") << frame;
  }
  EXPECT_EQ(reason_of(std::string(40, '[')), "agent.request");
  EXPECT_EQ(reason_of(R"({"id":1,"method":")" + std::string(65, 'x') + R"("})"), "agent.request");
}

TEST(PageRequest, PurposeIsOneLineOfAtMost200Characters) {
  const auto with = [](const std::string& purpose) {
    return reason_of(net::to_text({{"id", 1}, {"method", "login"}, {"purpose", purpose}}));
  };
  std::string longest;
  for (int i = 0; i < 200; ++i) {
    longest += "标";
  }
  EXPECT_EQ(with(longest), "");
  EXPECT_EQ(with(longest + "x"), "agent.purpose");
  EXPECT_EQ(with(""), "agent.purpose");
  EXPECT_EQ(with("two\nlines"), "agent.purpose");
  EXPECT_EQ(with("escape \x1b[2J"), "agent.purpose");
}

TEST(PageRequest, IdIsToldEvenOfARefusedOne) {
  EXPECT_EQ(id_of(R"({"id":7,"method":"hello","more":1})"), 7U);
  EXPECT_EQ(id_of(R"({"id":"7"})"), 0U);
  EXPECT_EQ(id_of("nonsense"), 0U);
}

}  // namespace
}  // namespace hutong::agent
