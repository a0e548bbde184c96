#include "asn1/oid.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace hutong::asn1 {
namespace {

constexpr Oid kSm2WithSm3("1.2.156.10197.1.501");

TEST(Oid, EncodesConstantsAtCompileTime) {
  EXPECT_EQ(to_hex(kSm2WithSm3.content()), "2a811ccf55018375");
  EXPECT_EQ(kSm2WithSm3.to_string(), "1.2.156.10197.1.501");
}

TEST(Oid, ParsesDottedText) {
  EXPECT_EQ(Oid::parse("1.2.156.10197.1.501").value(), kSm2WithSm3);
  EXPECT_EQ(Oid::parse("2.16.156.112554.1.1").value().to_string(), "2.16.156.112554.1.1");
  EXPECT_EQ(Oid::parse("2.999.3").value().to_string(), "2.999.3");
}

TEST(Oid, RefusesBadText) {
  for (const std::string_view bad : {"", "1", "1.", ".1", "1..2", "3.1", "1.40", "1.2.03", "a.b", "1.2 "}) {
    EXPECT_FALSE(Oid::parse(bad)) << bad;
  }
}

TEST(Oid, AnyContentSurvivesItsText) {
  const Bytes forty_arcs(40, 0x01);
  const Bytes longest_arc = {0x2A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F};
  const Bytes longest_first_arc = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F};
  for (const Bytes& content : {forty_arcs, longest_arc, longest_first_arc}) {
    const Oid oid = Oid::from_content(content).value();
    const auto parsed = Oid::parse(oid.to_string());
    ASSERT_TRUE(parsed) << oid.to_string();
    EXPECT_EQ(*parsed, oid);
  }
  EXPECT_FALSE(Oid::parse("1.2.9223372036854775808"));
  EXPECT_FALSE(Oid::parse("2.9223372036854775728"));
  std::string too_long = "1.2";
  for (int arc = 0; arc < 40; ++arc) {
    too_long += ".1";
  }
  EXPECT_FALSE(Oid::parse(too_long));
}

TEST(Oid, RefusesBadContent) {
  EXPECT_FALSE(Oid::from_content({}));
  EXPECT_FALSE(Oid::from_content(Bytes{0x2A, 0x80, 0x01}));  // superfluous zero
  EXPECT_FALSE(Oid::from_content(Bytes{0x2A, 0x81}));        // cut off
  EXPECT_FALSE(Oid::from_content(Bytes(41, 0x01)));
}

}  // namespace
}  // namespace hutong::asn1
