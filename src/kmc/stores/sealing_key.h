#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/random.h"
#include "crypto/sm4.h"

namespace hutong::kmc {

/// An SM4 key under which other keys lie in the database: SM4-GCM, stored as nonce (12 random octets),
/// ciphertext, tag (16). What is sealed is bound to its place (`context`): opened for another row it is no
/// key. Move-only, wiped; usable from any thread.
class SealingKey {
 public:
  /// 16 octets, else kMalformed "sm4.key".
  static Result<SealingKey> from_octets(ByteView octets);
  static Result<SealingKey> generate(SecretBytes& octets, crypto::RandomSource& random);

  Result<Bytes> seal(ByteView context, ByteView secret, crypto::RandomSource& random) const;
  /// kCryptoFail "kmc.sealed" for everything that does not open.
  Result<SecretBytes> open(ByteView context, ByteView sealed) const;

 private:
  explicit SealingKey(crypto::Sm4Key key) : key_(std::move(key)) {}
  crypto::Sm4Key key_;
};

/// What a key pair is bound to where it lies: the purpose, its id and its public key.
Bytes sealing_context(std::string_view purpose, std::string_view id, ByteView public_key);

}  // namespace hutong::kmc
