#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kmc/stores/key_pair_record.h"
#include "storage/transaction.h"

namespace hutong::kmc {

/// What a list of delivered key pairs asks for; members left empty do not matter.
struct HeldKeyFilter {
  enum class Store : std::uint8_t { kInUse, kHistory } store = Store::kInUse;
  std::string authority = {};
  std::string certificate = {};  ///< hexadecimal, exact
  std::string after = {};        ///< cursor: id of the last one of the page before
  std::size_t limit = 50;        ///< 1 … 1,000
};

/// The three stores. Stateless; any thread, one transaction each. Errors are those of storage/error.h and the
/// ones named here.
class KeyRepository {
 public:
  static Status add_batch(storage::Transaction& transaction, const Batch& batch);
  static Status add_spare(storage::Transaction& transaction, const SpareKey& key);
  static Result<std::int64_t> count_spare(storage::Reader& reader);

  /// Takes up to `most` key pairs out of the spare store, the oldest first, passing over those that other
  /// transactions are taking. Nobody else gets them once this commits.
  static Result<std::vector<SpareKey>> take(storage::Transaction& transaction, std::size_t most);

  /// Into the in-use store. kConflict "kmc.certificate_has_key" when the CA's certificate has one already.
  static Status add_used(storage::Transaction& transaction, const HeldKey& key);
  /// In either store; nothing when the CA has no such key.
  static Result<std::optional<HeldKey>> find(storage::Reader& reader, std::string_view authority,
                                             const x509::Serial& certificate);
  /// kNotFound "kmc.key_unknown".
  static Result<HeldKey> find_by_id(storage::Reader& reader, std::string_view id);
  /// From the in-use to the history store; false when somebody else did it before.
  static Result<bool> retire(storage::Transaction& transaction, const HeldKey& key, Retirement reason,
                             Time now);
  static Result<std::vector<HeldKey>> search(storage::Reader& reader, const HeldKeyFilter& filter);
  static Result<Batch> batch(storage::Reader& reader, std::string_view id);

  /// In-use keys whose certificate ended before `moment`, at most `most`.
  static Result<std::vector<HeldKey>> expired(storage::Reader& reader, Time moment, std::size_t most);
  /// Deletes history keys retired before `moment` and batches that no key needs any more; the number of keys.
  static Result<std::int64_t> forget(storage::Transaction& transaction, Time moment);

  static Result<StoreCounts> counts(storage::Reader& reader);
  static Result<std::vector<AuthorityCounts>> counts_by_authority(storage::Reader& reader);
};

}  // namespace hutong::kmc
