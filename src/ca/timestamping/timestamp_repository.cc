#include "ca/timestamping/timestamp_repository.h"

#include <array>
#include <utility>

namespace hutong::ca {
namespace {

constexpr std::string_view kTables = R"(
CREATE TABLE time_stamps (
  serial TEXT PRIMARY KEY,
  stamped_at INTEGER NOT NULL,
  policy TEXT NOT NULL,
  digest TEXT NOT NULL,
  imprint BLOB NOT NULL,
  token_sm3 BLOB NOT NULL
);
CREATE INDEX time_stamps_by_time ON time_stamps (stamped_at);
CREATE TABLE time_stamp_clock (
  id INTEGER PRIMARY KEY,
  latest INTEGER NOT NULL
);
)";
constexpr std::array kMigrations{storage::Migration{.number = 1, .name = "time stamps", .sql = kTables}};

constexpr std::string_view kLatest = "SELECT latest FROM time_stamp_clock WHERE id = 1";
constexpr std::string_view kAdvance =
    "INSERT INTO time_stamp_clock (id, latest) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET "
    "latest = excluded.latest WHERE time_stamp_clock.latest < excluded.latest";
constexpr std::string_view kDraw =
    "INSERT INTO time_stamp_clock (id, latest) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET latest = "
    "CASE WHEN time_stamp_clock.latest < excluded.latest THEN excluded.latest "
    "ELSE time_stamp_clock.latest + 1 END";
constexpr std::string_view kInsert =
    "INSERT INTO time_stamps (serial, stamped_at, policy, digest, imprint, token_sm3) "
    "VALUES (?, ?, ?, ?, ?, ?)";
constexpr std::string_view kFind =
    "SELECT stamped_at, policy, digest, imprint, token_sm3 FROM time_stamps WHERE serial = ?";

}  // namespace

std::span<const storage::Migration> timestamping_migrations() { return kMigrations; }

Result<std::optional<storage::Moment>> TimestampRepository::latest(storage::Reader& reader) {
  HUTONG_TRY(const auto row, reader.query_optional(kLatest));
  return row ? std::optional(row->moment(0)) : std::nullopt;
}

Result<storage::Moment> TimestampRepository::draw_next(storage::Transaction& transaction,
                                                       storage::Moment now) {
  HUTONG_CHECK(transaction.execute(kDraw, now));
  HUTONG_TRY(const auto row, transaction.query_one(kLatest));
  return row.moment(0);
}

Status TimestampRepository::insert(storage::Transaction& transaction, const TimestampRecord& record) {
  HUTONG_CHECK(transaction.execute(kInsert, record.serial.to_hex(), record.time, record.policy, record.digest,
                                   record.imprint, record.token_sm3));
  HUTONG_CHECK(transaction.execute(kAdvance, record.time));
  return ok();
}

Result<TimestampRecord> TimestampRepository::find(storage::Reader& reader, const x509::Serial& serial) {
  HUTONG_TRY(const auto row, reader.query_optional(kFind, serial.to_hex()));
  if (!row) {
    return Error{Errc::kNotFound, "timestamp.unknown", "no time stamp with this serial number was given"};
  }
  return TimestampRecord{.serial = serial,
                         .time = row->moment(0),
                         .policy = row->text(1),
                         .digest = row->text(2),
                         .imprint = row->bytes(3),
                         .token_sm3 = row->bytes(4)};
}

}  // namespace hutong::ca
