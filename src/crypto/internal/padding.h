#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "crypto/internal/declassify.h"
#include "crypto/internal/limbs.h"

namespace hutong::crypto::internal {

/// All ones when a < b, of numbers below 2^63: by subtraction, because a comparison might become a branch.
/// The bound is hidden: seen together with the index of a loop, a compiler counts from the secret and
/// subtracts it from the address.
inline Mask mask_if_below(std::uint64_t a, std::uint64_t b) { return mask_from_bit((a - hide(b)) >> 63); }

/// The octets of a message's last block that are no padding of PKCS #7 (RFC 5652 6.3), nothing when the
/// padding is wrong; the time does not tell where. `block` is a whole block of the cipher.
inline std::optional<std::size_t> size_without_padding(ByteView block) {
  const std::uint64_t fill = block.back();
  std::uint64_t wrong = mask_if_below(fill, 1) | mask_if_below(block.size(), fill);
  for (std::size_t i = 0; i < block.size(); ++i) {
    wrong |= (block[i] ^ fill) & ~mask_if_below(fill, block.size() - i);
  }
  if (declassify(wrong) != 0) {
    return std::nullopt;
  }
  return block.size() - declassify(fill);  // the length of the message is no secret
}

}  // namespace hutong::crypto::internal
