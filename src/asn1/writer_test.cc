#include "asn1/writer.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "tests/support/support.h"

namespace hutong::asn1 {
namespace {

template <typename Fill>
std::string written(Fill&& fill) {
  Writer out;
  fill(out);
  return to_hex(out.view());
}

TEST(Writer, WritesShortestIntegers) {
  EXPECT_EQ(written([](Writer& w) { w.small(0); }), "020100");
  EXPECT_EQ(written([](Writer& w) { w.small(128); }), "02020080");
  EXPECT_EQ(written([](Writer& w) { w.unsigned_integer(test::hex("0000FF")); }), "020200ff");
  EXPECT_EQ(written([](Writer& w) { w.unsigned_integer({}); }), "020100");
}

TEST(Writer, WritesLongLengths) {
  EXPECT_EQ(written([](Writer& w) { w.octet_string(Bytes(200)); }).substr(0, 6), "0481c8");
  EXPECT_EQ(written([](Writer& w) { w.octet_string(Bytes(300)); }).substr(0, 8), "0482012c");
}

TEST(Writer, DropsTrailingZeroBits) {
  EXPECT_EQ(written([](Writer& w) { w.named_bits(0b11); }), "030206c0");
  EXPECT_EQ(written([](Writer& w) { w.named_bits(0b11100); }), "03020338");
  EXPECT_EQ(written([](Writer& w) { w.named_bits(0); }), "030100");
}

TEST(Writer, SortsSets) {
  EXPECT_EQ(written([](Writer& w) {
              w.set_of({test::hex("020102"), test::hex("0101FF"), test::hex("020101")});
            }),
            "31090101ff020101020102");
}

TEST(Writer, ChoosesTheTimeTypeByYear) {
  EXPECT_EQ(written([](Writer& w) { w.time(from_rfc3339("2049-12-31T23:59:59Z").value()); }),
            "170d3439313233313233353935395a");
  EXPECT_EQ(written([](Writer& w) { w.time(from_rfc3339("2050-01-01").value()); }),
            "180f32303530303130313030303030305a");
}

}  // namespace
}  // namespace hutong::asn1
