#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "ca/registration/order_desk.h"

namespace hutong::ca::registration {

/// A column of an import, by either of its headings.
struct ImportColumn {
  std::string_view field;
  std::string_view zh;
  std::string_view en;
  bool is_required = false;
};
std::span<const ImportColumn> import_columns();

/// What is wrong with a row: the row as in the file (the heading is 1), the column's field or empty, a stable
/// code, a text for people.
struct ImportFinding {
  std::size_t row = 0;
  std::string column = {};
  std::string code;
  std::string message_zh;
  std::string message_en;
};

enum class Take : std::uint8_t {
  kNothing,  ///< only the report
  kGoodRows,
  kAllOrNothing,
};

struct ImportWish {
  ByteView file;  ///< CSV or XLSX (tables/table.h)
  std::string template_id;
  Take take = Take::kNothing;
  Entry entry = Entry::kDraft;
};

struct ImportReport {
  std::string batch = {};  ///< empty when nothing was taken
  std::size_t rows = 0;    ///< with something in them, without the heading
  std::size_t good = 0;
  std::vector<std::string> orders = {};
  std::vector<ImportFinding> findings = {};
};

/// Reads a table of applications (批量导入; C46), reports on every row and enters the rows that were asked
/// for, all in one transaction. The reasons of tables::read_table, kMalformed "import.heading" (no row, or a
/// required column is missing or twice there). What is wrong with a row is in the report: the reasons of
/// OrderDesk::enter(), "import.value" (no number, no role, no base64), "import.row_repeated".
Result<ImportReport> import_orders(const OrderDesk& desk, const ImportWish& wish, const Doer& doer);

}  // namespace hutong::ca::registration
