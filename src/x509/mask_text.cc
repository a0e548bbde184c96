#include "x509/mask_text.h"

#include <algorithm>

namespace hutong::x509 {
namespace {

bool begins_character(char octet) { return (static_cast<unsigned char>(octet) & 0xC0U) != 0x80U; }

/// Where character number `index` begins; the end of the text when it has no such character.
std::size_t offset_of_character(std::string_view utf8, std::size_t index) {
  for (std::size_t at = 0; at < utf8.size(); ++at) {
    if (begins_character(utf8[at]) && index-- == 0) {
      return at;
    }
  }
  return utf8.size();
}

}  // namespace

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, begins_character));
}

std::string mask_middle(std::string_view utf8, std::size_t front, std::size_t back) {
  const std::size_t characters = count_characters(utf8);
  std::string masked;
  if (characters <= front + back) {
    return masked.append(characters, '*');
  }
  masked.append(utf8.substr(0, offset_of_character(utf8, front)));
  masked.append(characters - front - back, '*');
  return masked.append(utf8.substr(offset_of_character(utf8, characters - back)));
}

}  // namespace hutong::x509
