#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "cli/context.h"
#include "token/driver/driver_set.h"
#include "token/pcsc/card_watch.h"

/// Smart cards in readers, as the commands of `hutong token` show them.
namespace hutong::cli {

/// Whether the driver of a card is there.
enum class CardDriver : std::uint8_t { kUnknown, kMissing, kInstalled };
CardDriver driver_of(const token::FoundCard& card, const token::Enumeration& found);

nlohmann::ordered_json cards_json(const token::CardsNow& now, const token::Enumeration& found);
/// A line for each card; nothing when there is none.
void print_cards(const Context& context, const token::CardsNow& now, const token::Enumeration& found);

}  // namespace hutong::cli
