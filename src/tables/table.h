#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace hutong::tables {

/// What a stranger's table may cost.
struct TableLimits {
  std::size_t rows = 10'001;
  std::size_t columns = 64;
  std::size_t cell_octets = 4'096;
  std::size_t entry_octets = std::size_t{32} << 20;  ///< of one decompressed part of an XLSX file
  std::size_t entries = 1'000;                       ///< in the archive
  std::size_t shared_texts = 200'000;
};

/// Rows of cells, as they are in the file: UTF-8, empty for an empty cell, rows of different lengths. Blanks
/// around a cell are cut.
struct Table {
  std::vector<std::vector<std::string>> rows;
};

/// CSV with commas: RFC 4180, line ends of any kind, a byte order mark or none; what is not UTF-8 is read as
/// GB 18030. kMalformed "csv.encoding", "csv.quote"; kLimit "table.rows", "table.columns", "table.cell".
Result<Table> read_csv(ByteView file, const TableLimits& limits = {});

/// The first sheet of an Office Open XML workbook (ISO/IEC 29500). kMalformed "xlsx.archive", "xlsx.part"
/// (one that must be there is missing), "xlsx.xml", "xlsx.cell"; kPolicy "xlsx.doctype", "xlsx.encrypted";
/// kLimit "xlsx.entry", "xlsx.entries" and those of tables.
Result<Table> read_xlsx(ByteView file, const TableLimits& limits = {});

/// By the first octets: XLSX when it is an archive, CSV otherwise.
Result<Table> read_table(ByteView file, const TableLimits& limits = {});

}  // namespace hutong::tables
