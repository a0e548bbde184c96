#include "recognition/internal/json_text.h"

#include "base/bytes.h"
#include "base/encoding.h"

namespace hutong::recognition::internal {
namespace {

bool is_written_as_it_is(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

}  // namespace

void JsonText::separate() {
  constexpr std::string_view kBeforeTheFirst = "{[:";
  if (!out_.empty() && kBeforeTheFirst.find(out_.back()) == std::string_view::npos) {
    out_ += ',';
  }
}

void JsonText::begin(char bracket) {
  separate();
  out_ += bracket;
}

void JsonText::quoted(std::string_view utf8) {
  separate();
  out_ += '"';
  for (std::size_t begin = 0; begin < utf8.size();) {
    std::size_t end = begin;
    while (end < utf8.size() && is_written_as_it_is(utf8[end])) {
      ++end;
    }
    out_ += utf8.substr(begin, end - begin);
    if (end < utf8.size()) {
      out_ += "\\u00";
      out_ += to_hex(as_bytes(utf8.substr(end, 1)));
    }
    begin = end + 1;
  }
  out_ += '"';
}

void JsonText::key(std::string_view name) {
  quoted(name);
  out_ += ':';
}

void JsonText::text(std::string_view utf8) { quoted(utf8); }

void JsonText::number(std::uint64_t value) {
  separate();
  out_ += std::to_string(value);
}

void JsonText::boolean(bool value) {
  separate();
  out_ += value ? "true" : "false";
}

void JsonText::null() {
  separate();
  out_ += "null";
}

}  // namespace hutong::recognition::internal
