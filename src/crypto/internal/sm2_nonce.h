#pragma once

#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_scalar.h"
#include "crypto/random.h"

namespace hutong::crypto::internal {

/// A uniform k in [1, n-1], by rejection. The caller wipes it.
inline Sm2ScalarOctets make_nonce(RandomSource& random) {
  Sm2ScalarOctets k;
  do {
    random.fill(k);
  } while (!is_in_order_range(k));
  return k;
}

}  // namespace hutong::crypto::internal
