#include "token/pcsc/card_watch.h"

#include <algorithm>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "token/pcsc/card_service.h"

namespace hutong::token {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kUntilServiceComes{1'000};
constexpr milliseconds kLongestQuiet{30'000};  // then a look, should an event have been missed
constexpr milliseconds kPatienceAtTheEnd{1'000};
constexpr milliseconds kBetweenCancels{50};
constexpr unsigned kCounterBits = 16;  // the upper half of an event counts the cards that came and went

/// The driver of a card by its answer to reset, and what the card says of itself.
FoundCard identify(const CardService& service, const ReaderState& reader,
                   const std::vector<DriverDescription>& known) {
  FoundCard card{.reader = reader.name, .atr = reader.atr, .driver = {}, .identity = {}, .problem = {}};
  if (reader.is_mute) {
    card.problem = "pcsc.mute_card";
    return card;
  }
  for (const DriverDescription& description : known) {
    const CardDescription& wanted = description.card;
    const auto fits = [&](const AtrPattern& pattern) { return pattern.matches(reader.atr); };
    if (std::ranges::none_of(wanted.answers_to_reset, fits)) {
      continue;
    }
    if (wanted.application.empty() && !wanted.label_object && !wanted.serial_number_object) {
      card.driver = description.name;
      return card;
    }
    const auto asked = [&]() -> Result<CardIdentity> {
      HUTONG_TRY(const auto open, service.open(reader.name));
      return identify_card([&open](ByteView command) { return open->transmit(command); }, wanted);
    }();
    if (!asked && asked.error().reason == "pcsc.application") {
      continue;  // another product in the same kind of card
    }
    card.driver = description.name;
    card.identity = asked ? *asked : CardIdentity{};
    card.problem = asked ? std::string_view() : asked.error().reason;
    return card;
  }
  return card;
}

}  // namespace

/// Of the watch and its thread. The thread may outlive the watch when the service does not answer.
struct CardWatch::Shared {
  /// A card as the service tells it from the one before: a second card of the same kind is another.
  struct CardVisit {
    Bytes atr;
    unsigned long counter = 0;
    friend bool operator==(const CardVisit&, const CardVisit&) = default;
  };

  Shared(std::vector<DriverDescription> descriptions, Tell to)
      : known(std::move(descriptions)), tell(std::move(to)) {}

  void run();
  void serve(const std::shared_ptr<CardService>& from);
  CardsNow take(const CardService& from, const std::vector<ReaderState>& readers);
  void say(CardsNow now);
  bool pause();
  void cancel_until_ended();
  bool is_stopped() {
    const std::lock_guard lock(lock_of_all);
    return stopped;
  }

  const std::vector<DriverDescription> known;
  std::mutex telling;  ///< held while `tell` runs
  Tell tell;           ///< belongs to `telling`; null once the watch is gone
  std::optional<CardsNow> last;
  std::map<std::string, std::pair<CardVisit, FoundCard>> identified;  ///< by reader

  std::mutex lock_of_all;  ///< of what follows
  std::condition_variable changed;
  bool stopped = false;
  bool ended = false;
  std::shared_ptr<CardService> service;
};

void CardWatch::Shared::say(CardsNow now) {
  if (last && *last == now) {
    return;
  }
  last = std::move(now);
  const std::lock_guard lock(telling);
  if (tell) {
    tell(*last);
  }
}

/// A card that stayed is not asked again.
CardsNow CardWatch::Shared::take(const CardService& from, const std::vector<ReaderState>& readers) {
  CardsNow now;
  std::map<std::string, std::pair<CardVisit, FoundCard>> still;
  for (const ReaderState& reader : readers) {
    now.readers.push_back(reader.name);
    if (!reader.has_card) {
      continue;
    }
    CardVisit visit{.atr = reader.atr, .counter = reader.event >> kCounterBits};
    const auto before = identified.find(reader.name);
    const bool stayed = before != identified.end() && before->second.first == visit;
    FoundCard card = stayed ? before->second.second : identify(from, reader, known);
    now.cards.push_back(card);
    still.emplace(reader.name, std::pair(std::move(visit), std::move(card)));
  }
  identified = std::move(still);
  return now;
}

void CardWatch::Shared::serve(const std::shared_ptr<CardService>& from) {
  while (!is_stopped()) {
    const auto readers = from->look();
    if (!readers) {
      return;
    }
    say(take(*from, *readers));
    if (!is_stopped() && !from->wait(*readers, kLongestQuiet)) {
      return;
    }
  }
}

/// False once the watch is gone.
bool CardWatch::Shared::pause() {
  std::unique_lock lock(lock_of_all);
  return !changed.wait_for(lock, kUntilServiceComes, [this] { return stopped; });
}

void CardWatch::Shared::run() {
  do {
    auto connected = CardService::connect();
    if (connected) {
      {
        const std::lock_guard lock(lock_of_all);
        service = *connected;
      }
      serve(*connected);
      const std::lock_guard lock(lock_of_all);
      service.reset();
    }
    identified.clear();
    if (!is_stopped()) {
      const Error error =
          connected ? Error{Errc::kUnavailable, "pcsc.no_service", "pcscd has ended"} : connected.error();
      say({.reason = error.reason, .detail = error.detail, .readers = {}, .cards = {}});
    }
  } while (pause());
  const std::lock_guard lock(lock_of_all);
  ended = true;
  changed.notify_all();
}

CardWatch::CardWatch(std::vector<DriverDescription> known, Tell tell)
    : shared_(std::make_shared<Shared>(std::move(known), std::move(tell))) {
  std::thread([shared = shared_] { shared->run(); }).detach();
}

/// On a thread of its own, for a service that does not answer does not take this either. Repeated, since it
/// may come before the wait begins.
void CardWatch::Shared::cancel_until_ended() {
  for (auto left = kPatienceAtTheEnd / kBetweenCancels; left > 0; --left) {
    std::unique_lock lock(lock_of_all);
    const auto waiting = service;
    lock.unlock();
    if (waiting) {
      waiting->cancel();
    }
    lock.lock();
    if (changed.wait_for(lock, kBetweenCancels, [this] { return ended; })) {
      return;
    }
  }
}

CardWatch::~CardWatch() {
  {
    const std::lock_guard lock(shared_->telling);
    shared_->tell = nullptr;
  }
  std::unique_lock lock(shared_->lock_of_all);
  shared_->stopped = true;
  shared_->changed.notify_all();
  std::thread([shared = shared_] { shared->cancel_until_ended(); }).detach();
  shared_->changed.wait_for(lock, kPatienceAtTheEnd, [this] { return shared_->ended; });
}

CardsNow look_for_cards(std::vector<DriverDescription> known, milliseconds limit) {
  auto promise = std::make_shared<std::promise<CardsNow>>();
  auto answer = promise->get_future();
  const CardWatch watch(std::move(known), [promise, told = false](const CardsNow& now) mutable {
    if (!std::exchange(told, true)) {
      promise->set_value(now);
    }
  });
  if (answer.wait_for(limit) == std::future_status::ready) {
    return answer.get();
  }
  return {.reason = "pcsc.no_answer", .detail = "pcscd does not answer", .readers = {}, .cards = {}};
}

}  // namespace hutong::token
