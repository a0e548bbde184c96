#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "crypto/p256_key.h"
#include "crypto/sm2.h"
#include "net/json.h"
#include "platform/login/business_system.h"
#include "platform/vault.h"
#include "storage/database.h"

namespace hutong::platform::login {

/// Signs ID tokens: JWS in compact form (RFC 7515 7.1), with ES256, which every client library knows
/// (decision 0011), or with SM2 and SM3 for business systems that ask for it (decision 0015). The keys are
/// those of the database, sealed with the vault, the same for all nodes. Any thread.
class IdTokenSigner {
 public:
  /// Makes the keys at the first start.
  static Result<IdTokenSigner> load(storage::Database& database, const Vault& vault);
  IdTokenSigner(crypto::P256Key es256, crypto::Sm2PrivateKey sm2);

  Result<std::string> sign(const net::Json& claims, IdTokenAlgorithm algorithm) const;
  /// The claims of one of our own, however old, of either algorithm. kUnauthorized "login.id_token".
  Result<net::Json> read(std::string_view token) const;
  /// The JWK set (RFC 7517): first the key of ES256, then that of SM2.
  const net::Json& keys() const { return keys_; }

 private:
  bool is_right(std::string_view header, ByteView signed_octets, ByteView signature) const;

  crypto::P256Key es256_;
  crypto::Sm2PrivateKey sm2_;
  std::string es256_header_;  ///< in base64url
  std::string sm2_header_;
  net::Json keys_;
};

}  // namespace hutong::platform::login
