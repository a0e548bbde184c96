#include "tables/table.h"

namespace hutong::tables {

Result<Table> read_table(ByteView file, const TableLimits& limits) {
  const bool is_archive = file.size() >= 2 && file[0] == 'P' && file[1] == 'K';
  return is_archive ? read_xlsx(file, limits) : read_csv(file, limits);
}

}  // namespace hutong::tables
