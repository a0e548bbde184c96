#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "crypto/key_store.h"
#include "crypto/random.h"
#include "crypto/sm2.h"
#include "kmc/stores/key_pair_record.h"
#include "kmc/stores/sealing_key.h"
#include "storage/database.h"

namespace hutong::kmc {

/// Which master key new key pairs are escrowed for.
struct MasterKey {
  std::string id;
  crypto::Sm2PublicKey public_key;
  unsigned threshold = 2;
  unsigned shares = 3;
};

/// The sealing key of the spare store as the running service holds it.
struct StoreKey {
  std::string id;
  SealingKey key;
};

/// Key pairs ready for the spare store.
struct MadeKeys {
  Batch batch;
  std::vector<SpareKey> keys;
};

/// Makes SM2 encryption key pairs and wraps them for the stores (密钥生成). Immutable; any thread.
class KeyMaker {
 public:
  KeyMaker(const MasterKey& master, const StoreKey& store, unsigned threads);
  /// A batch of `count` key pairs, made on several threads when that pays.
  Result<MadeKeys> make(std::size_t count, Time now) const;
  /// Opens a spare key for delivery. kCryptoFail "kmc.sealed"; kInternal "kmc.key_mismatch" when what is
  /// inside is another key pair.
  Result<crypto::Sm2PrivateKey> open(const SpareKey& key) const;
  const MasterKey& master() const { return *master_; }
  const StoreKey& store() const { return *store_; }

 private:
  const MasterKey* master_;
  const StoreKey* store_;
  unsigned threads_;
};

/// The private key inside a delivered key pair, by the key of its batch. Errors as for KeyMaker::open.
Result<crypto::Sm2PrivateKey> open_escrowed(const HeldKey& key, const SealingKey& batch_key);

}  // namespace hutong::kmc
