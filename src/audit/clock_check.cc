#include "audit/clock_check.h"

#include <cstdint>

#include "audit/audit_log.h"

namespace hutong::audit {

Status check_clock(storage::Reader& reader, Time now) {
  HUTONG_TRY(const storage::Row accepted,
             reader.query_one("SELECT max(sequence) FROM audit_records WHERE action = ?", kClockAccepted));
  const std::int64_t since = accepted.is_null(0) ? 0 : accepted.integer(0);
  HUTONG_TRY(const auto latest, reader.query_optional("SELECT time FROM audit_records WHERE sequence >= ? "
                                                      "ORDER BY time DESC LIMIT 1",
                                                      since));
  if (!latest || now + kClockDifference >= latest->moment(0)) {
    return ok();
  }
  const Time last = std::chrono::floor<std::chrono::seconds>(latest->moment(0));
  return Error{Errc::kUnavailable, "clock.behind",
               "the clock stands before a record written at " + to_rfc3339(last) + ": set it right"};
}

}  // namespace hutong::audit
