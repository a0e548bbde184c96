#include "cms/internal/ber_stream.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "base/encoding.h"
#include "tests/support/support.h"

namespace hutong::cms::internal {
namespace {

using asn1::Tag;

/// Gives one octet at a time: the reader must not depend on the sizes of the pieces.
class Drip final : public ByteSource {
 public:
  explicit Drip(Bytes content) : content_(std::move(content)) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    if (at_ == content_.size()) {
      return std::size_t{0};
    }
    out[0] = content_[at_++];
    return std::size_t{1};
  }

 private:
  Bytes content_;
  std::size_t at_ = 0;
};

Result<Bytes> captured(std::string_view hex, std::size_t most = 1'000) {
  Drip source(hutong::test::hex(hex));
  BerStream stream(source, most);
  HUTONG_TRY(Bytes element, stream.capture());
  HUTONG_CHECK(stream.finish());
  return element;
}

TEST(BerStream, CapturesDerUnchanged) {
  const std::string_view der = "3010020105300704050102030405A0020500";
  EXPECT_EQ(*captured(der), hutong::test::hex(der));
  EXPECT_EQ(captured("020105020106").error().reason, "asn1.trailing_data");
}

TEST(BerStream, RewritesLengthsAsDer) {
  EXPECT_EQ(*captured("3080020105A080040101000000"
                      "00"),
            hutong::test::hex("3008020105A003040101"));
  EXPECT_EQ(*captured("30820003020105"), hutong::test::hex("3003020105"));
  EXPECT_EQ(*captured("3083000003810105"), hutong::test::hex("3003810105"));
  EXPECT_EQ(*captured("2480040101240404020203"
                      "0000"),
            hutong::test::hex("0403010203"));
}

TEST(BerStream, RefusesWhatIsNotBer) {
  EXPECT_EQ(captured("").error().reason, "asn1.truncated");
  EXPECT_EQ(captured("30").error().reason, "asn1.truncated");
  EXPECT_EQ(captured("3003").error().reason, "asn1.truncated");
  EXPECT_EQ(captured("30800201").error().reason, "asn1.truncated");
  EXPECT_EQ(captured("3080020105").error().reason, "asn1.truncated");
  EXPECT_EQ(captured("0480").error().reason, "asn1.length");
  EXPECT_EQ(captured("1F8101").error().reason, "asn1.high_tag");
  EXPECT_EQ(captured("30020205").error().reason, "asn1.truncated");  // reaches beyond its parent
  EXPECT_EQ(captured("0000").error().reason, "asn1.tag");
  EXPECT_EQ(captured("30020000").error().reason, "asn1.tag");
  EXPECT_EQ(captured("30FFFFFFFFFFFFFFFFFFFFFFFF").error().reason, "asn1.length");
  EXPECT_EQ(captured("2403020101").error().reason, "asn1.tag");
}

/// An element of up to three levels, now and then with an octet changed.
Bytes some_element(std::mt19937& random, int levels) {
  constexpr std::array<std::uint8_t, 8> kTags = {0x30, 0x31, 0xA0, 0x24, 0x02, 0x04, 0x80, 0x05};
  Bytes content(random() % 20, 0x05);
  const std::uint8_t tag = kTags[random() % kTags.size()];
  if ((tag & 0x20) != 0 && levels > 0) {
    content.clear();
    for (auto children = random() % 4; children > 0; --children) {
      append(content, some_element(random, levels - 1));
    }
  }
  Bytes element = {tag, static_cast<std::uint8_t>(content.size())};
  if (content.size() >= 0x80) {
    element = {tag, 0x82, static_cast<std::uint8_t>(content.size() >> 8),
               static_cast<std::uint8_t>(content.size())};
  }
  append(element, content);
  if (random() % 8 == 0) {
    element[random() % element.size()] = static_cast<std::uint8_t>(random());
  }
  return element;
}

/// Inside an indefinite length every part is rewritten octet by octet; else what is DER is copied at once.
TEST(BerStream, CopyingSaysWhatRewritingSays) {
  std::mt19937 random(7);
  std::size_t good = 0;
  for (int i = 0; i < 20'000; ++i) {
    const Bytes element = some_element(random, 3);
    const std::size_t most = i % 4 == 0 ? random() % 60 : 1'000;
    const auto copied = captured(to_hex(element), most);
    const auto rewritten = captured("3080" + to_hex(element) + "0000", most + 2);
    if (copied) {
      ++good;
      ASSERT_TRUE(rewritten) << to_hex(element);
      Bytes wrapped = {0x30};
      if (copied->size() >= 0x80) {
        wrapped.push_back(copied->size() > 0xFF ? 0x82 : 0x81);
      }
      if (copied->size() > 0xFF) {
        wrapped.push_back(static_cast<std::uint8_t>(copied->size() >> 8));
      }
      wrapped.push_back(static_cast<std::uint8_t>(copied->size()));
      append(wrapped, *copied);
      EXPECT_EQ(*rewritten, wrapped) << to_hex(element);
    } else if (copied.error().reason == "cms.too_large") {
      EXPECT_FALSE(rewritten) << to_hex(element);
    }
  }
  EXPECT_GT(good, 5'000U);
}

TEST(BerStream, EndsWithinItsBudgets) {
  std::string deep;
  for (int i = 0; i < 100; ++i) {
    deep += "3080";
  }
  EXPECT_EQ(captured(deep).error().reason, "asn1.depth");
  std::string wide = "3080";
  for (int i = 0; i < 600; ++i) {
    wide += "3000";
  }
  EXPECT_EQ(captured(wide + "0000").error().reason, "cms.too_large");
  EXPECT_EQ(captured("3006040400000000", 4).error().reason, "cms.too_large");
}

TEST(BerStream, StreamsStringsInAllTheirForms) {
  for (const std::string_view form : {"0403616263",
                                      "24800401610402"
                                      "62630000",
                                      "2407040161"
                                      "04026263",
                                      "248024800401610000"
                                      "04026263"
                                      "0000"}) {
    Drip source(hutong::test::hex(form));
    BerStream stream(source, 0);
    MemorySink sink(100);
    const auto size = stream.stream_string(Tag::kOctetString, sink);
    ASSERT_TRUE(size) << form << " " << size.error().reason;
    EXPECT_EQ(*size, 3U);
    EXPECT_EQ(as_text(sink.content()), "abc");
    EXPECT_EQ(stream.saw_ber(), form.substr(0, 2) != "04");
    EXPECT_TRUE(stream.finish());
  }
}

TEST(BerStream, AStringOfManyLevelsEnds) {
  std::string deep;
  for (int i = 0; i < 100; ++i) {
    deep += "2480";
  }
  Drip source(hutong::test::hex(deep));
  BerStream stream(source, 0);
  MemorySink sink(100);
  EXPECT_EQ(stream.stream_string(Tag::kOctetString, sink).error().reason, "asn1.depth");
}

TEST(BerStream, EntersAndLeavesElements) {
  Drip source(hutong::test::hex("30800201050000"));
  BerStream stream(source, 100);
  EXPECT_EQ(stream.enter(Tag::kSet).error().reason, "asn1.tag");
  ASSERT_TRUE(stream.enter(Tag::kSequence));
  EXPECT_FALSE(*stream.at_end());
  EXPECT_EQ(stream.leave().error().reason, "asn1.trailing_data");
  EXPECT_EQ(stream.capture(Tag::kOctetString).error().reason, "asn1.tag");
  ASSERT_TRUE(stream.capture(Tag::kInteger));
  EXPECT_FALSE(*stream.next_is(Tag::kInteger));
  ASSERT_TRUE(stream.leave());
  EXPECT_TRUE(stream.finish());
}

}  // namespace
}  // namespace hutong::cms::internal
