#include "ca/signing/certificate_repository.h"

#include <algorithm>
#include <array>
#include <utility>

#include "storage/error.h"

namespace hutong::ca {
namespace {

using storage::Parameter;
using storage::Reader;
using storage::Row;
using storage::Transaction;

#define HUTONG_CERTIFICATE_COLUMNS                                                                    \
  "serial, authority, template_id, template_version, subject, holder, order_id, pair, key_sm3, der, " \
  "not_before, not_after, partition_number, state, changed_at, reason, version"

constexpr std::string_view kInsertCertificate =
    "INSERT INTO certificates (" HUTONG_CERTIFICATE_COLUMNS
    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kFindCertificate =
    "SELECT " HUTONG_CERTIFICATE_COLUMNS " FROM certificates WHERE serial = ?";
constexpr std::string_view kOfOrder =
    "SELECT " HUTONG_CERTIFICATE_COLUMNS " FROM certificates WHERE order_id = ? ORDER BY serial";
constexpr std::string_view kOtherHolder =
    "SELECT serial FROM certificates WHERE key_sm3 = ? AND holder <> ? LIMIT 1";
constexpr std::string_view kChange =
    "UPDATE certificates SET state = ?, changed_at = ?, reason = ?, version = version + 1 "
    "WHERE serial = ? AND version = ?";
constexpr std::string_view kSetPair =
    "UPDATE certificates SET pair = ?, version = version + 1 WHERE serial = ?";
constexpr std::string_view kHasKey = "SELECT serial FROM certificates WHERE key_sm3 = ? LIMIT 1";
/// One row that every change locks until it commits: numbers are seen in their order.
constexpr std::string_view kCount = "UPDATE status_counter SET number = number + 1 WHERE id = 1";
constexpr std::string_view kNoteChange =
    "INSERT INTO status_changes (number, serial) SELECT number, ? FROM status_counter WHERE id = 1";
#define HUTONG_STATUS_COLUMNS "serial, state, changed_at, reason, not_after"
constexpr std::string_view kStatus =
    "SELECT " HUTONG_STATUS_COLUMNS
    ", number FROM status_counter LEFT JOIN certificates ON serial = ? AND authority = ? WHERE id = 1";
constexpr std::string_view kListed =
    "SELECT " HUTONG_STATUS_COLUMNS
    " FROM certificates WHERE authority = ? AND partition_number = ? AND changed_at IS NOT NULL "
    "AND state <> 0 AND not_after >= ? ORDER BY serial";
constexpr std::string_view kChanged =
    "SELECT " HUTONG_STATUS_COLUMNS
    " FROM certificates WHERE authority = ? AND partition_number = ? AND "
    "serial IN (SELECT serial FROM status_changes WHERE number > ?) ORDER BY serial";
constexpr std::string_view kHasChanged =
    "SELECT status_changes.number FROM status_changes JOIN certificates "
    "ON certificates.serial = status_changes.serial "
    "WHERE status_changes.number > ? AND authority = ? AND partition_number = ? LIMIT 1";
constexpr std::string_view kChangesAfter =
    "SELECT number, serial FROM status_changes WHERE number > ? ORDER BY number";
constexpr std::string_view kCountAll = "SELECT COUNT(*) FROM certificates";
constexpr std::string_view kCountChanged =
    "SELECT state, COUNT(*) FROM certificates WHERE changed_at IS NOT NULL AND state <> 0 GROUP BY state";

/// The store's own hexadecimal; it cannot be malformed.
x509::Serial serial_of(const std::string& hex) { return x509::Serial::from_hex(hex).value(); }

CertificateRecord record_of(const Row& row) {
  const auto pair = row.get<std::optional<std::string>>(7);
  return {.serial = serial_of(row.text(0)),
          .authority = row.text(1),
          .template_id = row.text(2),
          .template_version = row.get<std::uint32_t>(3),
          .subject = row.text(4),
          .holder = row.text(5),
          .order = row.text(6),
          .pair = pair ? std::optional(serial_of(*pair)) : std::nullopt,
          .key_sm3 = row.bytes(8),
          .der = row.bytes(9),
          .not_before = row.time(10),
          .not_after = row.time(11),
          .partition = row.get<std::uint32_t>(12),
          .state = row.get<CertificateState>(13),
          .changed_at = row.get<std::optional<Time>>(14),
          .reason = row.get<std::optional<x509::CrlReason>>(15),
          .version = row.integer(16)};
}
StatusRecord status_of(const Row& row) {
  return {.serial = serial_of(row.text(0)),
          .state = row.get<CertificateState>(1),
          .changed_at = row.get<std::optional<Time>>(2),
          .reason = row.get<std::optional<x509::CrlReason>>(3),
          .not_after = row.time(4)};
}
std::vector<CertificateRecord> records_of(const storage::Rows& rows) {
  std::vector<CertificateRecord> records;
  records.reserve(rows.size());
  for (const Row& row : rows) {
    records.push_back(record_of(row));
  }
  return records;
}

Error unknown_certificate(const x509::Serial& serial) {
  return {Errc::kNotFound, "certificate.unknown", "no certificate with the serial number " + serial.to_hex()};
}

/// The WHERE of a search, put together with its values; the texts live in `filter`. A holder and a
/// state have indexes of their own; for everything else certificates_searched is read, never all records.
struct SearchTerms {
  std::string where = "serial > ?";
  std::vector<Parameter> values;
  void add(std::string_view term, const Parameter& value) {
    where += " AND ";
    where += term;
    values.push_back(value);
  }
};

}  // namespace

std::string_view to_string(CertificateState state) {
  constexpr std::array<std::string_view, 3> kNames{"valid", "suspended", "revoked"};
  return kNames.at(static_cast<std::size_t>(state));
}

Status CertificateRepository::insert(Transaction& transaction, const CertificateRecord& record) {
  HUTONG_TRY(const auto other, transaction.query_optional(kOtherHolder, record.key_sm3, record.holder));
  if (other) {
    return Error{Errc::kConflict, "certificate.key_taken",
                 "this key is certified for another holder already"};
  }
  const auto pair = record.pair ? std::optional(record.pair->to_hex()) : std::nullopt;
  const auto inserted =
      transaction.execute(kInsertCertificate, record.serial.to_hex(), record.authority, record.template_id,
                          record.template_version, record.subject, record.holder, record.order, pair,
                          record.key_sm3, record.der, record.not_before, record.not_after, record.partition,
                          record.state, record.changed_at, record.reason, record.version);
  if (!inserted && storage::violates(inserted.error(), "certificates_pkey")) {
    return Error{Errc::kConflict, "certificate.serial_taken", "the serial number was used before"};
  }
  return inserted ? ok() : Status(inserted.error());
}

Result<CertificateRecord> CertificateRepository::find(Reader& reader, const x509::Serial& serial) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindCertificate, serial.to_hex()));
  return row ? Result<CertificateRecord>(record_of(*row)) : unknown_certificate(serial);
}

