#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/record.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"
#include "crypto/key_store.h"
#include "storage/database.h"

namespace hutong::ca {

/// What a registered client may do; bits of CmpClient::rights.
enum class CmpRight : std::uint32_t {
  kEnrol = 1 << 0,
  kRenew = 1 << 1,      ///< what it enrolled
  kRevoke = 1 << 2,     ///< what it enrolled
  kVouch = 1 << 3,      ///< raVerified: it has checked possession itself
  kAutomatic = 1 << 4,  ///< its orders are made without our review
  /// SM2 proofs over an empty distinguishing identifier are believed: the sender is OpenSSL 3.0.
  kEmptySm2Id = 1 << 5,
};

/// A sender that protects its messages with a shared secret.
struct CmpClient {
  Bytes reference = {};  ///< senderKID of its messages
  std::string name = {};
  std::vector<std::string> templates = {};  ///< that it may order by
  std::uint32_t rights = 0;
  std::string organization = {};         ///< on whose behalf it orders
  std::string organization_number = {};  ///< its credit code
  bool retired = false;

  bool may(CmpRight right) const { return (rights & static_cast<std::uint32_t>(right)) != 0; }
  bool may_use(std::string_view template_id) const;
};

/// The registered clients. Their secrets are sealed in the database for a key of the key store. Thread-safe;
/// database and keys outlive it.
class CmpClients {
 public:
  static constexpr std::string_view kKeyLabel = "cmp-secrets";

  /// Makes the key when there is none. Errors of the key store.
  static Result<CmpClients> load(storage::Database& database, crypto::KeyStore& keys);

  /// Registers a client, with its audit record. kConflict "storage.constraint" for a reference or name that
  /// is taken; kPolicy "cmp.client" (no reference or more than 64 octets, no name, a secret below 16 octets).
  Status add(const CmpClient& client, ByteView secret, const audit::Actor& by, Time now) const;
  /// kNotFound "cmp.client_unknown".
  Status retire(ByteView reference, const audit::Actor& by, Time now) const;
  Result<std::vector<CmpClient>> list() const;

  struct Found {
    CmpClient client;
    SecretBytes secret;
  };
  /// kUnauthorized "cmp.client_unknown", also for a retired one.
  Result<Found> find(ByteView reference) const;

 private:
  CmpClients(storage::Database& database, const crypto::KeyStore& keys, crypto::Sm2PublicKey key)
      : database_(&database), keys_(&keys), key_(key) {}

  storage::Database* database_;
  const crypto::KeyStore* keys_;
  crypto::Sm2PublicKey key_;
};

}  // namespace hutong::ca
