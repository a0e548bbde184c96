#pragma once

#include <cstddef>
#include <memory>

#include "crypto/random.h"

namespace hutong::crypto {

namespace internal {
struct Sm2Nonce;
}

/// Nonces for SM2 signatures, prepared in batches: pairs of a random k and the x coordinate of k*G. A batch
/// shares its inversions, so that a signature costs little more than half of one without a pool, the
/// preparation included. Sm2PrivateKey::sign and sign_digest take a pool; it may serve many keys.
///
/// - A nonce is handed out once, to one signature of one key, and wiped in the pool before that. What is left
///   is wiped when the pool dies.
/// - Usable from any thread. Nobody waits: a thread that finds the pool in use makes a nonce for itself.
/// - The child of a fork never sees a nonce of its parent: the pool's memory is empty there (where the system
///   can do that) and refilled before use (everywhere).
/// - The memory is left out of core dumps and, as far as the limits of the process allow, never swapped.
/// - A copy of the running machine (a snapshot that is resumed twice) copies the prepared nonces: two
///   signatures with the same nonce give the key away. It copies system_random()'s portions and OpenSSL's
///   state as well: where that may happen, sign without a pool and with a source that asks the kernel.
class Sm2NoncePool {
 public:
  static constexpr std::size_t kBatch = 32;  ///< how many nonces are prepared at once

  /// `random` outlives the pool and is usable from any thread and after a fork, as system_random() is.
  explicit Sm2NoncePool(RandomSource& random = system_random());
  Sm2NoncePool(const Sm2NoncePool&) = delete;
  Sm2NoncePool& operator=(const Sm2NoncePool&) = delete;
  ~Sm2NoncePool();

  /// For Sm2PrivateKey. The caller wipes what it gets.
  void take(internal::Sm2Nonce& out);

 private:
  class Store;
  RandomSource* random_;
  std::unique_ptr<Store> store_;
};

}  // namespace hutong::crypto
