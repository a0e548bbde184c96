#include "token/pcsc/virtual_card.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "token/pcsc/card_identity.h"

namespace hutong::token {
namespace {

VirtualCard card() {
  return VirtualCard({.historical = "hutong",
                      .application = from_hex("d2760001850001").value(),
                      .label = "Card 1",
                      .serial_number = "HC0001"});
}

TEST(VirtualCard, AnswersToReset) { EXPECT_EQ(to_hex(card().answer_to_reset()), "3b8680016875746f6e6708"); }

TEST(VirtualCard, AnswersWhatItIsAskedInItsOrder) {
  VirtualCard under_test = card();
  const auto ask = [&under_test](std::string_view command) {
    return to_hex(under_test.answer(from_hex(command).value()));
  };
  EXPECT_EQ(ask("00ca005000"), "6985") << "nothing is selected";
  EXPECT_EQ(ask("00a4040005a00000000100"), "6a82");
  EXPECT_EQ(ask("00a4040007d276000185000100"),
            "6f138407d2760001850001a508500643617264203"
            "19000");
  EXPECT_EQ(ask("00ca005000"), "50064361726420319000");
  EXPECT_EQ(ask("00ca005a00"), "6c06");
  EXPECT_EQ(ask("00ca005a06"), "4843303030319000");
  EXPECT_EQ(ask("00ca005b00"), "6a88");
  EXPECT_EQ(ask("80ca005a00"), "6e00");
  EXPECT_EQ(ask("0020000100"), "6d00");
  EXPECT_EQ(ask("00a40400"), "6700");
  EXPECT_EQ(ask("00a4040009d276"), "6700");
  EXPECT_EQ(ask("00"), "6700");
  under_test.reset();
  EXPECT_EQ(ask("00ca005000"), "6985");
}

TEST(VirtualCard, IsIdentifiedAsOtherCardsAre) {
  VirtualCard under_test = card();
  const auto read =
      identify_card([&](ByteView command) -> Result<Bytes> { return under_test.answer(command); },
                    {.answers_to_reset = {},
                     .application = from_hex("d2760001850001").value(),
                     .label_object = VirtualCard::kLabelObject,
                     .serial_number_object = VirtualCard::kSerialNumberObject});
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->label, "Card 1");
  EXPECT_EQ(read->serial_number, "HC0001");
}

}  // namespace
}  // namespace hutong::token
