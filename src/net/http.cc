#include "net/http.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "crypto/sm3.h"

namespace hutong::net {
namespace {

constexpr std::array<std::pair<Method, std::string_view>, 6> kMethods{{{Method::kGet, "GET"},
                                                                       {Method::kHead, "HEAD"},
                                                                       {Method::kPost, "POST"},
                                                                       {Method::kPut, "PUT"},
                                                                       {Method::kDelete, "DELETE"},
                                                                       {Method::kOptions, "OPTIONS"}}};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char letter = lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

enum class PlusMeans : std::uint8_t { kPlus, kBlank };

std::optional<std::string> percent_decode(std::string_view text, PlusMeans plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return std::nullopt;
      }
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(text[i] == '+' && plus == PlusMeans::kBlank ? ' ' : text[i]);
    }
    if (out.back() == '\0') {
      return std::nullopt;
    }
  }
  return out;
}

/// Cuts off and returns everything up to `separator`; the whole text when there is none.
std::string_view take_until(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const auto piece = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return piece;
}

bool safe_path(std::string_view path) {
  if (path.empty() || path.front() != '/' || path.find('\\') != std::string_view::npos) {
    return false;
  }
  while (!path.empty()) {
    const auto segment = take_until(path, '/');
    if (segment == "." || segment == "..") {
      return false;
    }
  }
  return true;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The value of a parameter at the start of `rest`, quoted or not; moves behind the next ';'.
std::string take_parameter_value(std::string_view& rest) {
  rest = rest.substr(std::min(rest.find_first_not_of(" \t"), rest.size()));
  if (rest.empty() || rest.front() != '"') {
    return std::string(trim(take_until(rest, ';')));
  }
  std::string value;
  std::size_t i = 1;
  for (; i < rest.size() && rest[i] != '"'; ++i) {
    if (rest[i] == '\\' && i + 1 < rest.size()) {
      ++i;
    }
    value.push_back(rest[i]);
  }
  rest = rest.substr(std::min(i, rest.size()));
  take_until(rest, ';');
  return value;
}

}  // namespace

std::string_view to_string(Method method) {
  const auto found =
      std::ranges::find_if(kMethods, [method](const auto& entry) { return entry.first == method; });
  return found == kMethods.end() ? "OTHER" : found->second;
}

Method method_from(std::string_view name) {
  const auto found =
      std::ranges::find_if(kMethods, [name](const auto& entry) { return entry.second == name; });
  return found == kMethods.end() ? Method::kOther : found->first;
}

void Headers::add(std::string_view name, std::string_view value) { fields_.emplace_back(name, value); }

std::optional<std::string_view> Headers::find(std::string_view name) const {
  const auto found =
      std::ranges::find_if(fields_, [name](const auto& field) { return same_name(field.first, name); });
  return found == fields_.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

std::string entity_tag_of(ByteView content) {
  constexpr std::size_t kEnough = 16;
  return '"' + to_hex(ByteView(crypto::sm3(content)).first(kEnough)) + '"';
}

bool is_known_already(const Request& request, std::string_view entity_tag) {
  const auto known = request.headers.find("if-none-match");
  return known && (known->find(entity_tag) != std::string_view::npos || trim(*known) == "*");
}

std::string http_date(Time time) {
  constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const CivilTime c = to_civil(time);
  const std::chrono::weekday day(std::chrono::floor<std::chrono::days>(time));
  std::string text = "Sun, 06 Nov 1994 08:49:37 GMT";
  const auto put = [&text](std::size_t at, int number) {
    text[at] = static_cast<char>('0' + number / 10 % 10);
    text[at + 1] = static_cast<char>('0' + number % 10);
  };
  text.replace(0, 3, kDays.at(day.c_encoding()));
  text.replace(8, 3, kMonths.at(static_cast<std::size_t>(c.month - 1)));
  put(5, c.day);
  put(12, c.year / 100);
  put(14, c.year % 100);
  put(17, c.hour);
  put(20, c.minute);
  put(23, c.second);
  return text;
}

std::optional<Target> parse_target(std::string_view target) {
  target = target.substr(0, target.find('#'));
  auto path = percent_decode(take_until(target, '?'), PlusMeans::kPlus);
  if (!path || !safe_path(*path)) {
    return std::nullopt;
  }
  Target parsed{.path = std::move(*path), .query = {}};
  while (!target.empty()) {
    auto pair = take_until(target, '&');
    const auto name = percent_decode(take_until(pair, '='), PlusMeans::kBlank);
    const auto value = percent_decode(pair, PlusMeans::kBlank);
    if (!name || !value) {
      return std::nullopt;
    }
    parsed.query.emplace(*name, *value);
  }
  return parsed;
}

MediaType parse_media_type(std::string_view text) {
  MediaType media{.type = lower_case(trim(take_until(text, ';'))), .parameters = {}};
  while (!text.empty()) {
    const auto sign = text.find('=');
    if (sign == std::string_view::npos) {
      break;
    }
    const std::string name = lower_case(trim(text.substr(0, sign)));
    text = text.substr(sign + 1);
    media.parameters.emplace(name, take_parameter_value(text));
  }
  return media;
}

}  // namespace hutong::net
