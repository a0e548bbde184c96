#include <gtest/gtest.h>

#include "agent/test_page.h"
#include "tests/support/card_reader.h"

namespace hutong::agent::test {
namespace {

using hutong::test::CardReader;
using hutong::test::ServerProgram;

/// A vendor whose keys are cards, and whose driver is not installed.
const RunningAgent::Options kCardVendor{
    .descriptions = {{"card-vendor",
                      "vendor = \"Card vendor\"\n[library]\nlinux = [\"/no/such/library.so\"]\n[pcsc]\n"
                      "atr = [\"3b 86 80 01*\"]\napplication = \"d2760001850001\"\nlabel = \"0050\"\n"
                      "serial_number = \"005a\"\n"}}};

/// The list after each event, until `wanted` takes it.
template <typename Wanted>
Json until(Page& page, const Wanted& wanted) {
  Json cards = page.call("tokens.list").at("smart_cards");
  while (!wanted(cards)) {
    page.event("tokens.changed");
    cards = page.call("tokens.list").at("smart_cards");
  }
  return cards;
}
bool has_one(const Json& cards) { return cards.at("cards").size() == 1; }
bool has_empty_reader(const Json& cards) { return cards.at("cards").empty() && !cards.at("readers").empty(); }

TEST(AgentCards, ArePluggedInAndPulledOutBeforeThePagesEyes) {
  const CardReader reader;
  const RunningAgent agent(kCardVendor);
  Page page(agent.port(), kShop);
  EXPECT_EQ(until(page, has_empty_reader).at("reason"), "");
  {
    const ServerProgram card({HUTONG_CARD, "--port", std::to_string(reader.port()), "--label", "Card 1"},
                             agent.file("card.log"), {"card.inserted"});
    const Json cards = until(page, has_one);
    const Json& one = cards.at("cards").at(0);
    EXPECT_EQ(one.at("reader"), "Virtual PCD 00 00") << cards.dump(1);
    EXPECT_EQ(one.at("atr"), "3b8680016875746f6e6708");
    EXPECT_EQ(one.at("driver"), "card-vendor");
    EXPECT_EQ(one.at("label"), "Card 1");
    EXPECT_EQ(one.at("serial_number"), "HC0001");
    EXPECT_EQ(one.at("problem"), "");
  }
  until(page, has_empty_reader);
}

TEST(AgentCards, WithoutTheServiceForThemAreNotThereAndNothingWaits) {
  CardReader::socket();
  const RunningAgent agent(kCardVendor);
  Page page(agent.port(), kShop);
  const Json cards = until(page, [](const Json& now) { return now.at("reason") != ""; });
  EXPECT_EQ(cards.at("reason"), "pcsc.no_service");
  EXPECT_TRUE(cards.at("cards").empty());
}

}  // namespace
}  // namespace hutong::agent::test
