#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace hutong::asn1 {

/// An object identifier, held as its DER content octets. A small value type without heap memory; identifiers
/// of more than 40 content octets are refused on reading (none is in use anywhere).
class Oid {
 public:
  static constexpr std::size_t kMostOctets = 40;

  constexpr Oid() = default;

  /// For constants: a typing error fails to compile when used in a constexpr. Run-time text goes through
  /// parse().
  explicit consteval Oid(std::string_view dotted) {
    std::size_t i = 0;
    std::uint64_t first = 0;
    for (std::size_t arc_index = 0; i < dotted.size(); ++arc_index) {
      std::uint64_t arc = 0;
      for (; i < dotted.size() && dotted[i] != '.'; ++i) {
        arc = arc * 10 + static_cast<std::uint64_t>(dotted[i] - '0');
      }
      ++i;
      if (arc_index == 0) {
        first = arc;
      } else {
        push_arc(arc_index == 1 ? first * 40 + arc : arc);
      }
    }
  }

  /// Content octets of an OBJECT IDENTIFIER (X.690 8.19): kMalformed "asn1.oid".
  static Result<Oid> from_content(ByteView content);
  /// "1.2.156.10197.1.501". kMalformed "asn1.oid".
  static Result<Oid> parse(std::string_view dotted);

  constexpr bool empty() const { return size_ == 0; }
  ByteView content() const& { return {octets_.data(), size_}; }
  ByteView content() const&& = delete;
  std::string to_string() const;

  friend constexpr bool operator==(const Oid&, const Oid&) = default;
  /// The order of their octets, for sorted containers. Written out: clang-tidy 14 takes the 0 of a defaulted
  /// one for a null pointer.
  friend std::strong_ordering operator<=>(const Oid& a, const Oid& b) {
    return std::lexicographical_compare_three_way(a.octets_.begin(), a.octets_.begin() + a.size_,
                                                  b.octets_.begin(), b.octets_.begin() + b.size_);
  }

 private:
  constexpr void push_arc(std::uint64_t arc) {
    std::size_t groups = 1;
    for (std::uint64_t rest = arc >> 7; rest != 0; rest >>= 7) {
      ++groups;
    }
    for (; groups > 0; --groups) {
      const auto group = static_cast<std::uint8_t>((arc >> (7 * (groups - 1))) & 0x7F);
      octets_.at(size_++) = static_cast<std::uint8_t>(groups > 1 ? group | 0x80 : group);
    }
  }

  std::array<std::uint8_t, kMostOctets> octets_{};
  std::uint8_t size_ = 0;
};

}  // namespace hutong::asn1

template <>
struct std::hash<hutong::asn1::Oid> {
  std::size_t operator()(const hutong::asn1::Oid& oid) const noexcept {
    const auto content = oid.content();
    return std::hash<std::string_view>{}(hutong::as_text(content));
  }
};
