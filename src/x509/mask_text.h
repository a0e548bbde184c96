#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hutong::x509 {

/// A text with stars instead of its middle: `front` and `back` characters stay. A text that is no longer than
/// these becomes stars altogether. Counts characters of UTF-8, so that what is left is UTF-8, too.
std::string mask_middle(std::string_view utf8, std::size_t front, std::size_t back);
/// How many characters a text of UTF-8 has.
std::size_t count_characters(std::string_view utf8);

}  // namespace hutong::x509
