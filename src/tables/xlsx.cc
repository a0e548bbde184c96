#include <string>
#include <vector>

#include "tables/internal/archive.h"
#include "tables/internal/sheet.h"
#include "tables/table.h"

namespace hutong::tables {
namespace {

constexpr const char* kWorkbook = "xl/workbook.xml";
constexpr const char* kRelations = "xl/_rels/workbook.xml.rels";
constexpr const char* kSharedTexts = "xl/sharedStrings.xml";

/// A target is relative to xl/, or absolute within the archive.
std::string part_name(const std::string& target) {
  return target.front() == '/' ? target.substr(1) : "xl/" + target;
}

}  // namespace

Result<Table> read_xlsx(ByteView file, const TableLimits& limits) {
  HUTONG_TRY(const auto archive, internal::Archive::open(file, limits));
  HUTONG_TRY(const std::string workbook, archive.read(kWorkbook));
  HUTONG_TRY(const std::string relations, archive.read(kRelations));
  HUTONG_TRY(const std::string id, internal::first_sheet_id(workbook));
  HUTONG_TRY(const std::string target, internal::target_of(relations, id));
  std::vector<std::string> shared;
  if (archive.has(kSharedTexts)) {
    HUTONG_TRY(const std::string texts, archive.read(kSharedTexts));
    HUTONG_TRY(shared, internal::shared_texts(texts, limits));
  }
  HUTONG_TRY(const std::string sheet, archive.read(part_name(target)));
  return internal::read_sheet(sheet, shared, limits);
}

}  // namespace hutong::tables
