#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/key_store.h"
#include "crypto/random.h"
#include "storage/database.h"

namespace hutong::platform {

/// The secrets of the platform, which all its nodes share: one random master secret in the database,
/// encrypted for a key of the key store, from which the others are derived. Without the key store the
/// database tells nobody a citizen number (design decision 11). Immutable; any thread.
class Vault {
 public:
  /// The label of the key in the key store.
  static constexpr std::string_view kKeyLabel = "platform";

  /// Makes the key and the secret at the first start. What key store and storage say; kUnavailable
  /// "vault.key": the database has a secret that this key store cannot open.
  static Result<Vault> open(storage::Database& database, crypto::KeyStore& keys,
                            crypto::RandomSource& random = crypto::system_random());
  explicit Vault(SecretBytes master, crypto::RandomSource& random = crypto::system_random())
      : master_(std::move(master)), random_(&random) {}

  /// 32 octets for one purpose, the same at every start.
  SecretBytes derive(std::string_view purpose) const;
  /// SM4-GCM under the key of a record class, with a nonce of its own; `about` says whose it is (a column, an
  /// id), so that sealed octets cannot be moved to another place.
  Result<Bytes> seal(std::string_view record_class, std::string_view about, ByteView text) const;
  /// kCryptoFail "sm4.tag", kMalformed "sm4.length".
  Result<SecretBytes> unseal(std::string_view record_class, std::string_view about, ByteView sealed) const;
  /// By which a sealed value can be looked up; tells nothing to who has not the master secret.
  Bytes index(std::string_view record_class, std::string_view text) const;

 private:
  SecretBytes master_;
  crypto::RandomSource* random_;
};

}  // namespace hutong::platform
