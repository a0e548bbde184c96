#include "kmc/custody/master_key_repository.h"

#include <algorithm>

namespace hutong::kmc {
namespace {

using storage::Reader;
using storage::Row;
using storage::Transaction;

constexpr std::string_view kInsertMasterKey =
    "INSERT INTO master_keys (id, public_key, threshold, shares, created_at) VALUES (?, ?, ?, ?, ?)";
constexpr std::string_view kInsertShare =
    "INSERT INTO master_shares (master, number, check_value, custodian, fingerprint, file) "
    "VALUES (?, ?, ?, ?, ?, ?)";
constexpr std::string_view kRetireOthers =
    "UPDATE master_keys SET retired_at = ? WHERE retired_at IS NULL AND id <> ?";
constexpr std::string_view kCurrent =
    "SELECT id, public_key, threshold, shares FROM master_keys WHERE retired_at IS NULL";
constexpr std::string_view kFindMasterKey =
    "SELECT id, public_key, threshold, shares FROM master_keys WHERE id = ?";
constexpr std::string_view kSharesOfMasterKey =
    "SELECT number, check_value, custodian, fingerprint, file FROM master_shares WHERE master = ? ORDER BY "
    "number";
constexpr std::string_view kInsertStoreKey =
    "INSERT INTO store_keys (id, key_label, sealed, created_at) VALUES (?, ?, ?, ?)";
constexpr std::string_view kNewestStoreKey =
    "SELECT id, key_label, sealed FROM store_keys ORDER BY created_at DESC, id DESC LIMIT 1";

Error not_initialised() { return {Errc::kUnavailable, "kmc.not_initialised", "run hutong-kmc init first"}; }

Result<MasterKey> master_of(const Row& row) {
  HUTONG_TRY(auto key, crypto::Sm2PublicKey::from_octets(row.bytes(1)));
  return MasterKey{.id = row.text(0),
                   .public_key = key,
                   .threshold = row.get<unsigned>(2),
                   .shares = row.get<unsigned>(3)};
}

}  // namespace

Status MasterKeyRepository::insert(Transaction& transaction, const MasterKey& key,
                                   const std::vector<MasterShare>& shares, Time now) {
  HUTONG_CHECK(transaction.execute(kInsertMasterKey, key.id, ByteView(key.public_key.octets()), key.threshold,
                                   key.shares, now));
  for (const MasterShare& share : shares) {
    HUTONG_CHECK(transaction.execute(kInsertShare, key.id, share.number, ByteView(share.check),
                                     share.custodian, share.fingerprint, share.file));
  }
  HUTONG_CHECK(transaction.execute(kRetireOthers, now, key.id));
  return ok();
}

Result<MasterKey> MasterKeyRepository::current(Reader& reader) {
  HUTONG_TRY(const auto row, reader.query_optional(kCurrent));
  return row ? master_of(*row) : not_initialised();
}

Result<MasterKey> MasterKeyRepository::find(Reader& reader, std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_one(kFindMasterKey, id));
  return master_of(row);
}

Result<std::vector<MasterShare>> MasterKeyRepository::shares(Reader& reader, std::string_view master) {
  HUTONG_TRY(const auto rows, reader.query(kSharesOfMasterKey, master));
  std::vector<MasterShare> shares;
  for (const Row& row : rows) {
    MasterShare share{.number = row.get<unsigned>(0),
                      .custodian = row.text(2),
                      .fingerprint = row.text(3),
                      .file = row.text(4)};
    if (row.bytes(1).size() != share.check.size()) {
      return Error{Errc::kInternal, "kmc.share_check", "a stored check value has an odd size"};
    }
    std::ranges::copy(row.bytes(1), share.check.begin());
    shares.push_back(std::move(share));
  }
  return shares;
}

Status MasterKeyRepository::add_store_key(Transaction& transaction, const StoreKeyRecord& key, Time now) {
  HUTONG_CHECK(transaction.execute(kInsertStoreKey, key.id, key.key_label, key.sealed, now));
  return ok();
}

Result<StoreKeyRecord> MasterKeyRepository::store_key(Reader& reader) {
  HUTONG_TRY(const auto row, reader.query_optional(kNewestStoreKey));
  return row ? Result<StoreKeyRecord>(
                   StoreKeyRecord{.id = row->text(0), .key_label = row->text(1), .sealed = row->bytes(2)})
             : not_initialised();
}

}  // namespace hutong::kmc
