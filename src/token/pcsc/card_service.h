#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace hutong::token {

/// A reader and what is in it, as the service saw it last.
struct ReaderState {
  std::string name;
  bool has_card = false;
  bool is_mute = false;  ///< the card does not answer: the wrong way round, or broken
  Bytes atr;
  unsigned long event = 0;  ///< the service's: flags, and a counter of cards that came and went
};

/// A card that nobody else uses while this exists. It is reset in the end, so that the next one finds nothing
/// selected. Belongs to one thread.
class OpenCard {
 public:
  virtual ~OpenCard() = default;
  /// A command APDU, and its answer with the two octets of state. kUnavailable "pcsc.card".
  virtual Result<Bytes> transmit(ByteView command) = 0;
};

/// A connection to the service for smart cards of this machine (PC/SC, pcscd). Calls block as long as the
/// service takes, but for connect() all end by cancel(). cancel() is for any thread, all else for one.
/// Errors: kUnavailable "pcsc.no_service" (it does not run, or has ended), "pcsc.failed".
class CardService {
 public:
  static Result<std::shared_ptr<CardService>> connect();
  CardService(const CardService&) = delete;
  CardService& operator=(const CardService&) = delete;
  ~CardService();

  /// All readers and what is in them now.
  Result<std::vector<ReaderState>> look() const;
  /// Until something is otherwise than `known`, a reader comes or goes, `limit` is over, or cancel().
  Status wait(const std::vector<ReaderState>& known, std::chrono::milliseconds limit) const;
  void cancel() const;
  /// kConflict "pcsc.card_in_use": somebody has it.
  Result<std::unique_ptr<OpenCard>> open(const std::string& reader) const;

 private:
  explicit CardService(long context) : context_(context) {}
  long context_;
};

}  // namespace hutong::token
