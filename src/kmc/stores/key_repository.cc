#include "kmc/stores/key_repository.h"

#include <array>
#include <utility>

#include "storage/error.h"

namespace hutong::kmc {
namespace {

using storage::Reader;
using storage::Row;
using storage::Transaction;

constexpr std::string_view kAddBatch =
    "INSERT INTO batches (id, master, sealed, created_at) VALUES (?, ?, ?, ?)";
constexpr std::string_view kBatch = "SELECT id, master, sealed, created_at FROM batches WHERE id = ?";
#define HUTONG_SPARE_COLUMNS "id, batch, public_key, escrowed, store_key, wrapped, made_at"
constexpr std::string_view kAddSpare =
    "INSERT INTO spare_keys (" HUTONG_SPARE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kOldestSpare =
    "SELECT " HUTONG_SPARE_COLUMNS " FROM spare_keys ORDER BY id LIMIT ?";
constexpr std::string_view kRemoveSpare = "DELETE FROM spare_keys WHERE id = ?";
constexpr std::string_view kCountSpare = "SELECT COUNT(*) FROM spare_keys";

#define HUTONG_USED_COLUMNS                                                                          \
  "id, batch, public_key, escrowed, made_at, authority, certificate, holder, envelope, not_before, " \
  "not_after, delivered_at"
#define HUTONG_HISTORY_COLUMNS HUTONG_USED_COLUMNS ", retired_at, reason"
constexpr std::string_view kAddUsed =
    "INSERT INTO used_keys (" HUTONG_USED_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kFindUsed =
    "SELECT " HUTONG_USED_COLUMNS " FROM used_keys WHERE authority = ? AND certificate = ?";
constexpr std::string_view kFindHistory =
    "SELECT " HUTONG_HISTORY_COLUMNS " FROM history_keys WHERE authority = ? AND certificate = ?";
constexpr std::string_view kUsedById = "SELECT " HUTONG_USED_COLUMNS " FROM used_keys WHERE id = ?";
constexpr std::string_view kHistoryById = "SELECT " HUTONG_HISTORY_COLUMNS " FROM history_keys WHERE id = ?";
constexpr std::string_view kCopyToHistory =
    "INSERT INTO history_keys (" HUTONG_HISTORY_COLUMNS ") SELECT " HUTONG_USED_COLUMNS
    ", ?, ? FROM used_keys WHERE id = ? ON CONFLICT (id) DO NOTHING";
constexpr std::string_view kRemoveUsed = "DELETE FROM used_keys WHERE id = ?";
constexpr std::string_view kExpired =
    "SELECT " HUTONG_USED_COLUMNS " FROM used_keys WHERE not_after < ? ORDER BY not_after LIMIT ?";
constexpr std::string_view kForget = "DELETE FROM history_keys WHERE retired_at < ?";
constexpr std::string_view kForgetBatches =
    "DELETE FROM batches WHERE created_at < ? "
    "AND NOT EXISTS (SELECT 1 FROM spare_keys WHERE spare_keys.batch = batches.id) "
    "AND NOT EXISTS (SELECT 1 FROM used_keys WHERE used_keys.batch = batches.id) "
    "AND NOT EXISTS (SELECT 1 FROM history_keys WHERE history_keys.batch = batches.id)";
constexpr std::string_view kCounts =
    "SELECT (SELECT COUNT(*) FROM spare_keys), (SELECT COUNT(*) FROM used_keys), "
    "(SELECT COUNT(*) FROM history_keys)";
constexpr std::string_view kCountsByAuthority =
    "SELECT id, (SELECT COUNT(*) FROM used_keys WHERE used_keys.authority = authorities.id), "
    "(SELECT COUNT(*) FROM history_keys WHERE history_keys.authority = authorities.id) "
    "FROM authorities ORDER BY id";

SpareKey spare_of(const Row& row) {
  return {.id = row.text(0),
          .batch = row.text(1),
          .public_key = row.bytes(2),
          .escrowed = row.bytes(3),
          .store_key = row.text(4),
          .wrapped = row.bytes(5),
          .made_at = row.time(6)};
}

enum class From : std::uint8_t { kUsed, kHistory };
HeldKey held_of(const Row& row, From table) {
  HeldKey key{.id = row.text(0),
              .batch = row.text(1),
              .public_key = row.bytes(2),
              .escrowed = row.bytes(3),
              .made_at = row.time(4),
              .authority = row.text(5),
              .certificate = x509::Serial::from_hex(row.text(6)).value(),  // our own hexadecimal
              .holder = row.bytes(7),
              .envelope = row.bytes(8),
              .not_before = row.time(9),
              .not_after = row.time(10),
              .delivered_at = row.time(11),
              .retired_at = std::nullopt};
  if (table == From::kHistory) {
    key.retired_at = row.time(12);
    key.reason = row.get<Retirement>(13);
  }
  return key;
}
std::vector<HeldKey> held_of(const storage::Rows& rows, From table) {
  std::vector<HeldKey> keys;
  keys.reserve(rows.size());
  for (const Row& row : rows) {
    keys.push_back(held_of(row, table));
  }
  return keys;
}

/// The first row of either statement.
Result<std::optional<HeldKey>> either(Result<std::optional<Row>> used, Reader& reader,
                                      std::string_view second, std::string_view a, std::string_view b) {
  HUTONG_TRY(const auto row, std::move(used));
  if (row) {
    return std::optional(held_of(*row, From::kUsed));
  }
  HUTONG_TRY(const auto old,
             b.empty() ? reader.query_optional(second, a) : reader.query_optional(second, a, b));
  return old ? std::optional(held_of(*old, From::kHistory)) : std::nullopt;
}

}  // namespace

std::string_view to_string(Retirement reason) {
  return reason == Retirement::kExpired ? "expired" : "revoked";
}

Status KeyRepository::add_batch(Transaction& transaction, const Batch& batch) {
  HUTONG_CHECK(transaction.execute(kAddBatch, batch.id, batch.master, batch.sealed, batch.created_at));
  return ok();
}

Status KeyRepository::add_spare(Transaction& transaction, const SpareKey& key) {
  HUTONG_CHECK(transaction.execute(kAddSpare, key.id, key.batch, key.public_key, key.escrowed, key.store_key,
                                   key.wrapped, key.made_at));
  return ok();
}

Result<std::int64_t> KeyRepository::count_spare(Reader& reader) {
  HUTONG_TRY(const auto row, reader.query_one(kCountSpare));
  return row.integer(0);
}

Result<std::vector<SpareKey>> KeyRepository::take(Transaction& transaction, std::size_t most) {
  HUTONG_TRY(const auto rows, transaction.claim(kOldestSpare, most));
  std::vector<SpareKey> keys;
  keys.reserve(rows.size());
  for (const Row& row : rows) {
    HUTONG_CHECK(transaction.compare_and_set(kRemoveSpare, row.text(0)));
    keys.push_back(spare_of(row));
  }
  return keys;
}

Status KeyRepository::add_used(Transaction& transaction, const HeldKey& key) {
  const auto added = transaction.execute(kAddUsed, key.id, key.batch, key.public_key, key.escrowed,
                                         key.made_at, key.authority, key.certificate.to_hex(), key.holder,
                                         key.envelope, key.not_before, key.not_after, key.delivered_at);
  if (!added && storage::violates(added.error(), "used_keys_certificate")) {
    return Error{Errc::kConflict, "kmc.certificate_has_key",
                 "this certificate has an encryption key already"};
  }
  return added ? ok() : Status(added.error());
}

Result<std::optional<HeldKey>> KeyRepository::find(Reader& reader, std::string_view authority,
                                                   const x509::Serial& certificate) {
  const std::string number = certificate.to_hex();
  return either(reader.query_optional(kFindUsed, authority, number), reader, kFindHistory, authority, number);
}

Result<HeldKey> KeyRepository::find_by_id(Reader& reader, std::string_view id) {
  HUTONG_TRY(auto found, either(reader.query_optional(kUsedById, id), reader, kHistoryById, id, {}));
  if (!found) {
    return Error{Errc::kNotFound, "kmc.key_unknown", "no delivered key pair " + std::string(id)};
  }
  return std::move(*found);
}

Result<bool> KeyRepository::retire(Transaction& transaction, const HeldKey& key, Retirement reason,
                                   Time now) {
  HUTONG_TRY(const auto copied, transaction.execute(kCopyToHistory, now, reason, key.id));
  if (copied == 0) {
    return false;
  }
  HUTONG_CHECK(transaction.compare_and_set(kRemoveUsed, key.id));
  return true;
}

Result<std::vector<HeldKey>> KeyRepository::search(Reader& reader, const HeldKeyFilter& filter) {
  const bool in_use = filter.store == HeldKeyFilter::Store::kInUse;
  std::string sql = in_use ? "SELECT " HUTONG_USED_COLUMNS " FROM used_keys WHERE id > ?"
                           : "SELECT " HUTONG_HISTORY_COLUMNS " FROM history_keys WHERE id > ?";
  std::vector<storage::Parameter> values{filter.after};
  if (!filter.authority.empty()) {
    sql += " AND authority = ?";
    values.emplace_back(filter.authority);
  }
  if (!filter.certificate.empty()) {
    sql += " AND certificate = ?";
    values.emplace_back(filter.certificate);
  }
  sql += " ORDER BY id LIMIT ?";
  values.emplace_back(filter.limit);
  HUTONG_TRY(const auto rows, reader.query_with(sql, values));
  return held_of(rows, in_use ? From::kUsed : From::kHistory);
}

Result<Batch> KeyRepository::batch(Reader& reader, std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_one(kBatch, id));
  return Batch{.id = row.text(0), .master = row.text(1), .sealed = row.bytes(2), .created_at = row.time(3)};
}

Result<std::vector<HeldKey>> KeyRepository::expired(Reader& reader, Time moment, std::size_t most) {
  HUTONG_TRY(const auto rows, reader.query(kExpired, moment, most));
  return held_of(rows, From::kUsed);
}

Result<std::int64_t> KeyRepository::forget(Transaction& transaction, Time moment) {
  HUTONG_TRY(const auto keys, transaction.execute(kForget, moment));
  if (keys > 0) {
    HUTONG_CHECK(transaction.execute(kForgetBatches, moment));
  }
  return keys;
}

Result<StoreCounts> KeyRepository::counts(Reader& reader) {
  HUTONG_TRY(const auto row, reader.query_one(kCounts));
  return StoreCounts{.spare = row.integer(0), .in_use = row.integer(1), .history = row.integer(2)};
}

Result<std::vector<AuthorityCounts>> KeyRepository::counts_by_authority(Reader& reader) {
  HUTONG_TRY(const auto rows, reader.query(kCountsByAuthority));
  std::vector<AuthorityCounts> counts;
  for (const Row& row : rows) {
    counts.push_back({.authority = row.text(0), .in_use = row.integer(1), .history = row.integer(2)});
  }
  return counts;
}

}  // namespace hutong::kmc
