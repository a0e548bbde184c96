#include "cli/style.h"

namespace hutong::cli {
namespace {

std::string_view escape(Tone tone) {
  switch (tone) {
    case Tone::kGood:
      return "\x1b[1;32m";
    case Tone::kBad:
      return "\x1b[1;31m";
    case Tone::kUnsure:
      return "\x1b[1;33m";
    case Tone::kDim:
      return "\x1b[2m";
    case Tone::kStrong:
      return "\x1b[1m";
    case Tone::kPlain:
      break;
  }
  return "";
}

std::size_t sequence_size(unsigned char first) {
  if (first < 0xC0) {
    return 1;
  }
  return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/// Han characters, kana, hangul, full-width signs: U+2E80 to U+D7FF, U+FF00 to U+FF60, and beyond U+FFFF.
/// Punctuation such as "…" and "–" is narrow.
bool is_wide(std::string_view character) {
  if (character.size() != 3) {
    return character.size() == 4;
  }
  return (character >= "\u2E80" && character <= "\uD7FF") || (character >= "\uFF00" && character <= "\uFF60");
}

}  // namespace

std::string paint(const Context& context, Tone tone, std::string_view text) {
  if (!context.color || tone == Tone::kPlain) {
    return std::string(text);
  }
  return std::string(escape(tone)) + std::string(text) + "\x1b[0m";
}

std::size_t display_width(std::string_view utf8) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t size = sequence_size(static_cast<unsigned char>(utf8[at]));
    columns += is_wide(utf8.substr(at, size)) ? 2 : 1;
    at += size;
  }
  return columns;
}

std::string padded(std::string_view utf8, std::size_t columns) {
  const std::size_t width = display_width(utf8);
  return std::string(utf8) + std::string(width < columns ? columns - width : 0, ' ');
}

std::string_view mark(x509::Indication indication) {
  switch (indication) {
    case x509::Indication::kValid:
      return "✔";
    case x509::Indication::kInvalid:
      return "✘";
    case x509::Indication::kIndeterminate:
      break;
  }
  return "?";
}

std::string_view mark(x509::Severity severity) {
  switch (severity) {
    case x509::Severity::kError:
      return "✘";
    case x509::Severity::kUndecided:
      return "?";
    case x509::Severity::kWarning:
      return "!";
    case x509::Severity::kInfo:
      break;
  }
  return "·";
}

Tone tone(x509::Indication indication) {
  switch (indication) {
    case x509::Indication::kValid:
      return Tone::kGood;
    case x509::Indication::kInvalid:
      return Tone::kBad;
    case x509::Indication::kIndeterminate:
      break;
  }
  return Tone::kUnsure;
}

Tone tone(x509::Severity severity) {
  switch (severity) {
    case x509::Severity::kError:
      return Tone::kBad;
    case x509::Severity::kUndecided:
    case x509::Severity::kWarning:
      return Tone::kUnsure;
    case x509::Severity::kInfo:
      break;
  }
  return Tone::kDim;
}

std::string_view word(const Context& context, x509::Indication indication) {
  switch (indication) {
    case x509::Indication::kValid:
      return context.text({"有效", "valid"});
    case x509::Indication::kInvalid:
      return context.text({"无效", "invalid"});
    case x509::Indication::kIndeterminate:
      break;
  }
  return context.text({"无法判定", "indeterminate"});
}

std::string_view word(const Context& context, x509::Severity severity) {
  switch (severity) {
    case x509::Severity::kError:
      return context.text({"错误", "error"});
    case x509::Severity::kUndecided:
      return context.text({"未定", "undecided"});
    case x509::Severity::kWarning:
      return context.text({"警告", "warning"});
    case x509::Severity::kInfo:
      break;
  }
  return context.text({"说明", "note"});
}

void print_heading(const Context& context, const Text& heading) {
  context.out << "\n" << paint(context, Tone::kStrong, context.text(heading)) << "\n";
}

std::string shown(Time time) {
  std::string text = to_rfc3339(time);
  text.replace(text.find('T'), 1, " ");
  text.replace(text.find('Z'), 1, " UTC");
  return text;
}

std::string shown_count(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) {
    text.insert(at - 3, " ");
  }
  return text;
}

}  // namespace hutong::cli
