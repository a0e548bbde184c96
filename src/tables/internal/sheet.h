#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tables/table.h"

/// The parts of a workbook, read with expat. Names come without their namespace prefix.
namespace hutong::tables::internal {

using Attributes = std::map<std::string, std::string, std::less<>>;

/// What happens while an XML text is walked; the first error ends it.
struct XmlEvents {
  std::function<Status(std::string_view name, const Attributes& attributes)> begin;
  std::function<Status(std::string_view name)> end;
  std::function<Status(std::string_view text)> text;
};
/// kMalformed "xlsx.xml", kPolicy "xlsx.doctype", or what an event says.
Status walk_xml(std::string_view xml, const XmlEvents& events);

/// xl/workbook.xml: the relationship id of the first sheet.
Result<std::string> first_sheet_id(std::string_view xml);
/// xl/_rels/workbook.xml.rels: the target of a relationship.
Result<std::string> target_of(std::string_view xml, std::string_view id);
/// xl/sharedStrings.xml
Result<std::vector<std::string>> shared_texts(std::string_view xml, const TableLimits& limits);
/// xl/worksheets/….xml
Result<Table> read_sheet(std::string_view xml, const std::vector<std::string>& shared,
                         const TableLimits& limits);

}  // namespace hutong::tables::internal
