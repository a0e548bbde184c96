#include "token/driver/atr_pattern.h"

#include <optional>
#include <string>

namespace hutong::token {
namespace {

struct AtrDigit {
  std::uint8_t value;
  std::uint8_t mask;
};

std::optional<AtrDigit> digit_from(char letter) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (letter == '.') {
    return AtrDigit{0, 0};
  }
  const char lower = letter >= 'A' && letter <= 'F' ? static_cast<char>(letter - 'A' + 'a') : letter;
  const auto at = kDigits.find(lower);
  return at == std::string_view::npos ? std::nullopt
                                      : std::optional(AtrDigit{static_cast<std::uint8_t>(at), 0xf});
}

std::uint8_t joined(std::uint8_t high, std::uint8_t low) {
  return static_cast<std::uint8_t>(high << 4 | low);
}

}  // namespace

Result<AtrPattern> AtrPattern::parse(std::string_view text) {
  const Error broken{Errc::kMalformed, "token.description", "pcsc.atr: " + std::string(text)};
  AtrPattern out;
  std::string_view rest = text;
  if (rest.ends_with('*')) {
    out.open_ = true;
    rest.remove_suffix(1);
  }
  while (!rest.empty()) {
    if (rest.front() == ' ') {
      rest.remove_prefix(1);
      continue;
    }
    const auto high = digit_from(rest.front());
    const auto low = rest.size() > 1 ? digit_from(rest[1]) : std::nullopt;
    if (!high || !low) {
      return broken;
    }
    out.value_.push_back(joined(high->value, low->value));
    out.mask_.push_back(joined(high->mask, low->mask));
    rest.remove_prefix(2);
  }
  if (out.value_.size() < 2 || out.value_.size() > kMostOctets) {
    return broken;
  }
  return out;
}

bool AtrPattern::matches(ByteView atr) const {
  if (atr.size() < value_.size() || (!open_ && atr.size() != value_.size())) {
    return false;
  }
  for (std::size_t i = 0; i < value_.size(); ++i) {
    if (((atr[i] ^ value_[i]) & mask_[i]) != 0) {
      return false;
    }
  }
  return true;
}

}  // namespace hutong::token
