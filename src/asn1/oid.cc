#include "asn1/oid.h"

#include <algorithm>
#include <bit>

namespace hutong::asn1 {
namespace {

Error bad_oid(std::string detail) { return {Errc::kMalformed, "asn1.oid", std::move(detail)}; }

constexpr std::uint64_t kMostArc = INT64_MAX;  ///< 63 bits, in text as in DER

/// Content octets that an arc takes.
std::size_t encoded_size(std::uint64_t arc) {
  return arc == 0 ? 1 : (static_cast<std::size_t>(std::bit_width(arc)) + 6) / 7;
}

/// Reads one decimal arc without leading zeros; false when there is none or it does not fit.
bool read_arc(std::string_view& text, std::uint64_t& arc) {
  std::size_t digits = 0;
  arc = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    const auto digit = static_cast<std::uint64_t>(text[digits] - '0');
    if (arc > (kMostArc - digit) / 10) {
      return false;
    }
    arc = arc * 10 + digit;
    ++digits;
  }
  const bool leading_zero = digits > 1 && text.front() == '0';
  text.remove_prefix(digits);
  return digits > 0 && !leading_zero;
}

}  // namespace

Result<Oid> Oid::from_content(ByteView content) {
  if (content.empty() || content.size() > kMostOctets) {
    return bad_oid("an object identifier has 1 to 40 octets");
  }
  bool at_arc_start = true;
  std::size_t arc_octets = 0;
  for (const std::uint8_t octet : content) {
    if (at_arc_start && octet == 0x80) {
      return bad_oid("an arc starts with a superfluous zero");
    }
    arc_octets = at_arc_start ? 1 : arc_octets + 1;
    if (arc_octets > 9) {
      return bad_oid("an arc is larger than 63 bits");
    }
    at_arc_start = (octet & 0x80) == 0;
  }
  if (!at_arc_start) {
    return bad_oid("the last arc is cut off");
  }
  Oid oid;
  std::ranges::copy(content, oid.octets_.begin());
  oid.size_ = static_cast<std::uint8_t>(content.size());
  return oid;
}

Result<Oid> Oid::parse(std::string_view dotted) {
  Oid oid;
  std::uint64_t first = 0;
  for (std::size_t index = 0;; ++index) {
    std::uint64_t arc = 0;
    if (!read_arc(dotted, arc)) {
      return bad_oid("expected numbers separated by dots");
    }
    if (index == 0) {
      first = arc;
    } else {
      if (index == 1 && (first > 2 || (first < 2 && arc > 39))) {
        return bad_oid("the first two arcs are out of range");
      }
      const std::uint64_t pushed = index == 1 ? first * 40 + arc : arc;
      if (pushed > kMostArc || oid.size_ + encoded_size(pushed) > kMostOctets) {
        return bad_oid("an object identifier has arcs of 63 bits and 40 octets at most");
      }
      oid.push_arc(pushed);
    }
    if (dotted.empty()) {
      break;
    }
    if (dotted.front() != '.') {
      return bad_oid("expected numbers separated by dots");
    }
    dotted.remove_prefix(1);
  }
  if (oid.empty()) {
    return bad_oid("an object identifier has at least two arcs");
  }
  return oid;
}

std::string Oid::to_string() const {
  std::string text;
  std::uint64_t arc = 0;
  for (const std::uint8_t octet : content()) {
    arc = (arc << 7) | (octet & 0x7F);
    if ((octet & 0x80) != 0) {
      continue;
    }
    if (text.empty()) {
      const std::uint64_t first = std::min<std::uint64_t>(arc / 40, 2);
      text = std::to_string(first) + "." + std::to_string(arc - first * 40);
    } else {
      text += "." + std::to_string(arc);
    }
    arc = 0;
  }
  return text;
}

}  // namespace hutong::asn1
