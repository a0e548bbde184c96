#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "storage/database.h"
#include "storage/migration.h"
#include "x509/serial.h"

namespace hutong::ca {

/// The tables of the time-stamping authority, component "ca.timestamping".
inline constexpr std::string_view kTimestampingComponent = "ca.timestamping";
std::span<const storage::Migration> timestamping_migrations();

/// What is kept of a stamp: enough to say years later that it was given, not the token itself.
struct TimestampRecord {
  x509::Serial serial;
  storage::Moment time{};  ///< genTime
  std::string policy;
  std::string digest;  ///< name of its algorithm
  Bytes imprint;
  Bytes token_sm3;
};

/// The stamps that were given. Stateless; any thread, one transaction each.
class TimestampRepository {
 public:
  /// The latest time that any stamp says; nothing before the first.
  static Result<std::optional<storage::Moment>> latest(storage::Reader& reader);
  /// Takes a time for a stamp: `now`, or the microsecond after the latest one when that is not before `now`.
  static Result<storage::Moment> draw_next(storage::Transaction& transaction, storage::Moment now);
  /// Stores it, and that a stamp of its time was given. kConflict when the serial is taken.
  static Status insert(storage::Transaction& transaction, const TimestampRecord& record);
  /// kNotFound "timestamp.unknown".
  static Result<TimestampRecord> find(storage::Reader& reader, const x509::Serial& serial);
};

}  // namespace hutong::ca