Result<CertificateRecord> CertificateRepository::find_for_update(Transaction& transaction,
                                                                 const x509::Serial& serial) {
  HUTONG_TRY(const auto rows, transaction.query_for_update(kFindCertificate, serial.to_hex()));
  return rows.empty() ? Result<CertificateRecord>(unknown_certificate(serial)) : record_of(rows.front());
}

Result<std::vector<CertificateRecord>> CertificateRepository::search(Reader& reader,
                                                                     const CertificateFilter& filter) {
  SearchTerms terms;
  terms.values.emplace_back(filter.after);
  if (!filter.holder.empty()) {
    terms.add("holder = ?", filter.holder);
  }
  if (!filter.subject_part.empty()) {
    terms.add("strpos(subject, ?) > 0", filter.subject_part);
  }
  if (!filter.template_id.empty()) {
    terms.add("template_id = ?", filter.template_id);
  }
  if (filter.state) {
    terms.add(
        *filter.state == CertificateState::kValid ? "state = ?" : "changed_at IS NOT NULL AND state = ?",
        *filter.state);
  }
  if (filter.ends_before) {
    terms.add("not_after < ?", *filter.ends_before);
  }
  terms.values.emplace_back(std::min<std::size_t>(filter.limit, 1000));
  HUTONG_TRY(const auto rows,
             reader.query_with("SELECT " HUTONG_CERTIFICATE_COLUMNS
                               " FROM certificates WHERE serial IN (SELECT serial FROM certificates WHERE " +
                                   terms.where + " ORDER BY serial LIMIT ?) ORDER BY serial",
                               terms.values));
  return records_of(rows);
}

