#include <array>
#include <utility>

#include "kmc/recovery/recovery_case.h"
#include "storage/error.h"

namespace hutong::kmc {
namespace {

using storage::Reader;
using storage::Row;
using storage::Transaction;

#define HUTONG_RECOVERY_BEGIN                                                                          \
  "id, kind, state, key_id, master, authority, certificate, target_key, target_certificate, officer, " \
  "document_number, grounds, document_name, "
#define HUTONG_RECOVERY_END                                                                  \
  ", requested_by, case_key, case_key_sealed, store_key, envelope, created_at, expires_at, " \
  "finished_at, version"
/// The document itself is read apart: it is large.
#define HUTONG_RECOVERY_COLUMNS \
  HUTONG_RECOVERY_BEGIN "CASE WHEN document IS NULL THEN 0 ELSE 1 END" HUTONG_RECOVERY_END
constexpr std::string_view kInsertRecovery =
    "INSERT INTO recoveries (" HUTONG_RECOVERY_BEGIN "document" HUTONG_RECOVERY_END
    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kDocument = "SELECT document FROM recoveries WHERE id = ?";
constexpr std::string_view kFindRecovery = "SELECT " HUTONG_RECOVERY_COLUMNS " FROM recoveries WHERE id = ?";
constexpr std::string_view kForTarget = "SELECT " HUTONG_RECOVERY_COLUMNS
                                        " FROM recoveries WHERE key_id = ? AND target_key = ? "
                                        "ORDER BY id DESC LIMIT 1";
constexpr std::string_view kClose =
    "UPDATE recoveries SET state = ?, envelope = ?, case_key_sealed = NULL, finished_at = ?, "
    "version = version + 1 WHERE id = ? AND version = ?";
constexpr std::string_view kForgetShares = "UPDATE recovery_shares SET share = NULL WHERE recovery = ?";
constexpr std::string_view kSharesOfRecovery =
    "SELECT number, custodian, fingerprint, share, given_at FROM recovery_shares WHERE recovery = ? "
    "ORDER BY number";
constexpr std::string_view kAddShare =
    "INSERT INTO recovery_shares (recovery, number, custodian, fingerprint, share, given_at) "
    "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
constexpr std::string_view kOverdue = "SELECT id FROM recoveries WHERE state = 1 AND expires_at < ?";

RecoveryCase case_of(const Row& row) {
  return {.id = row.text(0),
          .kind = row.get<RecoveryKind>(1),
          .state = row.get<RecoveryState>(2),
          .key_id = row.text(3),
          .master = row.text(4),
          .authority = row.text(5),
          .certificate = x509::Serial::from_hex(row.text(6)).value(),  // our own hexadecimal
          .target_key = row.bytes(7),
          .target_certificate = row.get<std::optional<Bytes>>(8),
          .officer = row.get<std::optional<std::string>>(9),
          .document_number = row.text(10),
          .grounds = row.text(11),
          .document_name = row.text(12),
          .has_document = row.get<bool>(13),
          .requested_by = row.text(14),
          .case_key = row.bytes(15),
          .case_key_sealed = row.get<std::optional<Bytes>>(16),
          .store_key = row.text(17),
          .envelope = row.get<std::optional<Bytes>>(18),
          .created_at = row.time(19),
          .expires_at = row.time(20),
          .finished_at = row.get<std::optional<Time>>(21),
          .version = row.integer(22)};
}

Error unknown(std::string_view id) {
  return {Errc::kNotFound, "recovery.unknown", "no recovery case " + std::string(id)};
}

}  // namespace

Status RecoveryRepository::insert(Transaction& transaction, const RecoveryCase& recovery,
                                  const std::optional<Bytes>& document) {
  HUTONG_CHECK(transaction.execute(
      kInsertRecovery, recovery.id, recovery.kind, recovery.state, recovery.key_id, recovery.master,
      recovery.authority, recovery.certificate.to_hex(), recovery.target_key, recovery.target_certificate,
      recovery.officer, recovery.document_number, recovery.grounds, recovery.document_name, document,
      recovery.requested_by, recovery.case_key, recovery.case_key_sealed, recovery.store_key,
      recovery.envelope, recovery.created_at, recovery.expires_at, recovery.finished_at, recovery.version));
  return ok();
}

Result<std::optional<Bytes>> RecoveryRepository::document(Reader& reader, std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_optional(kDocument, id));
  return row ? Result<std::optional<Bytes>>(row->get<std::optional<Bytes>>(0)) : unknown(id);
}

