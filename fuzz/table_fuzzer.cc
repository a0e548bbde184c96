// A table that is read keeps its limits and is UTF-8 without NUL; a refusal has a reason. The same octets as
// CSV, as a workbook, and as a sheet inside of one.

#include "base/encoding.h"
#include "fuzz/property.h"
#include "tables/internal/sheet.h"
#include "tables/table.h"

namespace hutong::fuzz {
namespace {

constexpr tables::TableLimits kLimits{
    .rows = 50, .columns = 8, .cell_octets = 100, .entry_octets = 100'000, .entries = 20, .shared_texts = 50};

void check(const Result<tables::Table>& read) {
  if (!read) {
    require(!read.error().reason.empty(), "a refusal has a reason");
    return;
  }
  require(read->rows.size() <= kLimits.rows, "the limit of rows holds");
  for (const auto& row : read->rows) {
    require(row.size() <= kLimits.columns, "the limit of columns holds");
    for (const auto& cell : row) {
      require(cell.size() <= kLimits.cell_octets && is_utf8(cell), "a cell is a text");
    }
  }
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const ByteView input(data, size);
  fuzz::check(tables::read_csv(input, fuzz::kLimits));
  fuzz::check(tables::read_xlsx(input, fuzz::kLimits));
  fuzz::check(tables::internal::read_sheet(as_text(input), {"a", "b"}, fuzz::kLimits));
  return 0;
}
