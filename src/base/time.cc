#include "base/time.h"

#include <array>
#include <cstdio>

namespace hutong {
namespace {

Error bad_time() { return {Errc::kMalformed, "time.rfc3339", "expected a time like 2026-06-01T00:00:00Z"}; }

/// Reads fixed-width decimal numbers and single characters from the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  bool number(std::size_t width, int& out) {
    if (text_.size() < width) {
      return false;
    }
    int value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      if (text_[i] < '0' || text_[i] > '9') {
        return false;
      }
      value = value * 10 + (text_[i] - '0');
    }
    out = value;
    text_.remove_prefix(width);
    return true;
  }
  bool one_of(std::string_view accepted) {
    if (text_.empty() || accepted.find(text_.front()) == std::string_view::npos) {
      return false;
    }
    last_ = text_.front();
    text_.remove_prefix(1);
    return true;
  }
  void skip_digits() {
    while (one_of("0123456789")) {
    }
  }
  char last() const { return last_; }
  bool at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
  char last_ = 0;
};

}  // namespace

std::string to_rfc3339(Time time) {
  const CivilTime c = to_civil(time);
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day, c.hour,
                c.minute, c.second);
  return text.data();
}

Result<Time> from_rfc3339(std::string_view text) {
  Scanner in(text);
  CivilTime c{};
  if (!in.number(4, c.year) || !in.one_of("-") || !in.number(2, c.month) || !in.one_of("-") ||
      !in.number(2, c.day)) {
    return bad_time();
  }
  if (in.at_end()) {
    return from_civil(c);
  }
  if (!in.one_of("Tt ") || !in.number(2, c.hour) || !in.one_of(":") || !in.number(2, c.minute) ||
      !in.one_of(":") || !in.number(2, c.second)) {
    return bad_time();
  }
  if (in.one_of(".")) {
    in.skip_digits();
  }
  int offset_minutes = 0;
  if (!in.one_of("Zz+-")) {
    return bad_time();
  }
  if (in.last() == '+' || in.last() == '-') {
    const int sign = in.last() == '-' ? -1 : 1;
    int hours = 0;
    int minutes = 0;
    if (!in.number(2, hours) || !in.one_of(":") || !in.number(2, minutes) || hours > 23 || minutes > 59) {
      return bad_time();
    }
    offset_minutes = sign * (hours * 60 + minutes);
  }
  if (!in.at_end()) {
    return bad_time();
  }
  HUTONG_TRY(const Time local, from_civil(c));
  return local - std::chrono::minutes(offset_minutes);
}

Result<Time> from_civil(const CivilTime& c) {
  namespace chr = std::chrono;
  const chr::year_month_day date{chr::year(c.year), chr::month(static_cast<unsigned>(c.month)),
                                 chr::day(static_cast<unsigned>(c.day))};
  const bool good = date.ok() && c.hour >= 0 && c.hour < 24 && c.minute >= 0 && c.minute < 60 &&
                    c.second >= 0 && c.second < 60;
  if (!good) {
    return Error{Errc::kMalformed, "time.out_of_range", "no such date or time of day"};
  }
  return chr::sys_days(date) + chr::hours(c.hour) + chr::minutes(c.minute) + chr::seconds(c.second);
}

CivilTime to_civil(Time time) {
  namespace chr = std::chrono;
  const auto day = chr::floor<chr::days>(time);
  const chr::year_month_day date(day);
  const chr::hh_mm_ss clock(time - day);
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(clock.hours().count()),
          static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count())};
}

}  // namespace hutong
