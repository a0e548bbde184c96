#include "asn1/writer.h"

#include <algorithm>
#include <array>
#include <string>

namespace hutong::asn1 {
namespace {

void append_length(Bytes& out, std::size_t length) {
  if (length < 0x80) {
    out.push_back(static_cast<std::uint8_t>(length));
    return;
  }
  int octets = 0;
  for (std::size_t rest = length; rest != 0; rest >>= 8) {
    ++octets;
  }
  out.push_back(static_cast<std::uint8_t>(0x80 | octets));
  for (int i = octets - 1; i >= 0; --i) {
    out.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
  }
}

/// "20260601000000Z". By hand: a revocation list holds a million of them.
std::string civil_text(Time time) {
  const CivilTime c = to_civil(time);
  std::string text;
  const auto put = [&text](int number) {
    text.push_back(static_cast<char>('0' + number / 10));
    text.push_back(static_cast<char>('0' + number % 10));
  };
  for (const int two_digits : {c.year / 100, c.year % 100, c.month, c.day, c.hour, c.minute, c.second}) {
    put(two_digits);
  }
  text.push_back('Z');
  return text;
}

}  // namespace

void Writer::element(Tag tag, ByteView content) {
  out_.push_back(static_cast<std::uint8_t>(tag));
  append_length(out_, content.size());
  append(out_, content);
}

void Writer::set_of(std::vector<Bytes> encoded_elements, Tag tag) {
  std::ranges::sort(encoded_elements, [](const Bytes& a, const Bytes& b) { return less(a, b); });
  constructed(tag, [&](Writer& set) {
    for (const Bytes& element : encoded_elements) {
      set.raw(element);
    }
  });
}

void Writer::boolean(bool value) {
  const std::uint8_t octet = value ? 0xFF : 0x00;
  element(Tag::kBoolean, {&octet, 1});
}

void Writer::small(std::uint64_t value, Tag tag) {
  std::array<std::uint8_t, 8> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) {
    octets[i] = static_cast<std::uint8_t>(value >> (8 * (7 - i)));
  }
  unsigned_integer(octets, tag);
}

void Writer::unsigned_integer(ByteView magnitude, Tag tag) {
  while (magnitude.size() > 1 && magnitude[0] == 0) {
    magnitude = magnitude.subspan(1);
  }
  Bytes content;
  if (magnitude.empty() || (magnitude[0] & 0x80) != 0) {
    content.push_back(0);
  }
  append(content, magnitude);
  element(tag, content);
}

void Writer::bit_string(ByteView octets, unsigned unused_bits) {
  Bytes content{static_cast<std::uint8_t>(unused_bits)};
  append(content, octets);
  element(Tag::kBitString, content);
}

void Writer::named_bits(std::uint32_t bits) {
  std::array<std::uint8_t, 4> octets{};
  std::size_t used = 0;
  for (std::size_t bit = 0; bit < 32; ++bit) {
    if ((bits >> bit & 1) != 0) {
      octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] | (0x80 >> (bit % 8)));
      used = bit + 1;
    }
  }
  const std::size_t size = (used + 7) / 8;
  bit_string(ByteView(octets).first(size), static_cast<unsigned>(size * 8 - used));
}

void Writer::time(Time time) {
  const int year = to_civil(time).year;
  if (year < 1950 || year > 2049) {
    generalized_time(time);
    return;
  }
  text(Tag::kUtcTime, std::string_view(civil_text(time)).substr(2));
}

void Writer::generalized_time(Time time, Tag tag) { text(tag, civil_text(time)); }

}  // namespace hutong::asn1
