#pragma once

#include <openssl/core.h>

#include <memory>
#include <optional>

#include "crypto/sm2.h"
#include "provider/core.h"
#include "provider/sm2_verifier.h"

namespace hutong::provider {

/// A key pair or a public key. Immutable, usable from any thread.
struct Sm2KeyMaterial {
  explicit Sm2KeyMaterial(const crypto::Sm2PublicKey& key) : verifier(key) {}
  explicit Sm2KeyMaterial(crypto::Sm2PrivateKey key)
      : verifier(key.public_key()), private_key(std::move(key)) {}
  const crypto::Sm2PublicKey& public_key() const { return verifier.key(); }

  Sm2Verifier verifier;
  std::optional<crypto::Sm2PrivateKey> private_key = std::nullopt;
};

/// What OpenSSL's key objects hold as "key data". Operations share the material, so that they outlive the key
/// object. Without material it stands for the domain parameters alone, of which there is one set.
struct Sm2Key {
  explicit Sm2Key(const Core& lent) : core(&lent) {}
  const Core* core;  ///< for errors while it is filled
  std::shared_ptr<const Sm2KeyMaterial> material = nullptr;
};
inline const Sm2Key& key_of(const void* key_data) { return *static_cast<const Sm2Key*>(key_data); }

/// The material for an operation: null when `key_data` is null or has none.
inline std::shared_ptr<const Sm2KeyMaterial> material_of(const void* key_data) {
  return key_data == nullptr ? nullptr : key_of(key_data).material;
}

/// Reads "group", "pub" (or "qx" and "qy" when the point is compressed) and, if `with_private`, "priv". A
/// private key alone makes its public key; one that does not belong to the public key is kMalformed
/// "sm2.mismatch". Null when there is no key among them. Other reasons: kPolicy "sm2.group", kMalformed
/// "sm2.public_key", "sm2.private_key".
enum class WithPrivate : bool { kNo, kYes };
Result<std::shared_ptr<const Sm2KeyMaterial>> read_key(const OSSL_PARAM* params, WithPrivate with_private);

}  // namespace hutong::provider
