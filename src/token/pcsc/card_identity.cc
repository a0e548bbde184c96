#include "token/pcsc/card_identity.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"

namespace hutong::token {
namespace {

constexpr int kMostCommands = 12;
constexpr std::uint8_t kMoreData = 0x61;
constexpr std::uint8_t kOtherLength = 0x6c;
constexpr std::uint16_t kDone = 0x9000;
constexpr std::uint8_t kSelect = 0xa4;
constexpr std::uint8_t kGetResponse = 0xc0;
constexpr std::uint8_t kGetData = 0xca;
constexpr std::size_t kMostShownText = 128;

struct CardAnswer {
  Bytes data;
  std::uint16_t state = 0;
};

/// The commands to one card.
class CardTalk {
 public:
  explicit CardTalk(const Transmit& transmit) : transmit_(&transmit) {}

  Result<CardAnswer> ask(Bytes command) {
    CardAnswer whole;
    while (true) {
      HUTONG_TRY(const Bytes answer, once(command));
      const std::uint8_t kind = answer[answer.size() - 2];
      const std::uint8_t rest = answer.back();
      if (kind == kOtherLength && command.back() != rest) {
        command.back() = rest;
        continue;
      }
      append(whole.data, ByteView(answer).first(answer.size() - 2));
      whole.state = static_cast<std::uint16_t>(kind << 8 | rest);
      if (kind != kMoreData) {
        return whole;
      }
      command = {command.front(), kGetResponse, 0, 0, rest};
    }
  }

 private:
  Result<Bytes> once(ByteView command) {
    if (++sent_ > kMostCommands) {
      return Error{Errc::kLimit, "pcsc.card", "the card does not come to an end"};
    }
    HUTONG_TRY(Bytes answer, (*transmit_)(command));
    if (answer.size() < 2) {
      return Error{Errc::kUnavailable, "pcsc.card", "an answer without its state"};
    }
    return answer;
  }

  const Transmit* transmit_;
  int sent_ = 0;
};

std::string shown(ByteView value) {
  const std::string_view text = as_text(value.first(std::min(value.size(), kMostShownText)));
  const bool is_printable = is_utf8(text) && std::ranges::none_of(text, [](char letter) {
                              return static_cast<unsigned char>(letter) < ' ' || letter == 0x7f;
                            });
  return is_printable ? std::string(text) : to_hex(as_bytes(text));
}

Result<std::string> text_of_object(CardTalk& talk, std::optional<std::uint16_t> object) {
  if (!object) {
    return std::string();
  }
  const auto high = static_cast<std::uint8_t>(*object >> 8);
  const auto low = static_cast<std::uint8_t>(*object & 0xff);
  HUTONG_TRY(const CardAnswer answer, talk.ask({0, kGetData, high, low, 0}));
  return answer.state == kDone ? shown(data_object_value(answer.data, *object)) : std::string();
}

Status select(CardTalk& talk, ByteView application) {
  Bytes command{0, kSelect, 4, 0, static_cast<std::uint8_t>(application.size())};
  append(command, application);
  command.push_back(0);
  HUTONG_TRY(const CardAnswer answer, talk.ask(std::move(command)));
  const bool is_selected =
      answer.state == kDone || (answer.state >> 8) == 0x62;  // warnings: selected all the same
  return is_selected ? ok() : Status(Error{Errc::kNotFound, "pcsc.application", to_hex(application)});
}

}  // namespace

ByteView data_object_value(ByteView answer, std::uint16_t object) {
  const std::array<std::uint8_t, 2> tag{static_cast<std::uint8_t>(object >> 8),
                                        static_cast<std::uint8_t>(object & 0xff)};
  const ByteView written = object > 0xff ? ByteView(tag) : ByteView(tag).last(1);
  if (answer.size() <= written.size() || !std::ranges::equal(answer.first(written.size()), written)) {
    return answer;
  }
  ByteView rest = answer.subspan(written.size());
  std::size_t length = rest.front();
  rest = rest.subspan(1);
  if (length == 0x81 && !rest.empty()) {
    length = rest.front();
    rest = rest.subspan(1);
  }
  return length == rest.size() ? rest : answer;
}

Result<CardIdentity> identify_card(const Transmit& transmit, const CardDescription& card) {
  CardTalk talk(transmit);
  if (!card.application.empty()) {
    HUTONG_CHECK(select(talk, card.application));
  }
  CardIdentity identity;
  HUTONG_TRY(identity.label, text_of_object(talk, card.label_object));
  HUTONG_TRY(identity.serial_number, text_of_object(talk, card.serial_number_object));
  return identity;
}

}  // namespace hutong::token
