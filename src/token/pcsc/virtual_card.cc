#include "token/pcsc/virtual_card.h"

#include <algorithm>

namespace hutong::token {
namespace {

constexpr std::size_t kHeader = 4;
constexpr std::size_t kMostHistorical = 15;
constexpr std::size_t kMostValue = 100;

enum CardState : std::uint16_t {
  kFine = 0x9000,
  kWrongLength = 0x6700,
  kNotNow = 0x6985,
  kNoSuchFile = 0x6a82,
  kNoSuchObject = 0x6a88,
  kOtherLe = 0x6c00,
  kUnknownInstruction = 0x6d00,
  kUnknownClass = 0x6e00,
};

Bytes with_state(Bytes data, unsigned state) {
  data.push_back(static_cast<std::uint8_t>(state >> 8));
  data.push_back(static_cast<std::uint8_t>(state & 0xff));
  return data;
}

Bytes object(std::uint8_t tag, ByteView value) {
  Bytes out{tag, static_cast<std::uint8_t>(value.size())};
  append(out, value);
  return out;
}

ByteView cut(std::string_view text) { return as_bytes(text.substr(0, kMostValue)); }

}  // namespace

Bytes VirtualCard::answer_to_reset() const {
  const std::string_view historical = std::string_view(options_.historical).substr(0, kMostHistorical);
  Bytes atr{0x3b, static_cast<std::uint8_t>(0x80 | historical.size()), 0x80, 0x01};
  append(atr, as_bytes(historical));
  std::uint8_t check = 0;
  for (const std::uint8_t octet : ByteView(atr).subspan(1)) {
    check = static_cast<std::uint8_t>(check ^ octet);
  }
  atr.push_back(check);
  return atr;
}

Bytes VirtualCard::answer(ByteView command) {
  if (command.size() < kHeader) {
    return with_state({}, kWrongLength);
  }
  if (command[0] != 0) {
    return with_state({}, kUnknownClass);
  }
  switch (command[1]) {
    case 0xa4:
      return select(command);
    case 0xca:
      return get_data(command);
    default:
      return with_state({}, kUnknownInstruction);
  }
}

Bytes VirtualCard::select(ByteView command) {
  const ByteView body = command.subspan(kHeader);
  const std::size_t length = body.empty() ? 0 : body.front();
  if (command[2] != 4 || length == 0 || body.size() < 1 + length || body.size() > 2 + length) {
    return with_state({}, kWrongLength);
  }
  is_selected_ = std::ranges::equal(body.subspan(1, length), options_.application);
  if (!is_selected_) {
    return with_state({}, kNoSuchFile);
  }
  Bytes inside = object(0x84, options_.application);
  append(inside, object(0xa5, object(0x50, cut(options_.label))));
  return with_state(object(0x6f, inside), kFine);
}

/// Le of another length than the value is told the right one, as cards of T=0 do.
Bytes VirtualCard::get_data(ByteView command) const {
  if (!is_selected_) {
    return with_state({}, kNotNow);
  }
  const auto wanted = static_cast<std::uint16_t>(command[2] << 8 | command[3]);
  if (wanted != kLabelObject && wanted != kSerialNumberObject) {
    return with_state({}, kNoSuchObject);
  }
  const ByteView value = cut(wanted == kLabelObject ? options_.label : options_.serial_number);
  const std::size_t expected = command.size() > kHeader ? command[kHeader] : 0;
  if (wanted == kSerialNumberObject && expected != value.size()) {
    return with_state({}, kOtherLe | static_cast<unsigned>(value.size()));
  }
  return with_state(wanted == kLabelObject ? object(0x50, value) : to_bytes(value), kFine);
}

}  // namespace hutong::token
