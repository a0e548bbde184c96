#pragma once

#include <memory>
#include <optional>
#include <string>

#include "crypto/internal/openssl.h"
#include "crypto/public_key.h"

namespace hutong::crypto {

struct PublicKey::Impl {
  KeyType type = KeyType::kSm2;
  SpkiForm form = SpkiForm::kStandard;
  std::string name;
  unsigned bits = 0;
  std::optional<Sm2PublicKey> sm2;  ///< for kSm2
  ossl::Key openssl;                ///< for the others; never changed, so that threads may share it
  Bytes spki;                       ///< for the others
  Bytes key_octets;                 ///< for the others
};

/// OpenSSL's handle inside a key, for the sources of this module. Null for SM2.
struct PublicKeyAccess {
  static EVP_PKEY* openssl(const PublicKey& key) { return key.impl_->openssl.get(); }
};

}  // namespace hutong::crypto
