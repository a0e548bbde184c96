#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/record.h"
#include "base/result.h"
#include "storage/migration.h"
#include "storage/transaction.h"

namespace hutong::audit {

/// The tables; component "audit" of storage::migrate().
std::span<const storage::Migration> migrations();

/// Appends to the chain inside the caller's transaction: the change of state and its record stand or fall
/// together. One row holds the head of the chain and is locked until the transaction ends, so that nodes on
/// one PostgreSQL keep it linear and without gaps; therefore append last, right before the commit. Several
/// events at once take one lock.
Status append(storage::Transaction& transaction, std::span<const Event> events);
inline Status append(storage::Transaction& transaction, const Event& event) {
  return append(transaction, std::span(&event, 1));
}

/// The last link; what a signed tree head or a printed protocol commits to.
struct Head {
  std::int64_t sequence = 0;  ///< 0 before the first record
  crypto::Sm3Digest hash{};
};
Result<Head> head(storage::Reader& reader);

/// The answer of verify_chain. A broken chain is an answer, not an Error.
struct ChainReport {
  enum class Defect { kNone, kGap, kPreviousHash, kHash, kTail };
  std::int64_t first = 0;  ///< the oldest record kept, 0 for none
  std::int64_t records = 0;
  Head head;
  Defect defect = Defect::kNone;
  std::int64_t defect_at = 0;  ///< the number where the chain is broken
  bool whole() const { return defect == Defect::kNone; }
};
/// Computes every hash again, from the oldest record kept to the head. `expected`, a head kept elsewhere,
/// must be one of the links (then also a chain rewritten as a whole is found out): kTail at its number
/// otherwise.
Result<ChainReport> verify_chain(storage::Reader& reader, const std::optional<Head>& expected = std::nullopt);

/// What to look for; empty fields match everything, filled ones are combined.
struct Query {
  std::optional<storage::Moment> from{};   ///< inclusive
  std::optional<storage::Moment> until{};  ///< exclusive
  std::string subject{};
  std::string action{};  ///< exact, or all below a prefix that ends in a dot: "order."
  std::string object_kind{};
  std::string object_id{};
  std::optional<Outcome> outcome{};
  enum class Review { kAll, kOpen, kAudited } review = Review::kAll;
  std::int64_t before = 0;  ///< the cursor of the former page, 0 for the newest records
  std::size_t limit = 50;   ///< 1 … 1,000
};
struct Page {
  std::vector<Record> records;  ///< newest first
  std::int64_t next = 0;        ///< cursor of the next page, 0 at the end
};
Result<Page> search(storage::Reader& reader, const Query& query);
/// One record; kNotFound "storage.not_found".
Result<Record> find(storage::Reader& reader, std::int64_t sequence);

/// Marks records as looked through by an auditor; those already marked keep their mark. The number newly
/// marked.
Result<std::int64_t> mark_audited(storage::Transaction& transaction, std::int64_t first, std::int64_t last,
                                  std::string_view auditor, Time now);
/// Marks all records up to `last` as archived (the caller has written them to the archive before).
Result<std::int64_t> mark_archived(storage::Transaction& transaction, std::int64_t last, Time now);
/// Deletes archived records up to `last` and keeps their last hash, so that the rest of the chain can be
/// verified. Stops before the first record that is not archived. The number deleted.
Result<std::int64_t> prune(storage::Transaction& transaction, std::int64_t last);

}  // namespace hutong::audit
