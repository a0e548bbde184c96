#include "cli/token_cards.h"

#include <algorithm>

#include "base/encoding.h"
#include "cli/style.h"

namespace hutong::cli {
namespace {

std::string card_text(const Context& context, const token::FoundCard& card, CardDriver driver) {
  if (!card.problem.empty() && card.driver.empty()) {
    return std::string(
        context.text({"卡没有应答，可能插反了", "the card does not answer; it may be the wrong way round"}));
  }
  switch (driver) {
    case CardDriver::kInstalled:
      return context.text({"驱动 {0}", "driver {0}"}, {card.driver});
    case CardDriver::kMissing:
      return context.text({"驱动 {0} 未安装", "its driver {0} is not installed"}, {card.driver});
    case CardDriver::kUnknown:
      break;
  }
  return std::string(context.text({"没有驱动描述认识此卡", "no description of a driver knows this card"}));
}

}  // namespace

CardDriver driver_of(const token::FoundCard& card, const token::Enumeration& found) {
  if (card.driver.empty()) {
    return CardDriver::kUnknown;
  }
  const auto report = std::ranges::find(found.drivers, card.driver, &token::DriverReport::name);
  return report != found.drivers.end() && report->installed ? CardDriver::kInstalled : CardDriver::kMissing;
}

nlohmann::ordered_json cards_json(const token::CardsNow& now, const token::Enumeration& found) {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (const token::FoundCard& card : now.cards) {
    list.push_back(Json{{"reader", card.reader},
                        {"atr", to_hex(card.atr)},
                        {"driver", card.driver.empty() ? Json(nullptr) : Json(card.driver)},
                        {"installed", driver_of(card, found) == CardDriver::kInstalled},
                        {"label", card.identity.label},
                        {"serial_number", card.identity.serial_number},
                        {"problem", card.problem}});
  }
  return {
      {"problem", now.reason}, {"detail", now.detail}, {"readers", now.readers}, {"cards", std::move(list)}};
}

void print_cards(const Context& context, const token::CardsNow& now, const token::Enumeration& found) {
  for (const token::FoundCard& card : now.cards) {
    const CardDriver driver = driver_of(card, found);
    const bool is_good = driver == CardDriver::kInstalled;
    context.out << paint(context, is_good ? Tone::kGood : Tone::kUnsure, is_good ? "✔ " : "! ") << card.reader
                << "  " << card.identity.label << "  " << card.identity.serial_number << "  "
                << card_text(context, card, driver) << "  ATR " << to_hex(card.atr) << "\n";
  }
}

}  // namespace hutong::cli
