#include "x509/serial.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "asn1/reader.h"
#include "base/encoding.h"

namespace hutong::x509 {

Result<Serial> Serial::from_content(ByteView content) {
  HUTONG_CHECK(asn1::check_integer(content));
  Serial serial;
  serial.content_ = to_bytes(content);
  return serial;
}

Serial Serial::from_magnitude(ByteView magnitude) {
  const auto first = std::ranges::find_if(magnitude, [](std::uint8_t octet) { return octet != 0; });
  Serial serial;
  serial.content_.reserve(magnitude.size() + 1);
  if (first == magnitude.end() || (*first & 0x80) != 0) {
    serial.content_.push_back(0);
  }
  std::copy(first, magnitude.end(), std::back_inserter(serial.content_));
  return serial;
}

Result<Serial> Serial::from_hex(std::string_view text) {
  if (text.size() % 2 == 0 && std::ranges::none_of(text, [](char c) { return c == ' ' || c == ':'; })) {
    HUTONG_TRY(Bytes octets, hutong::from_hex(text));  // as to_hex writes it
    if (!octets.empty() && octets[0] > 0 && octets[0] < 0x80) {
      Serial serial;
      serial.content_ = std::move(octets);
      return serial;
    }
    return from_magnitude(octets);
  }
  std::string even(text);
  std::erase_if(even, [](char c) { return c == ' ' || c == ':'; });
  if (even.size() % 2 != 0) {
    even.insert(even.begin(), '0');
  }
  HUTONG_TRY(const Bytes magnitude, hutong::from_hex(even));
  return from_magnitude(magnitude);
}

std::string Serial::to_hex() const {
  const ByteView content(content_);
  const bool sign_octet = content.size() > 1 && content[0] == 0;
  return hutong::to_hex(sign_octet ? content.subspan(1) : content);
}

}  // namespace hutong::x509
