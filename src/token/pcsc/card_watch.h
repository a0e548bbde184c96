#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "token/driver/description.h"
#include "token/pcsc/card_identity.h"

namespace hutong::token {

/// A card in a reader.
struct FoundCard {
  std::string reader;
  Bytes atr;
  std::string driver;  ///< the description that knows it; empty: none
  CardIdentity identity;
  std::string_view problem;  ///< "pcsc.mute_card", "pcsc.card_in_use" (not asked), "pcsc.card"; empty: none
  friend bool operator==(const FoundCard& a, const FoundCard& b) {
    return a.reader == b.reader && a.atr == b.atr && a.driver == b.driver && a.problem == b.problem &&
           a.identity.label == b.identity.label && a.identity.serial_number == b.identity.serial_number;
  }
};

/// What the service for smart cards says.
struct CardsNow {
  std::string_view
      reason;  ///< why it says nothing: "pcsc.no_service", "pcsc.no_answer", "pcsc.failed"; empty: it does
  std::string detail;
  std::vector<std::string> readers;
  std::vector<FoundCard> cards;
  friend bool operator==(const CardsNow&, const CardsNow&) = default;
};

/// Tells of cards that come and go, of readers, and of the service itself, as the service reports them; while
/// it does not run, it is looked for every second. The first look is told as well. A card whose description
/// says so is asked for its application, text and number once, when nobody else uses it: before the drivers
/// hear of it. The function is called on the watch's own thread, one call at a time, and never after the
/// watch is gone; it must not wait for whoever destroys the watch.
class CardWatch {
 public:
  using Tell = std::function<void(const CardsNow& now)>;
  CardWatch(std::vector<DriverDescription> known, Tell tell);
  CardWatch(const CardWatch&) = delete;
  CardWatch& operator=(const CardWatch&) = delete;
  /// At most a second, even when the service does not answer.
  ~CardWatch();

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

/// One look; "pcsc.no_answer" after `limit`.
CardsNow look_for_cards(std::vector<DriverDescription> known,
                        std::chrono::milliseconds limit = std::chrono::seconds(2));

}  // namespace hutong::token
