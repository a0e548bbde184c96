#pragma once

#include <algorithm>

#include "base/bytes.h"
#include "crypto/internal/sm2_kernel.h"

namespace hutong::crypto::internal {

/// 32 octets as a fixed array.
inline Sm2ScalarOctets scalar_octets(ByteView octets) {
  Sm2ScalarOctets out;
  std::ranges::copy(octets.first(out.size()), out.begin());
  return out;
}

/// X || Y, 64 octets.
inline Sm2Coordinates coordinates_from(ByteView octets) {
  return {scalar_octets(octets.first(32)), scalar_octets(octets.subspan(32, 32))};
}

}  // namespace hutong::crypto::internal
