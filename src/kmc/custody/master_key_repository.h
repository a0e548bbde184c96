#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/sm3.h"
#include "kmc/stores/key_maker.h"
#include "storage/transaction.h"

namespace hutong::kmc {

/// What the database knows of a custodian's share.
struct MasterShare {
  unsigned number = 1;
  crypto::Sm3Digest check{};
  std::string custodian;    ///< name, for people
  std::string fingerprint;  ///< of the custodian's certificate; empty for a share under a password
  std::string file;         ///< the share file for a certificate; empty for a share under a password
};

/// The wrapped key of the spare store.
struct StoreKeyRecord {
  std::string id;
  std::string key_label;  ///< of the program's key store: whose key it is encrypted for
  Bytes sealed;           ///< SM2Cipher
};

/// Master keys and the key of the spare store. Stateless. Errors of storage/error.h and the ones named.
class MasterKeyRepository {
 public:
  static Status insert(storage::Transaction& transaction, const MasterKey& key,
                       const std::vector<MasterShare>& shares, Time now);
  /// The one in force; kUnavailable "kmc.not_initialised".
  static Result<MasterKey> current(storage::Reader& reader);
  static Result<MasterKey> find(storage::Reader& reader, std::string_view id);
  static Result<std::vector<MasterShare>> shares(storage::Reader& reader, std::string_view master);
  static Status add_store_key(storage::Transaction& transaction, const StoreKeyRecord& key, Time now);
  /// The newest; kUnavailable "kmc.not_initialised".
  static Result<StoreKeyRecord> store_key(storage::Reader& reader);
};

}  // namespace hutong::kmc
