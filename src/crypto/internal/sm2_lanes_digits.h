#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "crypto/internal/limbs.h"
#include "crypto/internal/sm2_scalar.h"

namespace hutong::crypto::internal {

/// One scalar of each lane as signed odd digits of `kBits` bits: no digit is zero, so that all lanes add in
/// every window. An even scalar k is read as -(n - k). Digit i of an odd k is (k_i modulo 2^(kBits+1)) -
/// 2^kBits, with k_i = floor(k / 2^(kBits*i)) | 1; the highest is k_i itself.
template <std::size_t kBits, std::size_t kLanes>
struct LaneDigits {
  static constexpr std::size_t kCount = (256 + kBits - 1) / kBits;
  static constexpr std::uint64_t kAll = (std::uint64_t{1} << kBits) - 1;

  std::uint64_t negative[kCount][kLanes];  ///< all ones or all zeros
  std::uint8_t index[kCount][kLanes];      ///< half the magnitude, rounded down

  /// `scalar` is in [1, n-1].
  void set(std::size_t lane, Limbs scalar) {
    const bool even = (scalar[0] & 1) == 0;
    if (even) {
      subtract(scalar, kGroupOrder, scalar);
    }
    for (std::size_t i = 0; i < kCount; ++i) {
      const std::uint64_t bits = bits_at(scalar, i * kBits) | 1;
      const bool below = i + 1 < kCount && (bits >> kBits & 1) == 0;
      index[i][lane] = static_cast<std::uint8_t>(((below ? ~bits : bits) & kAll) >> 1);
      negative[i][lane] = below != even ? ~std::uint64_t{0} : 0;
    }
  }

 private:
  static std::uint64_t bits_at(const Limbs& scalar, std::size_t position) {
    const std::size_t limb = position / 64;
    const std::size_t shift = position % 64;
    const std::uint64_t above = limb + 1 < scalar.size() && shift != 0 ? scalar[limb + 1] << (64 - shift) : 0;
    return scalar[limb] >> shift | above;
  }
};

}  // namespace hutong::crypto::internal
