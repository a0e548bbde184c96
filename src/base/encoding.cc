#include "base/encoding.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/secret.h"

namespace hutong {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return -1;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// All ones when low <= value <= high, else zero; without a branch.
constexpr int mask_within(int value, int low, int high) { return ~(((value - low) | (high - value)) >> 31); }

// What is written in base64 may be a private key, so no digit chooses an address.

constexpr char base64_digit(std::uint32_t six_bits) {
  const int value = static_cast<int>(six_bits & 63);
  return static_cast<char>((mask_within(value, 0, 25) & (value + 'A')) |
                           (mask_within(value, 26, 51) & (value - 26 + 'a')) |
                           (mask_within(value, 52, 61) & (value - 52 + '0')) |
                           (mask_within(value, 62, 62) & '+') | (mask_within(value, 63, 63) & '/'));
}

/// -1 for anything else.
constexpr int base64_value(char digit) {
  const int c = static_cast<std::uint8_t>(digit);
  return ((mask_within(c, 'A', 'Z') & (c - 'A' + 1)) | (mask_within(c, 'a', 'z') & (c - 'a' + 27)) |
          (mask_within(c, '0', '9') & (c - '0' + 53)) | (mask_within(c, '+', '+') & 63) |
          (mask_within(c, '/', '/') & 64)) -
         1;
}

/// 0xFF when low <= c <= high, else zero; without a branch, and many at a time.
constexpr std::uint8_t octet_within(std::uint8_t c, char low, char high) {
  return static_cast<std::uint8_t>(
      -static_cast<int>(static_cast<std::uint8_t>(c - low) <= static_cast<std::uint8_t>(high - low)));
}

constexpr std::size_t kBlockDigits = 64;
constexpr std::size_t kBlockOctets = kBlockDigits / 4 * 3;

/// Sixteen groups at once, which compilers turn into vector instructions; false when anything but digits is
/// among them.
bool decode_block(const char* text, std::uint8_t* out) {
  std::array<std::uint8_t, kBlockDigits> values;
  std::uint8_t good = 0xFF;
  for (std::size_t i = 0; i < kBlockDigits; ++i) {
    const auto c = static_cast<std::uint8_t>(text[i]);
    const std::uint8_t upper = octet_within(c, 'A', 'Z');
    const std::uint8_t lower = octet_within(c, 'a', 'z');
    const std::uint8_t digit = octet_within(c, '0', '9');
    const std::uint8_t plus = octet_within(c, '+', '+');
    const std::uint8_t slash = octet_within(c, '/', '/');
    values[i] = static_cast<std::uint8_t>((upper & (c - 'A')) | (lower & (c - 'a' + 26)) |
                                          (digit & (c - '0' + 52)) | (plus & 62) | (slash & 63));
    good = static_cast<std::uint8_t>(good & (upper | lower | digit | plus | slash));
  }
  for (std::size_t group = 0; group < kBlockDigits / 4; ++group) {
    const std::uint8_t* digits = values.data() + group * 4;
    std::uint8_t* octets = out + group * 3;
    octets[0] = static_cast<std::uint8_t>(digits[0] << 2 | digits[1] >> 4);
    octets[1] = static_cast<std::uint8_t>(digits[1] << 4 | digits[2] >> 2);
    octets[2] = static_cast<std::uint8_t>(digits[2] << 6 | digits[3]);
  }
  wipe(values);
  return good == 0xFF;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t octet) { out.push_back(static_cast<char>(octet)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

}  // namespace

std::string to_hex(ByteView bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t octet : bytes) {
    text.push_back(kDigits[octet >> 4]);
    text.push_back(kDigits[octet & 15]);
  }
  return text;
}

Result<Bytes> from_hex(std::string_view text) {
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  int high = -1;
  for (const char c : text) {
    if (high < 0 && (is_space(c) || c == ':')) {
      continue;
    }
    const int digit = hex_digit(c);
    if (digit < 0) {
      return Error{Errc::kMalformed, "encoding.hex", "not a hexadecimal digit"};
    }
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<std::uint8_t>(high * 16 + digit));
      high = -1;
    }
  }
  if (high >= 0) {
    return Error{Errc::kMalformed, "encoding.hex", "odd number of hexadecimal digits"};
  }
  return bytes;
}

std::string to_base64(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t group =
        (std::uint32_t{bytes[i]} << 16) | (std::uint32_t{bytes[i + 1]} << 8) | bytes[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6) {
      text.push_back(base64_digit(group >> static_cast<unsigned>(shift)));
    }
  }
  if (i < bytes.size()) {
    const bool two = bytes.size() - i == 2;
    const std::uint32_t group =
        (std::uint32_t{bytes[i]} << 16) | (two ? std::uint32_t{bytes[i + 1]} << 8 : std::uint32_t{0});
    text.push_back(base64_digit(group >> 18));
    text.push_back(base64_digit(group >> 12));
    text.push_back(two ? base64_digit(group >> 6) : '=');
    text.push_back('=');
  }
  return text;
}