Result<std::vector<CertificateRecord>> CertificateRepository::of_order(Reader& reader,
                                                                       std::string_view order) {
  HUTONG_TRY(const auto rows, reader.query(kOfOrder, order));
  return records_of(rows);
}

Result<bool> CertificateRepository::has_key(Reader& reader, ByteView key_sm3) {
  HUTONG_TRY(const auto row, reader.query_optional(kHasKey, key_sm3));
  return row.has_value();
}

Status CertificateRepository::set_pair(Transaction& transaction, const x509::Serial& serial,
                                       const x509::Serial& pair) {
  HUTONG_TRY(const auto touched, transaction.execute(kSetPair, pair.to_hex(), serial.to_hex()));
  return touched == 1 ? ok() : Status(unknown_certificate(serial));
}

Status CertificateRepository::change_state(Transaction& transaction, const CertificateRecord& record,
                                           const StateChange& change) {
  if (record.state == CertificateState::kRevoked) {
    return Error{Errc::kConflict, "certificate.revoked", "a revocation is final"};
  }
  if (record.state == change.to) {
    return Error{Errc::kConflict, "certificate.state",
                 "the certificate is " + std::string(to_string(change.to)) + " already"};
  }
  const std::string serial = record.serial.to_hex();
  HUTONG_CHECK(
      transaction.compare_and_set(kChange, change.to, change.at, change.reason, serial, record.version));
  HUTONG_CHECK(transaction.execute(kCount));
  HUTONG_CHECK(transaction.execute(kNoteChange, serial));
  return ok();
}

Result<CertificateRepository::CurrentStatus> CertificateRepository::status(Reader& reader,
                                                                           std::string_view authority,
                                                                           const x509::Serial& serial) {
  HUTONG_TRY(const auto row, reader.query_one(kStatus, serial.to_hex(), authority));
  return CurrentStatus{.last_change = row.integer(5),
                       .record = row.is_null(0) ? std::nullopt : std::optional(status_of(row))};
}

Status CertificateRepository::for_each_listed(Reader& reader, std::string_view authority,
                                              std::uint32_t partition, Time at, const VisitStatus& visit) {
  return reader.for_each([&visit](const Row& row) { return visit(status_of(row)); }, kListed, authority,
                         partition, at);
}

Status CertificateRepository::for_each_changed(Reader& reader, std::string_view authority,
                                               std::uint32_t partition, std::int64_t after,
                                               const VisitStatus& visit) {
  return reader.for_each([&visit](const Row& row) { return visit(status_of(row)); }, kChanged, authority,
                         partition, after);
}

Result<bool> CertificateRepository::has_changed(Reader& reader, std::string_view authority,
                                                std::uint32_t partition, std::int64_t after) {
  HUTONG_TRY(const auto row, reader.query_optional(kHasChanged, after, authority, partition));
  return row.has_value();
}

Result<std::int64_t> CertificateRepository::last_change(storage::Reader& reader) {
  HUTONG_TRY(const auto row, reader.query_one("SELECT number FROM status_counter WHERE id = 1"));
  return row.integer(0);
}

Status CertificateRepository::for_each_change_after(storage::Reader& reader, std::int64_t number,
                                                    const VisitChange& visit) {
  return reader.for_each([&visit](const Row& row) { return visit(row.integer(0), serial_of(row.text(1))); },
                         kChangesAfter, number);
}

Result<std::array<std::int64_t, 3>> CertificateRepository::counts(Reader& reader) {
  HUTONG_TRY(const auto all, reader.query_one(kCountAll));
  HUTONG_TRY(const auto rows, reader.query(kCountChanged));
  std::array<std::int64_t, 3> counts{all.integer(0), 0, 0};
  for (const Row& row : rows) {
    counts.at(row.get<std::size_t>(0)) = row.integer(1);
    counts[0] -= row.integer(1);
  }
  return counts;
}

}  // namespace hutong::ca
