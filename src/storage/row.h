#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "storage/value.h"

namespace hutong::storage {

template <typename T>
inline constexpr bool kIsOptional = false;
template <typename T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

/// One row of an answer; it owns its values. Columns are numbered from 0 in the order of the SELECT list
/// (which names them; never `SELECT *`). Reading a column as a type it does not hold, or NULL without
/// std::optional, is a bug of the caller and throws std::logic_error.
class Row {
 public:
  Row() = default;
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}

  std::size_t size() const { return values_.size(); }
  bool is_null(std::size_t column) const { return value(column).index() == 0; }
  const Value& value(std::size_t column) const;

  std::int64_t integer(std::size_t column) const;
  const std::string& text(std::size_t column) const;
  const Bytes& bytes(std::size_t column) const;
  Moment moment(std::size_t column) const { return Moment(std::chrono::microseconds(integer(column))); }
  Time time(std::size_t column) const { return std::chrono::floor<std::chrono::seconds>(moment(column)); }

  /// The same by type: integers, enums, bool, std::string, Bytes, StrongBytes<Tag>, Time, Moment, and
  /// std::optional of each: `row.get<std::optional<Time>>(4)`.
  template <typename T>
  T get(std::size_t column) const {
    if constexpr (kIsOptional<T>) {
      return is_null(column) ? T{} : T{get<typename T::value_type>(column)};
    } else if constexpr (std::same_as<T, bool>) {
      return integer(column) != 0;
    } else if constexpr (std::integral<T> || std::is_enum_v<T>) {
      return static_cast<T>(integer(column));
    } else if constexpr (std::same_as<T, std::string>) {
      return text(column);
    } else if constexpr (std::same_as<T, Time>) {
      return time(column);
    } else if constexpr (std::same_as<T, Moment>) {
      return moment(column);
    } else {
      return T(bytes(column));
    }
  }

 private:
  friend class RowFiller;
  std::vector<Value> values_;
};

using Rows = std::vector<Row>;

}  // namespace hutong::storage