Result<Bytes> from_base64(std::string_view text) {
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);  // never grows: it may hold a key
  std::uint32_t group = 0;
  int digits = 0;
  int padding = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (digits == 0 && padding == 0 && text.size() - i >= kBlockDigits) {
      bytes.resize(bytes.size() + kBlockOctets);
      if (decode_block(text.data() + i, bytes.data() + bytes.size() - kBlockOctets)) {
        i += kBlockDigits;
        continue;
      }
      bytes.resize(bytes.size() - kBlockOctets);
    }
    const char c = text[i++];
    if (is_space(c)) {
      continue;
    }
    if (c == '=') {
      ++padding;
      continue;
    }
    const int value = base64_value(c);
    if (value < 0 || padding > 0) {
      return Error{Errc::kMalformed, "encoding.base64", "not a base64 character"};
    }
    group = (group << 6) | static_cast<std::uint32_t>(value);
    if (++digits == 4) {
      bytes.push_back(static_cast<std::uint8_t>(group >> 16));
      bytes.push_back(static_cast<std::uint8_t>(group >> 8));
      bytes.push_back(static_cast<std::uint8_t>(group));
      group = 0;
      digits = 0;
    }
  }
  const bool good_end = padding == 0 ? digits != 1 : digits >= 2 && digits + padding == 4;
  if (!good_end) {
    return Error{Errc::kMalformed, "encoding.base64", "the base64 text ends in the middle of a group"};
  }
  if (digits >= 2) {
    group <<= 6 * (4 - digits);
    bytes.push_back(static_cast<std::uint8_t>(group >> 16));
    if (digits == 3) {
      bytes.push_back(static_cast<std::uint8_t>(group >> 8));
    }
  }
  return bytes;
}

bool is_utf8(std::string_view text) {
  const auto octet = [&text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const std::uint8_t lead = octet(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    std::size_t length = 0;
    std::uint32_t code = 0;
    std::uint32_t smallest = 0;
    if ((lead & 0xE0) == 0xC0) {
      length = 2, code = lead & 0x1F, smallest = 0x80;
    } else if ((lead & 0xF0) == 0xE0) {
      length = 3, code = lead & 0x0F, smallest = 0x800;
    } else if ((lead & 0xF8) == 0xF0) {
      length = 4, code = lead & 0x07, smallest = 0x10000;
    } else {
      return false;
    }
    if (i + length > text.size()) {
      return false;
    }
    for (std::size_t k = 1; k < length; ++k) {
      if ((octet(i + k) & 0xC0) != 0x80) {
        return false;
      }
      code = (code << 6) | (octet(i + k) & 0x3F);
    }
    if (code < smallest || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
      return false;
    }
    i += length;
  }
  return true;
}

Result<std::string> utf16be_to_utf8(ByteView bytes) {
  const Error bad{Errc::kMalformed, "encoding.utf16", "not well-formed UTF-16"};
  if (bytes.size() % 2 != 0) {
    return bad;
  }
  const auto unit = [&bytes](std::size_t i) { return (std::uint32_t{bytes[i]} << 8) | bytes[i + 1]; };
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    std::uint32_t code = unit(i);
    if (code >= 0xDC00 && code <= 0xDFFF) {
      return bad;
    }
    if (code >= 0xD800 && code <= 0xDBFF) {
      if (i + 4 > bytes.size()) {
        return bad;
      }
      const std::uint32_t low = unit(i + 2);
      if (low < 0xDC00 || low > 0xDFFF) {
        return bad;
      }
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      i += 2;
    }
    append_utf8(text, code);
  }
  return text;
}

Result<std::string> utf32be_to_utf8(ByteView bytes) {
  const Error bad{Errc::kMalformed, "encoding.utf32", "not well-formed UTF-32"};
  if (bytes.size() % 4 != 0) {
    return bad;
  }
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 4) {
    const std::uint32_t code = (std::uint32_t{bytes[i]} << 24) | (std::uint32_t{bytes[i + 1]} << 16) |
                               (std::uint32_t{bytes[i + 2]} << 8) | bytes[i + 3];
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
      return bad;
    }
    append_utf8(text, code);
  }
  return text;
}

std::string latin1_to_utf8(ByteView bytes) {
  std::string text;
  for (const std::uint8_t octet : bytes) {
    append_utf8(text, octet);
  }
  return text;
}

}  // namespace hutong
