#pragma once

#include "crypto/internal/limbs.h"
#include "crypto/internal/sm2_scalar.h"

namespace hutong::crypto::internal {

/// k or -k, whichever of k and n - k is odd, as a sum of d * 2^(kBits * i) over odd digits d from -(2^kBits -
/// 1) to 2^kBits - 1: no addend of a multiple of a point is infinite. In constant time. For k = 0 the digits
/// are those of n. The object is the caller's to wipe.
///
/// Of an odd number 2h + 1, digit i is 2*b - (2^kBits - 1) for the digit b of h + 2^(kBits * kCount - 1) in
/// the base 2^kBits.
template <std::size_t kBits>
class OddDigits {
 public:
  static constexpr std::size_t kCount = 256 / kBits + 1;
  static constexpr std::size_t kRows = std::size_t{1} << (kBits - 1);  ///< row i is for 2*i + 1

  OddDigits() = default;
  /// `k` is below n.
  explicit OddDigits(const Limbs& k) : is_negated_(~mask_from_bit(k[0] & 1)) {
    Limbs negative;
    internal::subtract(negative, kGroupOrder, k);
    const Limbs odd = select(is_negated_, negative, k);
    half_ = {odd[0] >> 1 | odd[1] << 63, odd[1] >> 1 | odd[2] << 63, odd[2] >> 1 | odd[3] << 63, odd[3] >> 1};
  }
  /// Whether the digits are those of -k.
  Mask is_negated() const { return is_negated_; }

  struct Digit {
    std::uint64_t row;  ///< counted from 1, as read_row() wants it
    Mask negative;
  };
  Digit at(std::size_t window) const {
    const std::size_t limb = window * kBits / 64;
    const std::size_t shift = window * kBits % 64;
    std::uint64_t bits = half_[limb] >> shift;
    if (shift > 64 - kBits && limb + 1 < half_.size()) {
      bits |= half_[limb + 1] << (64 - shift);
    }
    bits |= window + 1 == kCount ? kRows : 0;
    const Mask negative = ~mask_from_bit(bits >> (kBits - 1) & 1);
    return {((bits ^ negative) & (kRows - 1)) + 1, negative};
  }

 private:
  Mask is_negated_ = 0;
  Limbs half_{};
};

}  // namespace hutong::crypto::internal
