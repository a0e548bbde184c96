#pragma once

#include <algorithm>
#include <span>

#include "base/bytes.h"
#include "crypto/internal/endian.h"
#include "crypto/internal/wipe_object.h"
#include "crypto/sm3.h"

namespace hutong::crypto::internal {

/// The key derivation function of GB/T 32918.3 5.4.3 and 32918.4 5.4.3: SM3(Z || counter) for counters 1, 2
/// ... The hash has taken in Z already. `out` has at most 2^37 - 32 octets.
inline void derive_key(const Sm3& hash_of_z, std::span<std::uint8_t> out) {
  std::array<std::uint8_t, 4> counter{};
  for (std::uint32_t i = 1; !out.empty(); ++i) {
    store_be32(counter.data(), i);
    Sm3 hash = hash_of_z;
    hash.update(counter);
    Sm3Digest block = hash.finish();
    const WipeAtExit wipe_block(block);
    const std::size_t taken = std::min(out.size(), block.size());
    std::copy_n(block.begin(), taken, out.begin());
    out = out.subspan(taken);
  }
}

}  // namespace hutong::crypto::internal
