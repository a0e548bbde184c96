#include "tables/table.h"

#include <gtest/gtest.h>
#include <zip.h>

#include <cstdlib>
#include <map>
#include <stdexcept>

namespace hutong::tables {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows csv(std::string_view text) { return read_csv(as_bytes(text)).value().rows; }
std::string_view csv_refusal(std::string_view text, const TableLimits& limits = {}) {
  const auto read = read_csv(as_bytes(text), limits);
  return read ? std::string_view("ok") : read.error().reason;
}

/// An archive made by libzip.
Bytes archive(const std::map<std::string, std::string>& parts) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* out = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_t* made = zip_open_from_source(out, ZIP_TRUNCATE, &error);
  zip_source_keep(out);
  for (const auto& [name, content] : parts) {
    zip_file_add(made, name.c_str(), zip_source_buffer(made, content.data(), content.size(), 0), 0);
  }
  if (zip_close(made) != 0 || zip_source_open(out) != 0) {
    throw std::runtime_error("no archive");
  }
  Bytes octets(std::size_t{1} << 20);
  const auto size = zip_source_read(out, octets.data(), octets.size());
  octets.resize(static_cast<std::size_t>(size));
  zip_source_close(out);
  zip_source_free(out);
  return octets;
}

std::map<std::string, std::string> workbook(const std::string& cells) {
  return {
      {"xl/workbook.xml",
       R"(<workbook xmlns:r="urn:r"><sheets><sheet name="表" sheetId="1" r:id="rId3"/></sheets></workbook>)"},
      {"xl/_rels/workbook.xml.rels",
       R"(<Relationships><Relationship Id="rId3" Target="worksheets/odd.xml"/></Relationships>)"},
      {"xl/sharedStrings.xml",
       "<sst><si><t>名称</t></si><si><r><t>演示</t></r><r><t>机构</t></r><rPh><t>ignored</t></rPh></si></"
       "sst>"},
      {"xl/worksheets/odd.xml", "<worksheet><sheetData>" + cells + "</sheetData></worksheet>"}};
}
std::string_view xlsx_refusal(const std::map<std::string, std::string>& parts,
                              const TableLimits& limits = {}) {
  const auto read = read_xlsx(archive(parts), limits);
  return read ? std::string_view("ok") : read.error().reason;
}

TEST(Csv, QuotesLineEndsAndBlanks) {
  EXPECT_EQ(csv("a,b\r\n1, 2 \n"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(csv("\"a,\"\"b\"\"\nc\",d"), (Rows{{"a,\"b\"\nc", "d"}}));
  EXPECT_EQ(csv("\xEF\xBB\xBF名称,\n"), (Rows{{"名称", ""}}));
  EXPECT_EQ(csv("a\rb"), (Rows{{"a"}, {"b"}}));
  EXPECT_TRUE(csv("").empty());
}

TEST(Csv, ReadsWhatExcelWritesInChina) {
  EXPECT_EQ(csv("\xC3\xFB\xB3\xC6,\xD1\xDD\xCA\xBE"), (Rows{{"名称", "演示"}}));
  EXPECT_EQ(csv_refusal("\xFF\xFF\xFF"), "csv.encoding");
}

TEST(Csv, WhatIsBrokenHasACode) {
  EXPECT_EQ(csv_refusal("\"a"), "csv.quote");
  EXPECT_EQ(csv_refusal("\"a\"b"), "csv.quote");
  EXPECT_EQ(csv_refusal(std::string("a\0b", 3)), "csv.encoding");
  EXPECT_EQ(csv_refusal("a\nb\nc", {.rows = 2}), "table.rows");
  EXPECT_EQ(csv_refusal("a,b,c", {.columns = 2}), "table.columns");
  EXPECT_EQ(csv_refusal("abc", {.cell_octets = 2}), "table.cell");
}

TEST(Xlsx, ReadsTheFirstSheetWhereverItIs) {
  const auto table = read_table(archive(workbook(
      R"(<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t> x </t></is></c></row>)"
      R"(<row r="3"><c r="B3" t="s"><v>1</v></c><c r="C3"><v>42</v></c></row>)")));
  ASSERT_TRUE(table) << table.error().reason;
  EXPECT_EQ(table->rows, (Rows{{"名称", "", "x"}, {}, {"", "演示机构", "42"}}));
}

TEST(Xlsx, WhatIsBrokenHasACode) {
  EXPECT_EQ(xlsx_refusal(workbook(R"(<c r="A1" t="s"><v>9</v></c>)")), "xlsx.cell");
  EXPECT_EQ(xlsx_refusal(workbook(R"(<c r="1A"><v>9</v></c>)")), "xlsx.cell");
  EXPECT_EQ(xlsx_refusal(workbook("<c>")), "xlsx.cell");
  EXPECT_EQ(xlsx_refusal(workbook("<c r=\"A1\">")), "xlsx.xml");
  auto parts = workbook("");
  parts.erase("xl/workbook.xml");
  EXPECT_EQ(xlsx_refusal(parts), "xlsx.part");
  EXPECT_EQ(read_xlsx(as_bytes("PK\x03\x04 nothing")).error().reason, "xlsx.archive");
}

TEST(Xlsx, BombsAreRefused) {
  auto parts = workbook("");
  parts["xl/worksheets/odd.xml"] = std::string(1'000'000, ' ');
  EXPECT_EQ(xlsx_refusal(parts, {.entry_octets = 100'000}), "xlsx.entry");
  parts["xl/worksheets/odd.xml"] =
      R"(<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet><c r="A1"><v>&b;</v></c></worksheet>)";
  EXPECT_EQ(xlsx_refusal(parts), "xlsx.doctype");
  EXPECT_EQ(xlsx_refusal(workbook(R"(<c r="A99999"><v>1</v></c>)")), "table.rows");
  EXPECT_EQ(xlsx_refusal(workbook(R"(<c r="ZZZ1"><v>1</v></c>)")), "table.columns");
  EXPECT_EQ(xlsx_refusal(workbook(""), {.entries = 2}), "xlsx.entries");
}

}  // namespace
}  // namespace hutong::tables
