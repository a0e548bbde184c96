#include "x509/peer_name.h"

#include <gtest/gtest.h>

#include <vector>

namespace hutong::x509 {
namespace {

bool matches(PeerName::Kind kind, const char* expected, GeneralNameKind presented_kind,
             std::string_view presented) {
  GeneralName name;
  name.kind = presented_kind;
  name.value = as_bytes(presented);
  return matches_peer_name({kind, expected}, std::vector{name});
}
bool dns(std::string_view presented, const char* expected) {
  return matches(PeerName::Kind::kDns, expected, GeneralNameKind::kDnsName, presented);
}

TEST(PeerName, MatchesHostsWithoutCase) {
  EXPECT_TRUE(dns("Pay.Example.CN", "pay.example.cn"));
  EXPECT_FALSE(dns("pay.example.cn", "example.cn"));
  EXPECT_FALSE(dns("example.cn", "pay.example.cn"));
}

TEST(PeerName, AWildcardIsOneWholeFirstLabel) {
  EXPECT_TRUE(dns("*.example.cn", "pay.example.cn"));
  EXPECT_FALSE(dns("*.example.cn", "a.pay.example.cn"));
  EXPECT_FALSE(dns("*.example.cn", "example.cn"));
  EXPECT_FALSE(dns("p*.example.cn", "pay.example.cn"));
  EXPECT_FALSE(dns("pay.*.cn", "pay.example.cn"));
  EXPECT_FALSE(dns("*.cn", "example.cn"));
  EXPECT_FALSE(dns("*", "cn"));
}

TEST(PeerName, RefusesNamesThatAreNoHosts) {
  EXPECT_FALSE(dns("gm test client", "gm test client"));
  EXPECT_FALSE(dns("a_b.example.cn", "a_b.example.cn"));
  EXPECT_FALSE(dns("8.8.8.8", "8.8.8.8"));
}

TEST(PeerName, MatchesAddressesByOctets) {
  const std::string_view v4("\x0A\0\0\x01", 4);
  EXPECT_TRUE(matches(PeerName::Kind::kIp, "10.0.0.1", GeneralNameKind::kIpAddress, v4));
  EXPECT_FALSE(matches(PeerName::Kind::kIp, "10.0.0.2", GeneralNameKind::kIpAddress, v4));
  EXPECT_FALSE(matches(PeerName::Kind::kIp, "10.0.0.1", GeneralNameKind::kDnsName, "10.0.0.1"));
  EXPECT_FALSE(matches(PeerName::Kind::kIp, "nonsense", GeneralNameKind::kIpAddress, ""));
}

TEST(PeerName, MatchesMailboxes) {
  const auto mail = [](std::string_view presented, const char* expected) {
    return matches(PeerName::Kind::kEmail, expected, GeneralNameKind::kRfc822Name, presented);
  };
  EXPECT_TRUE(mail("li@Example.cn", "li@example.cn"));
  EXPECT_FALSE(mail("Li@example.cn", "li@example.cn"));
  EXPECT_FALSE(mail("li@a@example.cn", "li@a@example.cn"));
}

}  // namespace
}  // namespace hutong::x509
