#include "asn1/reader.h"

#include <gtest/gtest.h>

#include "asn1/writer.h"
#include "tests/support/support.h"

namespace hutong::asn1 {
namespace {

using test::hex;

std::string_view reason_of(const auto& result) { return result ? "accepted" : result.error().reason; }

TEST(Reader, WalksNestedStructures) {
  const Bytes der = hex("3008 0201 05 3003 0101FF");
  Reader in(der);
  Reader outer = in.enter_sequence().value();
  EXPECT_EQ(outer.read_small().value(), 5u);
  Reader inner = outer.enter_sequence().value();
  EXPECT_TRUE(inner.read_boolean().value());
  EXPECT_TRUE(inner.finish());
  EXPECT_TRUE(outer.finish());
  EXPECT_TRUE(in.finish());
}

TEST(Reader, LeavesItsPlaceAfterAFailedRead) {
  const Bytes der = hex("020105");
  Reader in(der);
  EXPECT_EQ(reason_of(in.read_boolean()), "asn1.tag");
  EXPECT_EQ(in.read_small().value(), 5u);
}

struct BadCase {
  std::string_view der, reason;
};
class BadHeaders : public testing::TestWithParam<BadCase> {};
TEST_P(BadHeaders, AreRefused) {
  const Bytes der = hex(GetParam().der);
  EXPECT_EQ(reason_of(Reader(der).read_any()), GetParam().reason) << GetParam().der;
}
INSTANTIATE_TEST_SUITE_P(
    X690, BadHeaders,
    testing::Values(BadCase{"", "asn1.truncated"}, BadCase{"30", "asn1.truncated"},
                    BadCase{"3005 0201", "asn1.truncated"}, BadCase{"3080 0000", "asn1.length"},
                    BadCase{"308105 0000000000", "asn1.length"},
                    BadCase{"30820005 0000000000", "asn1.length"},
                    BadCase{"3085 0000000001 00", "asn1.length"}, BadCase{"3084FFFFFFFF", "asn1.truncated"},
                    BadCase{"3082 01", "asn1.truncated"}, BadCase{"1F8101 00", "asn1.high_tag"}));

TEST(Reader, RefusesNonMinimalIntegers) {
  for (const std::string_view bad : {"0200", "02020001", "0202FF80"}) {
    const Bytes der = hex(bad);
    EXPECT_EQ(reason_of(Reader(der).read_integer()), "asn1.integer") << bad;
  }
  const Bytes good = hex("02020080");
  EXPECT_EQ(to_bytes(Reader(good).read_unsigned().value()), hex("80"));
  const Bytes negative = hex("020180");
  EXPECT_EQ(reason_of(Reader(negative).read_unsigned()), "asn1.integer");
}

TEST(Reader, RefusesBooleansThatAreNotDer) {
  const Bytes der = hex("010101");
  EXPECT_EQ(reason_of(Reader(der).read_boolean()), "asn1.boolean");
}

TEST(Reader, ChecksUnusedBits) {
  for (const std::string_view bad : {"0300", "030108", "030101", "030203C7"}) {
    const Bytes der = hex(bad);
    EXPECT_EQ(reason_of(Reader(der).read_bit_string()), "asn1.bit_string") << bad;
  }
  const Bytes usage = hex("030206C0");
  const BitString bits = Reader(usage).read_bit_string().value();
  EXPECT_TRUE(bits.bit(0));
  EXPECT_TRUE(bits.bit(1));
  EXPECT_FALSE(bits.bit(2));
  EXPECT_FALSE(bits.bit(100));
  EXPECT_EQ(reason_of(Reader(usage).read_bit_string_octets()), "asn1.bit_string");
}

TEST(Reader, ReadsBothTimes) {
  const Bytes utc = hex("170D3236303630313030303030305A");
  EXPECT_EQ(to_rfc3339(Reader(utc).read_time().value().time), "2026-06-01T00:00:00Z");
  const Bytes generalized = hex("180F32303530303630313030303030305A");
  const TimeValue late = Reader(generalized).read_time().value();
  EXPECT_EQ(to_rfc3339(late.time), "2050-06-01T00:00:00Z");
  EXPECT_EQ(late.written_as, Tag::kGeneralizedTime);
  const Bytes old = hex("170D3530303630313030303030305A");
  EXPECT_EQ(to_rfc3339(Reader(old).read_time().value().time), "1950-06-01T00:00:00Z");
}

TEST(Reader, RefusesTimesOutsideTheProfile) {
  for (const std::string_view text : {"2606010000Z", "260601000000+0800", "261301000000Z", "260601000000"}) {
    Writer out;
    out.text(Tag::kUtcTime, text);
    EXPECT_EQ(reason_of(Reader(out.view()).read_time()), "asn1.time") << text;
  }
}

TEST(Reader, KeepsToTheDepthBudget) {
  Bytes der;
  for (unsigned i = 0; i < 100; ++i) {
    Writer out;
    out.element(Tag::kSequence, der);
    der = std::move(out).take();
  }
  Reader in(der);
  for (unsigned i = 0; i < Reader::kMostDepth; ++i) {
    auto inner = in.enter_sequence();
    ASSERT_TRUE(inner);
    in = inner.value();
  }
  EXPECT_EQ(reason_of(in.enter_sequence()), "asn1.depth");
}

TEST(Reader, ReportsTrailingData) {
  const Bytes der = hex("0500 00");
  Reader in(der);
  EXPECT_TRUE(in.read_null());
  EXPECT_EQ(in.finish().error().reason, "asn1.trailing_data");
}

}  // namespace
}  // namespace hutong::asn1
