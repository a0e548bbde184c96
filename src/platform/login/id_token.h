#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "crypto/p256_key.h"
#include "net/json.h"
#include "platform/vault.h"
#include "storage/database.h"

namespace hutong::platform::login {

/// Signs ID tokens: JWS in compact form with ES256, which every client library knows (decision 0011). The key
/// is one of the database, sealed with the vault, the same for all nodes. Any thread.
class IdTokenSigner {
 public:
  /// Makes the key at the first start.
  static Result<IdTokenSigner> load(storage::Database& database, const Vault& vault);
  explicit IdTokenSigner(crypto::P256Key key);

  Result<std::string> sign(const net::Json& claims) const;
  /// The claims of one of our own, however old. kUnauthorized "login.id_token".
  Result<net::Json> read(std::string_view token) const;
  /// The JWK set (RFC 7517).
  const net::Json& keys() const { return keys_; }

 private:
  crypto::P256Key key_;
  std::string header_;  ///< in base64url
  net::Json keys_;
};

}  // namespace hutong::platform::login
