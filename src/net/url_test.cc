#include "net/url.h"

#include <gtest/gtest.h>

namespace hutong::net {
namespace {

TEST(UrlTest, IsTakenApart) {
  const auto url = parse_url("HTTPS://kmc.example:8443/keys?state=spare");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, Url::Scheme::kHttps);
  EXPECT_EQ(url->host, "kmc.example");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->target, "/keys?state=spare");
  EXPECT_EQ(url->authority(), "kmc.example:8443");
}

TEST(UrlTest, HasTheUsualPortAndPath) {
  const auto plain = parse_url("http://ocsp.example");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->port, 80);
  EXPECT_EQ(plain->target, "/");
  EXPECT_EQ(plain->authority(), "ocsp.example");
  EXPECT_EQ(parse_url("https://a?x=1")->target, "/?x=1");
  EXPECT_EQ(parse_url("https://a:80/")->authority(), "a:80");
}

TEST(UrlTest, KnowsAddresses) {
  const auto six = parse_url("https://[::1]:9443/a");
  ASSERT_TRUE(six);
  EXPECT_EQ(six->host, "::1");
  EXPECT_EQ(six->authority(), "[::1]:9443");
  EXPECT_EQ(parse_url("http://127.0.0.1/")->host, "127.0.0.1");
}

TEST(UrlTest, RefusesTheRest) {
  for (const std::string_view bad : {"",
                                     "a",
                                     "ftp://a/",
                                     "ldap://a/",
                                     "//a/",
                                     "http://",
                                     "http:///x",
                                     "http://user@a/",
                                     "http://a:b@c/",
                                     "http://a/#part",
                                     "http://a:0/",
                                     "http://a:65536/",
                                     "http://a:/",
                                     "http://a:8x/",
                                     "http://a b/",
                                     "http://a/x y",
                                     "http://a/\r\nX: y",
                                     "http://[::1/",
                                     "http://[a.example]/",
                                     "http://[::1]x/",
                                     "http://a\\b/",
                                     "http://\xe4\xb8\xad/"}) {
    const auto url = parse_url(bad);
    ASSERT_FALSE(url) << bad;
    EXPECT_EQ(url.error().reason, "client.url");
  }
  EXPECT_FALSE(parse_url("http://a/" + std::string(9'000, 'x')));
}

}  // namespace
}  // namespace hutong::net
