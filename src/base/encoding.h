#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace hutong {

/// Lower-case hexadecimal, two digits an octet, no separators.
std::string to_hex(ByteView bytes);
/// Upper or lower case; blanks, colons and line breaks between octets are skipped. kMalformed "encoding.hex".
Result<Bytes> from_hex(std::string_view text);

/// RFC 4648 base64 with padding, no line breaks. Neither direction looks anything up by what it converts,
/// which may be a private key.
std::string to_base64(ByteView bytes);
/// RFC 4648 base64; white space anywhere is skipped, padding may be missing; everything else is
/// kMalformed "encoding.base64".
Result<Bytes> from_base64(std::string_view text);

/// True for well-formed UTF-8 (no overlong forms, no surrogates, up to U+10FFFF).
bool is_utf8(std::string_view text);
/// UTF-16BE (BMPString, with surrogate pairs accepted) to UTF-8. kMalformed "encoding.utf16".
Result<std::string> utf16be_to_utf8(ByteView bytes);
/// UTF-32BE (UniversalString) to UTF-8. kMalformed "encoding.utf32".
Result<std::string> utf32be_to_utf8(ByteView bytes);
/// Octets of ISO 8859-1 (T61String as it is used in practice) to UTF-8. Never fails.
std::string latin1_to_utf8(ByteView bytes);

}  // namespace hutong
