#include <iconv.h>

#include <memory>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "tables/internal/table_builder.h"
#include "tables/table.h"

namespace hutong::tables {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Error wrong_encoding() {
  return {Errc::kMalformed, "csv.encoding", "the text is neither UTF-8 nor GB 18030"};
}

struct CloseConverter {
  using pointer = iconv_t;
  void operator()(iconv_t converter) const { ::iconv_close(converter); }
};

Result<std::string> from_gb18030(std::string_view text) {
  const iconv_t opened = ::iconv_open("UTF-8", "GB18030");
  if (opened == reinterpret_cast<iconv_t>(-1)) {
    return wrong_encoding();
  }
  const std::unique_ptr<void, CloseConverter> converter(opened);
  std::string input(text);
  std::string output(text.size() * 2 + 4, '\0');  // 1 octet becomes 1, 2 become 3, 4 become 4
  char* from = input.data();
  std::size_t left = input.size();
  char* to = output.data();
  std::size_t room = output.size();
  if (::iconv(converter.get(), &from, &left, &to, &room) == static_cast<std::size_t>(-1) || left != 0) {
    return wrong_encoding();
  }
  output.resize(output.size() - room);
  return output;
}

Result<std::string> to_utf8(ByteView file) {
  std::string_view text = as_text(file);
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    text.remove_prefix(kByteOrderMark.size());
  }
  auto converted = is_utf8(text) ? Result<std::string>(std::string(text)) : from_gb18030(text);
  if (converted && converted->find('\0') != std::string::npos) {
    return wrong_encoding();
  }
  return converted;
}

/// Walks over the text once.
class CsvReader {
 public:
  CsvReader(std::string_view text, const TableLimits& limits) : text_(text), table_(limits) {}

  Result<Table> read() {
    while (position_ < text_.size()) {
      HUTONG_CHECK(table_.go_to_row(row_));
      HUTONG_CHECK(read_row());
      ++row_;
    }
    return table_.take();
  }

 private:
  bool at_line_end() const {
    return position_ >= text_.size() || text_[position_] == '\n' || text_[position_] == '\r';
  }

  Status read_row() {
    for (std::size_t column = 0;; ++column) {
      HUTONG_TRY(const std::string cell, read_cell());
      HUTONG_CHECK(table_.set(column, cell));
      if (at_line_end()) {
        break;
      }
      ++position_;  // the comma
    }
    const bool is_crlf = text_.substr(position_, 2) == "\r\n";
    position_ += is_crlf ? 2 : 1;
    return ok();
  }

  Result<std::string> read_cell() {
    if (position_ < text_.size() && text_[position_] == '"') {
      return read_quoted();
    }
    const auto end = std::min(text_.find_first_of(",\r\n", position_), text_.size());
    const auto cell = text_.substr(position_, end - position_);
    position_ = end;
    return std::string(cell);
  }

  Result<std::string> read_quoted() {
    std::string cell;
    for (++position_; position_ < text_.size(); ++position_) {
      if (text_[position_] != '"') {
        cell += text_[position_];
      } else if (text_.substr(position_, 2) == "\"\"") {
        cell += '"';
        ++position_;
      } else {
        ++position_;
        const bool ends = at_line_end() || text_[position_] == ',';
        return ends ? Result<std::string>(std::move(cell)) : Result<std::string>(bad_quote());
      }
    }
    return bad_quote();
  }

  Error bad_quote() const {
    return {Errc::kMalformed, "csv.quote", "a quotation mark in row " + std::to_string(row_ + 1)};
  }

  std::string_view text_;
  internal::TableBuilder table_;
  std::size_t position_ = 0;
  std::size_t row_ = 0;
};

}  // namespace

Result<Table> read_csv(ByteView file, const TableLimits& limits) {
  HUTONG_TRY(const std::string text, to_utf8(file));
  return CsvReader(text, limits).read();
}

}  // namespace hutong::tables
