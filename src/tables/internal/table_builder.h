#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "tables/table.h"

namespace hutong::tables::internal {

/// The text without white space around it.
inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// Puts a table together within its limits.
class TableBuilder {
 public:
  explicit TableBuilder(const TableLimits& limits) : limits_(limits) {}

  /// The row with this number, from 0; rows before it that nobody gave are empty.
  Status go_to_row(std::size_t row) {
    if (row >= limits_.rows) {
      return Error{Errc::kLimit, "table.rows",
                   "a table has at most " + std::to_string(limits_.rows) + " rows"};
    }
    if (table_.rows.size() <= row) {
      table_.rows.resize(row + 1);
    }
    row_ = row;
    return ok();
  }
  Status set(std::size_t column, std::string_view text) {
    if (column >= limits_.columns) {
      return Error{Errc::kLimit, "table.columns",
                   "a table has at most " + std::to_string(limits_.columns) + " columns"};
    }
    if (text.size() > limits_.cell_octets) {
      return Error{Errc::kLimit, "table.cell",
                   "a cell has at most " + std::to_string(limits_.cell_octets) + " octets"};
    }
    auto& cells = table_.rows.at(row_);
    if (cells.size() <= column) {
      cells.resize(column + 1);
    }
    cells[column] = trimmed(text);
    return ok();
  }
  Table take() { return std::move(table_); }

 private:
  TableLimits limits_;
  Table table_;
  std::size_t row_ = 0;
};

}  // namespace hutong::tables::internal
