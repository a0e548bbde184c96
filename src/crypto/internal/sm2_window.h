#pragma once

#include "crypto/internal/limbs.h"

namespace hutong::crypto::internal {

/// Scalars are read in windows of `kBits` bits as signed digits from -2^(kBits-1) to 2^(kBits-1) (Booth); the
/// windows hold 256 bits and the last carry.
template <std::size_t kBits>
struct Windows {
  static constexpr std::size_t kCount = 256 / kBits + 1;
  static constexpr std::size_t kPoints = std::size_t{1} << (kBits - 1);  ///< the highest magnitude
};

struct Digit {
  std::uint64_t magnitude;
  Mask negative;
};

/// The digit of window `index`, in constant time as to the scalar.
template <std::size_t kBits>
Digit window_digit(const Limbs& scalar, std::size_t index) {
  constexpr std::uint64_t kAll = (std::uint64_t{1} << (kBits + 1)) - 1;
  std::uint64_t bits = 0;  // the bits of the window and the highest bit of the window below it
  if (index == 0) {
    bits = scalar[0] << 1;
  } else {
    const std::size_t position = index * kBits - 1;
    const std::size_t limb = position / 64;
    const std::size_t shift = position % 64;
    bits = scalar[limb] >> shift;
    if (shift > 64 - kBits - 1 && limb + 1 < scalar.size()) {
      bits |= scalar[limb + 1] << (64 - shift);
    }
  }
  bits &= kAll;
  const Mask negative = mask_from_bit(bits >> kBits);
  const std::uint64_t folded = (bits & ~negative) | ((kAll - bits) & negative);
  return {(folded >> 1) + (folded & 1), negative};
}

}  // namespace hutong::crypto::internal
