#include "agent/origins.h"

#include <gtest/gtest.h>

#include "tests/support/program.h"

namespace hutong::agent {
namespace {

constexpr std::uint16_t kPort = 26381;

net::Request from(std::string_view origin, std::string_view host = "127.0.0.1:26381") {
  net::Request request;
  request.headers.add("Host", host);
  if (!origin.empty()) {
    request.headers.add("Origin", origin);
  }
  return request;
}

std::unique_ptr<Origins> policy(OriginPolicy policy = {}) {
  return std::make_unique<Origins>(std::move(policy), "", std::set<std::string, std::less<>>());
}

std::string_view refusal(const Origins& origins, const net::Request& request) {
  const auto origin = origins.of(request, kPort);
  return origin ? "" : origin.error().reason;
}

TEST(OriginsTest, ServesPagesOfSecureSitesOnly) {
  const auto origins = policy();
  EXPECT_EQ(refusal(*origins, from("https://ggzyjy.nmg.gov.cn")), "");
  EXPECT_EQ(refusal(*origins, from("https://a.cn:8443")), "");
  EXPECT_EQ(refusal(*origins, from("")), "agent.origin_missing");
  for (const std::string_view origin :
       {"null", "http://a.cn", "https://", "https://a.cn/", "https://a.cn:443", "https://a.cn:0",
        "https://a.cn:", "https://A.cn", "https://u@a.cn", "https://a.cn\r\nx", "file://",
        "chrome-extension://abc", "https://a cn"}) {
    EXPECT_EQ(refusal(*origins, from(origin)), "agent.origin_refused") << origin;
  }
}

TEST(OriginsTest, NameThatWasReboundToThisMachineIsRefused) {
  const auto origins = policy();
  EXPECT_EQ(refusal(*origins, from("https://a.cn", "localhost:26381")), "");
  for (const std::string_view host : {"evil.example:26381", "127.0.0.1", "127.0.0.1:80", "localhost", ""}) {
    EXPECT_EQ(refusal(*origins, from("https://a.cn", host)), "agent.host") << host;
  }
}

TEST(OriginsTest, PolicyAllowsAndRefuses) {
  const auto origins = policy({.allowed = {"http://127.0.0.1:8080", "https://b.cn"},
                               .refused = {"https://bad.cn"},
                               .digests = {"https://b.cn"}});
  EXPECT_EQ(refusal(*origins, from("http://127.0.0.1:8080")), "");
  EXPECT_EQ(refusal(*origins, from("https://bad.cn")), "agent.origin_refused");
  EXPECT_TRUE(origins->is_allowed("https://b.cn"));
  EXPECT_FALSE(origins->is_allowed("https://c.cn"));
  EXPECT_TRUE(origins->may_sign_digests("https://b.cn"));
  EXPECT_FALSE(origins->may_sign_digests("http://127.0.0.1:8080"));
}

TEST(OriginsTest, ConsentIsKept) {
  const test::Folder folder;
  {
    const auto origins = Origins::open({}, folder.file("origins"));
    ASSERT_TRUE(origins);
    EXPECT_FALSE((*origins)->is_allowed("https://a.cn"));
    ASSERT_TRUE((*origins)->allow("https://a.cn"));
    ASSERT_TRUE((*origins)->allow("https://b.cn:8443"));
    ASSERT_TRUE((*origins)->allow("https://a.cn"));
  }
  EXPECT_EQ(as_text(folder.read("origins")), "https://a.cn\nhttps://b.cn:8443\n");
  folder.write("origins", as_bytes("https://a.cn\nhttp://not.secure\nnonsense"));
  const auto again = Origins::open({}, folder.file("origins"));
  ASSERT_TRUE(again);
  EXPECT_TRUE((*again)->is_allowed("https://a.cn"));
  EXPECT_FALSE((*again)->is_allowed("http://not.secure"));
}

}  // namespace
}  // namespace hutong::agent
