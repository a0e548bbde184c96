#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace hutong::crypto::internal {

// SM4 in the field of AES, octet by octet: what the kernels with AES or GFNI instructions make their tables
// and matrices of, at compile time.
//
// Both ciphers invert in GF(2^8), so the S-box of SM4 is that of AES between two affine maps. The maps are
// linear but for constants, and so is L; hence the words of the state are kept in the field of AES from the
// first round to the last, and only one linear map is left after the inversion of a round.

/// Sixteen octets that a shuffle takes, the same in every 128 bits of a vector: an order, or a table.
using Pattern = std::array<std::uint8_t, 16>;

/// An affine map of octets, as two tables: for the lower and for the upper four bits.
struct AffineMap {
  alignas(16) Pattern lower;
  alignas(16) Pattern upper;

  constexpr std::uint8_t operator()(std::uint8_t x) const {
    return static_cast<std::uint8_t>(lower[x & 0x0F] ^ upper[x >> 4]);
  }
};

template <typename Function>
constexpr AffineMap make_affine_map(Function function) {
  AffineMap map{};
  for (unsigned i = 0; i < 16; ++i) {
    map.lower[i] = function(static_cast<std::uint8_t>(i));
    map.upper[i] = static_cast<std::uint8_t>(function(static_cast<std::uint8_t>(i << 4)) ^ function(0));
  }
  return map;
}

/// A * x + C of SM4, then the isomorphism to the field of AES that takes 02 to 23.
inline constexpr AffineMap kSm4Enter = {
    {0x3E, 0xB2, 0x0E, 0x82, 0xBB, 0x37, 0x8B, 0x07, 0xA1, 0x2D, 0x91, 0x1D, 0x24, 0xA8, 0x14, 0x98},
    {0x00, 0xDC, 0x2E, 0xF2, 0xC5, 0x19, 0xEB, 0x37, 0x08, 0xD4, 0x26, 0xFA, 0xCD, 0x11, 0xE3, 0x3F}};
/// Undoes the affine part of the S-box of AES, goes back and applies A and C again.
inline constexpr AffineMap kSm4Leave = {
    {0x6C, 0xD4, 0xA6, 0x1E, 0x52, 0xEA, 0x98, 0x20, 0x0B, 0xB3, 0xC1, 0x79, 0x35, 0x8D, 0xFF, 0x47},
    {0x00, 0xE0, 0x50, 0xB0, 0x9D, 0x7D, 0xCD, 0x2D, 0xC0, 0x20, 0x90, 0x70, 0x5D, 0xBD, 0x0D, 0xED}};

/// The octet that a map takes to `image`.
constexpr std::uint8_t preimage(const AffineMap& map, std::uint8_t image) {
  unsigned x = 0;
  while (map(static_cast<std::uint8_t>(x)) != image) {
    ++x;
  }
  return static_cast<std::uint8_t>(x);
}

/// Octets of the state: the linear part of kSm4Enter, and back.
inline constexpr AffineMap kSm4ToField =
    make_affine_map([](std::uint8_t x) { return static_cast<std::uint8_t>(kSm4Enter(x) ^ kSm4Enter(0)); });
inline constexpr AffineMap kSm4FromField =
    make_affine_map([](std::uint8_t x) { return preimage(kSm4ToField, x); });

/// What is added to the output of the S-box of AES so that the maps below need no constant: kSm4Leave takes
/// it to 0.
inline constexpr std::uint8_t kSm4LeaveZero = preimage(kSm4Leave, 0);

/// L(B) = B ^ B<<<24 ^ (B ^ B<<<8 ^ B<<<16)<<<2 on the octets of B: with R a rotation of the word by 8 bits
/// and b<<2, b>>6 within an octet, the factors of 1, R, R^2, R^3 are
///   b ^ b<<2,  b<<2 ^ b>>6,  b<<2 ^ b>>6,  b ^ b>>6,
/// so with P = b<<2 ^ b>>6 and Q = b ^ b>>6 that is L = (P ^ Q) ^ R P ^ R^2 P ^ R^3 Q. Both from the output
/// of the S-box of AES (plus kSm4LeaveZero) to the state.
inline constexpr AffineMap kSm4P = make_affine_map([](std::uint8_t y) {
  return kSm4ToField(std::rotl(static_cast<std::uint8_t>(kSm4Leave(y) ^ kSm4Leave(0)), 2));
});
inline constexpr AffineMap kSm4Q = make_affine_map([](std::uint8_t y) {
  const auto b = static_cast<std::uint8_t>(kSm4Leave(y) ^ kSm4Leave(0));
  return kSm4ToField(static_cast<std::uint8_t>(b ^ b >> 6));
});

}  // namespace hutong::crypto::internal
