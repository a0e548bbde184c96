#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "asn1/tag.h"
#include "base/bytes.h"

namespace hutong::x509::internal {

/// True for the ASN.1 string types (a NameAttribute with another tag is shown as "#" and hexadecimal).
bool is_string_tag(asn1::Tag tag);
/// UTF-8 of a string value, nothing when its octets do not fit the type. IA5String, PrintableString and
/// VisibleString with octets above 7F are taken as UTF-8 when they are that.
std::optional<std::string> decode_string(asn1::Tag tag, ByteView content);
/// Like decode_string, with U+FFFD for what cannot be decoded. Always well-formed UTF-8.
std::string decode_string_lossy(asn1::Tag tag, ByteView content);
/// Well-formed UTF-8 of any octets: invalid ones become U+FFFD.
std::string to_valid_utf8(std::string_view octets);

/// Appends the form of a UTF-8 text that is compared (RFC 5280 7.1, RFC 4518 in its simple parts): case
/// folded, characters that RFC 4518 maps to nothing removed, runs of white space one blank, none at the ends.
void append_comparable(Bytes& out, std::string_view utf8);

/// An attribute value for RFC 4514 text, escaped (RFC 4514 2.4).
std::string escape_value(std::string_view utf8);

bool is_printable_string(ByteView content);
bool is_ascii(ByteView content);

}  // namespace hutong::x509::internal
