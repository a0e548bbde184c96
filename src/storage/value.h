#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/bytes.h"
#include "base/time.h"

namespace hutong::storage {

/// A point in time as the database keeps it: microseconds since 1970-01-01T00:00:00Z in an INTEGER column.
using Moment = std::chrono::sys_time<std::chrono::microseconds>;

/// What a column holds: NULL, INTEGER (64 bits), TEXT (UTF-8) or BLOB.
using Value = std::variant<std::monostate, std::int64_t, std::string, Bytes>;

/// One `?` of a statement: a view, alive as long as the full expression of the call it is an argument of.
/// Integers of any width, enums and bool become INTEGER, times become microseconds, an empty optional becomes
/// NULL. TEXT must be UTF-8 without NUL octets (kMalformed "storage.text" otherwise).
class Parameter {
 public:
  using View = std::variant<std::monostate, std::int64_t, std::string_view, ByteView>;

  Parameter(std::nullopt_t /*null*/) {}
  template <typename Number>
  requires std::integral<Number> || std::is_enum_v<Number> Parameter(Number number)
      : view_(static_cast<std::int64_t>(number)) {}
  template <typename Duration>
  Parameter(std::chrono::sys_time<Duration> time)
      : view_(static_cast<std::int64_t>(
            std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()).count())) {}
  Parameter(std::string_view text) : view_(text) {}
  Parameter(const std::string& text) : view_(std::string_view(text)) {}
  Parameter(const char* text) : view_(std::string_view(text)) {}
  Parameter(ByteView bytes) : view_(bytes) {}
  Parameter(const Bytes& bytes) : view_(ByteView(bytes)) {}
  template <typename Tag>
  Parameter(const StrongBytes<Tag>& bytes) : view_(bytes.view()) {}
  template <typename T>
  Parameter(const std::optional<T>& maybe) : view_(maybe ? Parameter(*maybe).view_ : View{}) {}
  Parameter(const Value& value)
      : view_(std::visit([](const auto& held) { return Parameter(held).view_; }, value)) {}

  const View& view() const { return view_; }

 private:
  Parameter(std::monostate /*null*/) {}
  View view_;
};

}  // namespace hutong::storage
