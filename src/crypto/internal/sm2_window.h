#pragma once

#include "crypto/internal/limbs.h"

namespace hutong::crypto::internal {

/// Scalars are read in windows of five bits as signed digits from -16 to 16 (Booth): 52 windows hold 256 bits
/// and the last carry.
inline constexpr std::size_t kWindowBits = 5;
inline constexpr std::size_t kWindows = 52;
inline constexpr std::size_t kWindowPoints = 16;

struct Digit {
  std::uint64_t magnitude;  ///< 0 to 16
  Mask negative;
};

/// The digit of window `index`, in constant time as to the scalar.
inline Digit window_digit(const Limbs& scalar, std::size_t index) {
  std::uint64_t bits = 0;  // the five bits of the window and the highest bit of the window below it
  if (index == 0) {
    bits = scalar[0] << 1;
  } else {
    const std::size_t position = index * kWindowBits - 1;
    const std::size_t limb = position / 64;
    const std::size_t shift = position % 64;
    bits = scalar[limb] >> shift;
    if (shift > 64 - kWindowBits - 1 && limb + 1 < scalar.size()) {
      bits |= scalar[limb + 1] << (64 - shift);
    }
  }
  bits &= 63;
  const Mask negative = mask_from_bit(bits >> kWindowBits);
  const std::uint64_t folded = (bits & ~negative) | ((63 - bits) & negative);
  return {(folded >> 1) + (folded & 1), negative};
}

}  // namespace hutong::crypto::internal
