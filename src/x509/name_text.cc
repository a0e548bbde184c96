#include "x509/internal/name_text.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"

namespace hutong::x509::internal {
namespace {

using asn1::Tag;

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Octets of the well-formed UTF-8 character at the start of the text; 0 when there is none.
std::size_t character_size(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return size <= text.size() && is_utf8(text.substr(0, size)) ? size : 0;
}

/// The code point of a well-formed character of 2 to 4 octets.
char32_t code_point(std::string_view character) {
  constexpr std::array<unsigned, 5> kLeadMask{0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t value = static_cast<unsigned char>(character[0]) & kLeadMask.at(character.size());
  for (const char c : character.substr(1)) {
    value = value << 6 | (static_cast<unsigned char>(c) & 0x3F);
  }
  return value;
}

void append_utf8(Bytes& out, char32_t value) {
  const auto push = [&out](char32_t octet) { out.push_back(static_cast<std::uint8_t>(octet)); };
  if (value < 0x80) {
    push(value);
  } else if (value < 0x800) {
    push(0xC0 | value >> 6);
    push(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    push(0xE0 | value >> 12);
    push(0x80 | (value >> 6 & 0x3F));
    push(0x80 | (value & 0x3F));
  } else {
    push(0xF0 | value >> 18);
    push(0x80 | (value >> 12 & 0x3F));
    push(0x80 | (value >> 6 & 0x3F));
    push(0x80 | (value & 0x3F));
  }
}

bool within(char32_t value, char32_t first, char32_t last) { return value >= first && value <= last; }

/// Simple case folding of Latin, Greek, Cyrillic, Armenian and full-width letters.
char32_t fold(char32_t c) {
  if (within(c, 0xC0, 0xDE) && c != 0xD7) {
    return c + 0x20;
  }
  if (within(c, 0x100, 0x137) || within(c, 0x14A, 0x177)) {
    return c | 1;
  }
  if (within(c, 0x139, 0x148) || within(c, 0x179, 0x17E)) {
    return c + (c & 1);
  }
  if ((within(c, 0x391, 0x3A9) && c != 0x3A2) || within(c, 0x410, 0x42F) || within(c, 0xFF21, 0xFF3A)) {
    return c + 0x20;
  }
  if (within(c, 0x400, 0x40F)) {
    return c + 0x50;
  }
  if (within(c, 0x531, 0x556)) {
    return c + 0x30;
  }
  switch (c) {
    case 0x178:
      return 0xFF;
    case 0x3C2:
      return 0x3C3;
    default:
      return c;
  }
}

bool is_space(char32_t c) {
  return c == 0x20 || within(c, 0x09, 0x0D) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         within(c, 0x2000, 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/// RFC 4518 2.2, characters mapped to nothing.
bool is_ignored(char32_t c) {
  return c < 0x20 || within(c, 0x7F, 0x9F) || c == 0xAD || c == 0x34F || c == 0x1806 ||
         within(c, 0x180B, 0x180E) || within(c, 0x200B, 0x200F) || within(c, 0x202A, 0x202E) ||
         within(c, 0x2060, 0x2063) || within(c, 0x206A, 0x206F) || within(c, 0xFE00, 0xFE0F) || c == 0xFEFF ||
         within(c, 0xFFF9, 0xFFFC);
}

bool is_printable(std::uint8_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view(" '()+,-./:=?").find(static_cast<char>(c)) != std::string_view::npos;
}

}  // namespace

bool is_string_tag(Tag tag) {
  switch (tag) {
    case Tag::kUtf8String:
    case Tag::kNumericString:
    case Tag::kPrintableString:
    case Tag::kT61String:
    case Tag::kIa5String:
    case Tag::kVisibleString:
    case Tag::kUniversalString:
    case Tag::kBmpString:
      return true;
    default:
      return false;
  }
}

std::optional<std::string> decode_string(Tag tag, ByteView content) {
  const auto value_of = [](Result<std::string> text) {
    return text ? std::optional(std::move(text).value()) : std::nullopt;
  };
  switch (tag) {
    case Tag::kBmpString:
      return value_of(utf16be_to_utf8(content));
    case Tag::kUniversalString:
      return value_of(utf32be_to_utf8(content));
    case Tag::kT61String:
      return is_utf8(as_text(content)) ? std::string(as_text(content)) : latin1_to_utf8(content);
    default:
      break;
  }
  const std::string_view text = as_text(content);
  return is_string_tag(tag) && is_utf8(text) ? std::optional<std::string>(text) : std::nullopt;
}

std::string to_valid_utf8(std::string_view octets) {
  std::string text;
  text.reserve(octets.size());
  while (!octets.empty()) {
    const std::size_t size = character_size(octets);
    text += size == 0 ? kReplacement : octets.substr(0, size);
    octets.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return text;
}

std::string decode_string_lossy(Tag tag, ByteView content) {
  auto text = decode_string(tag, content);
  return text ? *std::move(text) : to_valid_utf8(as_text(content));
}

void append_comparable(Bytes& out, std::string_view utf8) {
  bool blank_due = false;
  bool started = false;
  while (!utf8.empty()) {
    const std::size_t size = std::max<std::size_t>(character_size(utf8), 1);
    char32_t c = code_point(utf8.substr(0, size));
    utf8.remove_prefix(size);
    if (is_space(c)) {
      blank_due = started;
      continue;
    }
    if (is_ignored(c)) {
      continue;
    }
    if (blank_due) {
      out.push_back(' ');
      blank_due = false;
    }
    started = true;
    c = within(c, 'A', 'Z') ? c + 0x20 : c < 0x80 ? c : fold(c);
    append_utf8(out, c);
  }
}

std::string escape_value(std::string_view utf8) {
  constexpr std::string_view kSpecial = "\"+,;<>\\";
  std::string out;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const char c = utf8[i];
    const bool first = i == 0;
    const bool last = i + 1 == utf8.size();
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += "\\" + to_hex(as_bytes(utf8.substr(i, 1)));
      continue;
    }
    if (kSpecial.find(c) != std::string_view::npos || (c == ' ' && (first || last)) || (c == '#' && first)) {
      out.push_back('\\');
    }
    out.push_back(c);
  }
  return out;
}

bool is_printable_string(ByteView content) { return std::ranges::all_of(content, is_printable); }

bool is_ascii(ByteView content) {
  return std::ranges::all_of(content, [](std::uint8_t octet) { return octet < 0x80; });
}

}  // namespace hutong::x509::internal
