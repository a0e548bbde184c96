#pragma once

#include "crypto/internal/limbs.h"

namespace hutong::crypto::internal {

/// n, the order of the group (GB/T 32918.5 clause 2).
inline constexpr Limbs kGroupOrder = {0x53BBF40939D54123, 0x7203DF6B21C6052B, 0xFFFFFFFFFFFFFFFF,
                                      0xFFFFFFFEFFFFFFFF};

/// An integer modulo n, always fully reduced. Constant-time throughout.
struct Scalar {
  Limbs limbs{};

  /// Any 256-bit integer, reduced.
  static Scalar reduce(const std::array<std::uint8_t, 32>& big_endian) {
    return {reduce_once(limbs_from(big_endian), 0, kGroupOrder)};
  }
  std::array<std::uint8_t, 32> octets() const { return octets_from(limbs); }
  Mask is_zero() const { return mask_if_zero(limbs); }

  friend Scalar operator+(const Scalar& a, const Scalar& b) {
    return {add_modulo(a.limbs, b.limbs, kGroupOrder)};
  }
  friend Scalar operator-(const Scalar& a, const Scalar& b) {
    return {subtract_modulo(a.limbs, b.limbs, kGroupOrder)};
  }
  friend Scalar operator*(const Scalar& a, const Scalar& b);
};

inline constexpr Scalar kScalarOne = {{1, 0, 0, 0}};

/// 1/a, and 0 for 0.
Scalar invert(const Scalar& a);

/// True for integers in [1, n-1]. What it says about a nonce or a key that is then refused is no secret.
bool is_in_order_range(const std::array<std::uint8_t, 32>& big_endian);

}  // namespace hutong::crypto::internal
