#pragma once

#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_scalar.h"
#include "crypto/internal/wipe_object.h"
#include "crypto/random.h"

namespace hutong::crypto::internal {

/// A uniform k in [1, n-1], by rejection, in the caller's memory, who wipes it: no copy is left elsewhere.
inline void make_nonce(RandomSource& random, Sm2ScalarOctets& k) {
  do {
    random.fill(k);
  } while (!is_in_order_range(k));
}

/// A nonce with what a signature needs of it. The caller wipes it.
struct Sm2Nonce {
  Sm2ScalarOctets k{};
  Sm2ScalarOctets x{};  ///< the x coordinate of k*G
};
inline void draw_nonce(RandomSource& random, Sm2Nonce& out) {
  make_nonce(random, out.k);
  Sm2Coordinates point;
  const WipeAtExit wipe_point(point);
  sm2_kernel().multiply_base(out.k, point);
  out.x = point.x;
}

}  // namespace hutong::crypto::internal
