#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/sm2.h"
#include "kmc/stores/key_maker.h"
#include "kmc/stores/key_pair_record.h"
#include "storage/transaction.h"
#include "x509/serial.h"

namespace hutong::kmc {

/// Why a key is recovered. Stable numbers: they are stored. Append only.
enum class RecoveryKind : std::int64_t {
  kUser = 1,      ///< 密钥恢复: its CA asked, for the holder
  kLocal = 2,     ///< 本地恢复: an operator of the centre, for the holder
  kJudicial = 3,  ///< 司法取证: for a registered judicial officer, with an operator
};
std::string_view to_string(RecoveryKind kind);  ///< "user", "local", "judicial"

enum class RecoveryState : std::int64_t { kOpen = 1, kReleased = 2, kRefused = 3, kExpired = 4 };
std::string_view to_string(RecoveryState state);  ///< "open", "released", "refused", "expired"
std::optional<RecoveryState> recovery_state_from(std::string_view text);

/// A case of key recovery. The key pair opens only when enough custodians have handed in their shares of the
/// master key, each encrypted for the case's own key; then it is enveloped for `target_key`, inside the
/// process, and nobody sees more of it than the envelope.
struct RecoveryCase {
  std::string id;  ///< ULID
  RecoveryKind kind = RecoveryKind::kUser;
  RecoveryState state = RecoveryState::kOpen;
  std::string key_id;
  std::string master;
  std::string authority;
  x509::Serial certificate;
  Bytes target_key;  ///< 65 octets
  std::optional<Bytes> target_certificate = std::nullopt;
  std::optional<std::string> officer = std::nullopt;  ///< kJudicial: id of the judicial officer
  std::string document_number = {};                   ///< of the writ or the application
  std::string grounds = {};
  std::string document_name = {};
  bool has_document = false;  ///< the paper, scanned; kept with the case
  std::string requested_by;   ///< fingerprint of the operator, or of the CA's certificate
  Bytes case_key;             ///< 65 octets: what custodians encrypt their shares for
  std::optional<Bytes> case_key_sealed = std::nullopt;  ///< gone when the case is closed
  std::string store_key;
  std::optional<Bytes> envelope = std::nullopt;  ///< SM2EnvelopedKey, once released
  Time created_at{};
  Time expires_at{};
  std::optional<Time> finished_at = std::nullopt;
  std::int64_t version = 1;
};

/// A custodian's part in a case.
struct RecoveryShare {
  unsigned number = 1;
  std::string custodian;
  std::string fingerprint;
  std::optional<Bytes> share;  ///< SM2Cipher for the case's key; gone when the case is closed
  Time given_at{};
};

/// What a new case says.
struct RecoveryOrder {
  RecoveryKind kind = RecoveryKind::kUser;
  const HeldKey& key;
  crypto::Sm2PublicKey target;
  std::optional<Bytes> target_certificate = std::nullopt;
  std::optional<std::string> officer = std::nullopt;
  std::string document_number = {};
  std::string grounds = {};
  std::string document_name = {};
  std::optional<Bytes> document = std::nullopt;
  std::string requested_by;
};

/// Who hands in a share.
struct Custodian {
  std::string name;
  std::string fingerprint;
};

/// Where cases of recovery are opened, approved and closed. Immutable; any thread. What it is given must
/// outlive it.
class RecoveryDesk {
 public:
  RecoveryDesk(const StoreKey& store, std::chrono::hours open_for) : store_(&store), open_for_(open_for) {}

  Result<RecoveryCase> open(storage::Transaction& transaction, const RecoveryOrder& order, Time now) const;

  /// A custodian's approval: the share, encrypted (SM2Cipher) for the case's key. The one that makes the
  /// shares enough releases the key. kNotFound "recovery.unknown"; kConflict "recovery.closed",
  /// "recovery.share_twice"; kPolicy "recovery.expired", "recovery.own_case" (who asked does not approve);
  /// kUnauthorized "recovery.share" (not a share of this master key), "recovery.share_of_other" (another
  /// custodian's).
  Result<RecoveryCase> approve(storage::Transaction& transaction, std::string_view id,
                               const Custodian& custodian, ByteView share, Time now) const;
  /// kConflict "recovery.closed".
  static Result<RecoveryCase> refuse(storage::Transaction& transaction, std::string_view id, Time now);
  /// Closes what waited too long; how many.
  static Result<std::int64_t> expire(storage::Transaction& transaction, Time now);

 private:
  Result<crypto::Sm2PrivateKey> case_key(const RecoveryCase& recovery) const;
  Status release(storage::Transaction& transaction, RecoveryCase& recovery,
                 const std::vector<RecoveryShare>& shares, Time now) const;
  const StoreKey* store_;
  std::chrono::hours open_for_;
};

/// The tables of cases. Stateless. Errors of storage/error.h and the ones named.
struct RecoveryFilter {
  std::optional<RecoveryState> state = std::nullopt;
  std::string after = {};
  std::size_t limit = 50;
};
class RecoveryRepository {
 public:
  static Status insert(storage::Transaction& transaction, const RecoveryCase& recovery,
                       const std::optional<Bytes>& document);
  /// kNotFound "recovery.unknown".
  static Result<std::optional<Bytes>> document(storage::Reader& reader, std::string_view id);
  static Result<RecoveryCase> find(storage::Reader& reader, std::string_view id);
  static Result<RecoveryCase> find_for_update(storage::Transaction& transaction, std::string_view id);
  /// The newest case of this key for this target, or nothing.
  static Result<std::optional<RecoveryCase>> find_for_target(storage::Reader& reader, std::string_view key_id,
                                                             ByteView target_key);
  static Result<std::vector<RecoveryCase>> search(storage::Reader& reader, const RecoveryFilter& filter);
  static Result<std::vector<RecoveryShare>> shares(storage::Reader& reader, std::string_view id);
  /// kConflict "recovery.share_twice".
  static Status add_share(storage::Transaction& transaction, std::string_view id, const RecoveryShare& share);
  /// State, envelope, times; the case's key and all shares are deleted.
  static Status close(storage::Transaction& transaction, RecoveryCase& recovery, RecoveryState state,
                      Time now);
  static Result<std::vector<std::string>> overdue(storage::Reader& reader, Time now);
};

}  // namespace hutong::kmc
