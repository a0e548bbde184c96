#include "token/driver/description.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/file.h"
#include "tests/support/program.h"
#include "tests/support/support.h"
#include "token/driver/functions.h"
#include "token/skf.h"

namespace hutong::token {
namespace {

constexpr std::string_view kWhole = R"([driver]
name = "example-key"
vendor = "Example"
vendor_zh = "示例"
product = "K1"
application = "APP"
usb = ["055c:db08", "6588:1514"]
edition = 2023
[library]
linux = ["/opt/example/libskf.so", "beside.so"]
windows = ["skf.dll"]
sm3 = ["0000000000000000000000000000000000000000000000000000000000000001"]
dependency_folders = ["/opt/example/lib"]
[calls]
seconds = 7
wait_for_events = true
[pcsc]
atr = ["3B9F.58131FE9F00664653*", "3b 80 01 81"]
application = "a0 00 00 00 01 02"
label = "0050"
serial_number = "5F20"
[quirks]
allowed = ["left_aligned_numbers", "der_signatures"]
)";

TEST(DriverDescription, IsReadWhole) {
  const hutong::test::Folder folder;
  const auto read = read_description(folder.write("a.toml", as_bytes(kWhole)));
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->name, "example-key");
  EXPECT_EQ(read->vendor_zh, "示例");
  EXPECT_EQ(read->usb, (std::vector<UsbId>{{0x055c, 0xdb08}, {0x6588, 0x1514}}));
  EXPECT_EQ(read->edition, 2023U);
  EXPECT_EQ(read->linux_libraries.at(1), folder.file("beside.so"));
  EXPECT_EQ(read->allowed.at(0).back(), 1);
  EXPECT_EQ(read->call_limit, std::chrono::seconds(7));
  EXPECT_TRUE(read->wait_for_events);
  ASSERT_EQ(read->card.answers_to_reset.size(), 2U);
  EXPECT_TRUE(read->card.answers_to_reset[1].matches(from_hex("3b800181").value()));
  EXPECT_EQ(read->card.application, from_hex("a00000000102").value());
  EXPECT_EQ(read->card.label_object, 0x0050);
  EXPECT_EQ(read->card.serial_number_object, 0x5f20);
  EXPECT_EQ(read->quirks, (std::vector<Quirk>{Quirk::kLeftAlignedNumbers, Quirk::kDerSignatures}));
}

TEST(DriverDescription, SaysWhatIsWrong) {
  const hutong::test::Folder folder;
  const auto reason = [&](std::string_view text) {
    return std::string(read_description(folder.write("a.toml", as_bytes(text))).error().reason);
  };
  EXPECT_EQ(reason("[driver]\nname = \"Two Words\"\n"), "token.description");
  EXPECT_EQ(reason("[library]\nlinux = []\n"), "token.description");  // no name
  EXPECT_EQ(reason("[driver]\nname = \"a\"\nusb = [\"55c:db08\"]\n"), "token.description");
  EXPECT_EQ(reason("[driver]\nname = \"a\"\n[library]\nsm3 = [\"00\"]\n"), "token.description");
  EXPECT_EQ(reason("[driver]\nname = \"a\"\n[quirks]\nallowed = [\"odd\"]\n"), "token.description");
  for (const auto* card : {"atr = [\"3b\"]", "atr = [\"3b8\"]", "atr = [\"3b*80\"]", "atr = [\"\"]",
                           "label = \"50\"", "application = \"a000\""}) {
    EXPECT_EQ(reason("[driver]\nname = \"a\"\n[pcsc]\n" + std::string(card) + "\n"), "token.description")
        << card;
  }
  EXPECT_EQ(reason("[driver]\nname = \"a\"\ncolour = 1\n"), "config.unknown_key");
}

TEST(AtrPattern, TakesAnyDigitAndAnyRest) {
  const auto matches = [](std::string_view pattern, std::string_view atr) {
    return AtrPattern::parse(pattern).value().matches(from_hex(atr).value());
  };
  EXPECT_TRUE(matches("3b 8f 80 01", "3b8f8001"));
  EXPECT_FALSE(matches("3b 8f 80 01", "3b8f800100"));
  EXPECT_FALSE(matches("3b 8f 80 01", "3b8f80"));
  EXPECT_TRUE(matches("3B8F*", "3b8f8001"));
  EXPECT_TRUE(matches("3B8F*", "3b8f"));
  EXPECT_FALSE(matches("3B8F*", "3b8e8001"));
  EXPECT_TRUE(matches("3b8f.0.1", "3b8f8001"));
  EXPECT_FALSE(matches("3b8f.0.1", "3b8f8102"));
  EXPECT_TRUE(AtrPattern::parse(std::string(66, '.')));
  EXPECT_FALSE(AtrPattern::parse(std::string(68, '.')));
}

TEST(DriverDescription, AFolderGivesTheGoodOnesAndNamesTheOthers) {
  const hutong::test::Folder folder;
  folder.write("b.toml", as_bytes("[driver]\nname = \"b\"\n"));
  folder.write("a.toml", as_bytes("[driver]\nname = \"a\"\n"));
  folder.write("c.toml", as_bytes("[driver]\nname = \"a\"\n"));
  folder.write("d.toml", as_bytes("[driver\n"));
  folder.write("e.txt", as_bytes("nothing"));
  const auto read = read_descriptions(std::filesystem::path(folder.file("x")).parent_path());
  ASSERT_EQ(read.drivers.size(), 2U);
  EXPECT_EQ(read.drivers[0].name, "a");
  EXPECT_EQ(read.drivers[1].name, "b");
  ASSERT_EQ(read.errors.size(), 2U);
  EXPECT_TRUE(read.errors[0].detail.starts_with("c.toml: "));
  EXPECT_TRUE(read.errors[1].detail.starts_with("d.toml: "));
  EXPECT_TRUE(read_descriptions("/no/such/folder").drivers.empty());
}

TEST(DriverDescription, TheOnesWeShipAreGood) {
  const auto read = read_descriptions(HUTONG_SHIPPED_DRIVERS);
  EXPECT_TRUE(read.errors.empty()) << read.errors.front().detail;
  EXPECT_GE(read.drivers.size(), 7U);
  for (const DriverDescription& description : read.drivers) {
    EXPECT_FALSE(description.linux_libraries.empty() && description.windows_libraries.empty())
        << description.name;
  }
}

TEST(DriverFunctions, AreThoseOfTheNorm) {
  std::vector<std::string_view> names;
#define HUTONG_NAME(name, parameters) names.push_back(#name);
  HUTONG_SKF_FUNCTIONS(HUTONG_NAME)
#undef HUTONG_NAME
  ASSERT_EQ(names.size() + 1, kFunctionCount);  // and SKF_SetSymmKey
  for (std::uint32_t number = 1; number <= kFunctionCount; ++number) {
    const std::string_view name = find_function(number)->exported;
    EXPECT_TRUE(name == "SKF_SetSymmKey" || std::ranges::find(names, name) != names.end()) << name;
  }
  EXPECT_EQ(find_function(0), nullptr);
  EXPECT_EQ(find_function(kFunctionCount + 1U), nullptr);
}

TEST(DriverQuirks, StandInTheTableInTheirOrder) {
  std::size_t index = 0;
  for (const QuirkRow& row : quirk_table()) {
    EXPECT_EQ(static_cast<std::size_t>(row.quirk), index++);
    EXPECT_EQ(quirk_from_name(row.name), row.quirk);
    EXPECT_FALSE(row.zh.empty() || row.en.empty());
  }
  EXPECT_FALSE(quirk_from_name("odd"));
}

}  // namespace
}  // namespace hutong::token
