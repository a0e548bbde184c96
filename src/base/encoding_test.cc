#include "base/encoding.h"

#include <gtest/gtest.h>

namespace hutong {
namespace {

TEST(Hex, RoundTripsAndSkipsSeparators) {
  EXPECT_EQ(to_hex(Bytes{0x00, 0x7f, 0xff}), "007fff");
  EXPECT_EQ(from_hex("00:7F ff\n").value(), (Bytes{0x00, 0x7f, 0xff}));
}

TEST(Hex, RefusesOddLengthAndForeignCharacters) {
  EXPECT_EQ(from_hex("abc").error().reason, "encoding.hex");
  EXPECT_EQ(from_hex("zz").error().reason, "encoding.hex");
  EXPECT_FALSE(from_hex("a b"));
}

struct Base64Case {
  std::string_view plain, encoded;
};
class Base64Vectors : public testing::TestWithParam<Base64Case> {};
TEST_P(Base64Vectors, Rfc4648Section10) {
  EXPECT_EQ(to_base64(as_bytes(GetParam().plain)), GetParam().encoded);
  EXPECT_EQ(from_base64(GetParam().encoded).value(), to_bytes(as_bytes(GetParam().plain)));
}
INSTANTIATE_TEST_SUITE_P(Rfc4648, Base64Vectors,
                         testing::Values(Base64Case{"", ""}, Base64Case{"f", "Zg=="},
                                         Base64Case{"fo", "Zm8="}, Base64Case{"foo", "Zm9v"},
                                         Base64Case{"foob", "Zm9vYg=="}, Base64Case{"fooba", "Zm9vYmE="},
                                         Base64Case{"foobar", "Zm9vYmFy"}));

TEST(Base64, EveryDigitAndNothingElse) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto decoded = from_base64(kAlphabet);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(
      to_hex(*decoded),
      "00108310518720928b30d38f41149351559761969b71d79f8218a39259a7a29aabb2dbafc31cb3d35db7e39ebbf3dfbf");
  EXPECT_EQ(to_base64(*decoded), kAlphabet);
  for (int c = 0; c < 256; ++c) {
    const std::string text = std::string("AAA") + static_cast<char>(c);
    const bool skipped = std::string_view(" \t\r\n=").find(static_cast<char>(c)) != std::string_view::npos;
    EXPECT_EQ(from_base64(text).has_value(),
              skipped || kAlphabet.find(static_cast<char>(c)) != kAlphabet.npos)
        << c;
  }
}

TEST(Base64, AcceptsLineBreaksAndMissingPadding) {
  EXPECT_EQ(from_base64("Zm9v\r\n YmE").value(), to_bytes(as_bytes("fooba")));
}

TEST(Base64, LongTextsTooWhereverALineBreakOrAStrangerStands) {
  Bytes plain;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(from_base64(to_base64(plain)).value(), plain) << i;
    plain.push_back(static_cast<std::uint8_t>(i * 7));
  }
  const std::string text = to_base64(plain);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string broken = text;
    EXPECT_EQ(from_base64(broken.insert(i, "\r\n")).value(), plain) << i;
    for (const char stranger : {'-', '@', '[', '`', '{', ':', '\x80', '\0'}) {
      std::string wrong = text;
      wrong[i] = stranger;
      EXPECT_FALSE(from_base64(wrong)) << i << ' ' << stranger;
    }
  }
}

TEST(Base64, RefusesBrokenGroups) {
  for (const std::string_view bad : {"Z", "Zm9vY", "Zg=", "Zg===", "=Zg=", "Zm9v=", "Zm-v", "Zg==Zg=="}) {
    EXPECT_FALSE(from_base64(bad)) << bad;
  }
}

TEST(Utf8, AcceptsChineseAndRareHanCharacters) {
  EXPECT_TRUE(is_utf8("呼和浩特市"));
  EXPECT_TRUE(is_utf8("\xF0\xA0\x80\x80"));  // U+20000, extension B
}

TEST(Utf8, RefusesOverlongSurrogatesAndTruncation) {
  for (const std::string_view bad :
       {"\xC0\x80", "\xED\xA0\x80", "\xE4\xB8", "\xF4\x90\x80\x80", "\x80", "\xFF"}) {
    EXPECT_FALSE(is_utf8(bad)) << to_hex(as_bytes(bad));
  }
}

TEST(Utf16, DecodesBmpAndSurrogatePairs) {
  EXPECT_EQ(utf16be_to_utf8(Bytes{0x54, 0x7C, 0xD8, 0x40, 0xDC, 0x00}).value(), "呼\xF0\xA0\x80\x80");
  EXPECT_FALSE(utf16be_to_utf8(Bytes{0x54}));
  EXPECT_FALSE(utf16be_to_utf8(Bytes{0xD8, 0x40}));
  EXPECT_FALSE(utf16be_to_utf8(Bytes{0xDC, 0x00, 0x00, 0x41}));
}

TEST(Utf32, DecodesAndRefusesOutOfRange) {
  EXPECT_EQ(utf32be_to_utf8(Bytes{0x00, 0x00, 0x54, 0x7C}).value(), "呼");
  EXPECT_FALSE(utf32be_to_utf8(Bytes{0x00, 0x11, 0x00, 0x00}));
}

TEST(Latin1, MapsHighOctets) { EXPECT_EQ(latin1_to_utf8(Bytes{0xE9}), "é"); }

}  // namespace
}  // namespace hutong