Result<RecoveryCase> RecoveryRepository::find(Reader& reader, std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindRecovery, id));
  return row ? Result<RecoveryCase>(case_of(*row)) : unknown(id);
}

Result<RecoveryCase> RecoveryRepository::find_for_update(Transaction& transaction, std::string_view id) {
  HUTONG_TRY(const auto rows, transaction.query_for_update(kFindRecovery, id));
  return rows.empty() ? Result<RecoveryCase>(unknown(id)) : case_of(rows.front());
}

Result<std::optional<RecoveryCase>> RecoveryRepository::find_for_target(Reader& reader,
                                                                        std::string_view key_id,
                                                                        ByteView target_key) {
  HUTONG_TRY(const auto row, reader.query_optional(kForTarget, key_id, target_key));
  return row ? std::optional(case_of(*row)) : std::nullopt;
}

Result<std::vector<RecoveryCase>> RecoveryRepository::search(Reader& reader, const RecoveryFilter& filter) {
  std::string sql = "SELECT " HUTONG_RECOVERY_COLUMNS " FROM recoveries WHERE id > ?";
  std::vector<storage::Parameter> values{filter.after};
  if (filter.state) {
    sql += " AND state = ?";
    values.emplace_back(*filter.state);
  }
  sql += " ORDER BY id LIMIT ?";
  values.emplace_back(filter.limit);
  HUTONG_TRY(const auto rows, reader.query_with(sql, values));
  std::vector<RecoveryCase> cases;
  cases.reserve(rows.size());
  for (const Row& row : rows) {
    cases.push_back(case_of(row));
  }
  return cases;
}

Result<std::vector<RecoveryShare>> RecoveryRepository::shares(Reader& reader, std::string_view id) {
  HUTONG_TRY(const auto rows, reader.query(kSharesOfRecovery, id));
  std::vector<RecoveryShare> shares;
  for (const Row& row : rows) {
    shares.push_back({.number = row.get<unsigned>(0),
                      .custodian = row.text(1),
                      .fingerprint = row.text(2),
                      .share = row.get<std::optional<Bytes>>(3),
                      .given_at = row.time(4)});
  }
  return shares;
}

Status RecoveryRepository::add_share(Transaction& transaction, std::string_view id,
                                     const RecoveryShare& share) {
  HUTONG_TRY(const auto added, transaction.execute(kAddShare, id, share.number, share.custodian,
                                                   share.fingerprint, share.share, share.given_at));
  return added == 1 ? ok()
                    : Status(Error{Errc::kConflict, "recovery.share_twice",
                                   "this share, or this custodian's, is here already"});
}

Status RecoveryRepository::close(Transaction& transaction, RecoveryCase& recovery, RecoveryState state,
                                 Time now) {
  HUTONG_CHECK(
      transaction.compare_and_set(kClose, state, recovery.envelope, now, recovery.id, recovery.version));
  HUTONG_CHECK(transaction.execute(kForgetShares, recovery.id));
  recovery.state = state;
  recovery.finished_at = now;
  recovery.case_key_sealed.reset();
  ++recovery.version;
  return ok();
}

Result<std::vector<std::string>> RecoveryRepository::overdue(Reader& reader, Time now) {
  HUTONG_TRY(const auto rows, reader.query(kOverdue, now));
  std::vector<std::string> ids;
  for (const Row& row : rows) {
    ids.push_back(row.text(0));
  }
  return ids;
}

}  // namespace hutong::kmc
