#include "token/pcsc/card_identity.h"

#include <gtest/gtest.h>

#include <map>

#include "base/encoding.h"

namespace hutong::token {
namespace {

Bytes octets(std::string_view hex) { return from_hex(hex).value(); }

/// A card that knows these answers by their commands, in hexadecimal; anything else is 6d00.
Transmit card_with(std::map<std::string, std::string> answers) {
  return [answers = std::move(answers)](ByteView command) -> Result<Bytes> {
    const auto found = answers.find(to_hex(command));
    return octets(found == answers.end() ? "6d00" : found->second);
  };
}

CardDescription description() {
  return {.answers_to_reset = {},
          .application = octets("a000000001"),
          .label_object = 0x0050,
          .serial_number_object = 0x5f20};
}

TEST(CardIdentity, FollowsMoreDataAndOtherLengths) {
  const auto read = identify_card(card_with({{"00a4040005a00000000100", "6110"},
                                             {"00c0000010", "6f009000"},
                                             {"00ca005000", "500461626102"},
                                             {"00c0000002", "63649000"},
                                             {"00ca5f2000", "6c02"},
                                             {"00ca5f2002", "31329000"}}),
                                  description());
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->label, "abcd") << "61xx, with tag and length";
  EXPECT_EQ(read->serial_number, "12") << "6Cxx, bare";
}

TEST(CardIdentity, LacksWhatTheCardDoesNotHave) {
  const auto read =
      identify_card(card_with({{"00a4040005a00000000100", "9000"}, {"00ca005000", "6a88"}}), description());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->label, "");
  EXPECT_EQ(read->serial_number, "");
  const auto other = identify_card(card_with({{"00a4040005a00000000100", "6a82"}}), description());
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().reason, "pcsc.application");
}

TEST(CardIdentity, ShowsOctetsThatAreNoTextAsHexadecimal) {
  CardDescription only_number{
      .answers_to_reset = {}, .application = {}, .label_object = {}, .serial_number_object = 0x5a};
  const auto read = identify_card(card_with({{"00ca005a00", "00ff079000"}}), only_number);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->serial_number, "00ff07");
}

TEST(CardIdentity, ComesToAnEndWithCardsThatDoNot) {
  int commands = 0;
  const Transmit endless = [&commands](ByteView) -> Result<Bytes> {
    ++commands;
    return octets("6105");
  };
  const auto read = identify_card(endless, description());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().reason, "pcsc.card");
  EXPECT_EQ(commands, 12);
  const auto silent = identify_card([](ByteView) -> Result<Bytes> { return Bytes{0x90}; }, description());
  EXPECT_EQ(silent.error().reason, "pcsc.card");
}

TEST(CardIdentity, TakesTheValueOutOfItsObject) {
  const auto value = [](std::string_view answer, std::uint16_t object) {
    const Bytes whole = octets(answer);
    return to_hex(data_object_value(whole, object));
  };
  EXPECT_EQ(value("50026162", 0x50), "6162");
  EXPECT_EQ(value("5f20816100", 0x5f20), "5f20816100") << "a length that is not so";
  EXPECT_EQ(value("5f20810161", 0x5f20), "61");
  EXPECT_EQ(value("6162", 0x50), "6162");
  EXPECT_EQ(value("50", 0x50), "50");
  EXPECT_EQ(value("", 0x50), "");
}

}  // namespace
}  // namespace hutong::token
