#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/key_store.h"
#include "storage/database.h"

namespace hutong::ca::registration {

/// Seals personal data at rest (design.md, decision 11): SM4-GCM with a key that is kept in the database,
/// encrypted for a key of the key store. Immutable; any thread.
class PersonalSeal {
 public:
  static constexpr std::string_view kKeyLabel = "personal-data";

  /// Makes the key when there is none yet. All nodes on one database need the same key store. Errors of the
  /// key store and of storage; kCryptoFail when the key store does not open what the database holds.
  static Result<PersonalSeal> load(storage::Database& database, crypto::KeyStore& keys);

  /// `context` says what it belongs to (an order's id): sealed octets moved elsewhere do not open.
  Result<Bytes> seal(ByteView content, std::string_view context) const;
  /// kCryptoFail "personal_seal.open".
  Result<Bytes> open(ByteView sealed, std::string_view context) const;
  /// A keyed hash of a person's number: finds it again and says nothing else.
  std::string blind(std::string_view number) const;

 private:
  explicit PersonalSeal(SecretBytes keys) : keys_(std::move(keys)) {}
  ByteView cipher_key() const { return keys_.expose().subspan(0, 16); }
  ByteView blinding_key() const { return keys_.expose().subspan(16); }
  SecretBytes keys_;  ///< 16 octets for SM4, 32 for HMAC
};

}  // namespace hutong::ca::registration
