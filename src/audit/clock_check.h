#pragma once

#include <chrono>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "storage/transaction.h"

namespace hutong::audit {

/// The clocks of several nodes may differ by this much.
inline constexpr std::chrono::minutes kClockDifference{1};

/// The record of a person who says that the clock is right although records of a later time exist (it had
/// been ahead): older records do not count any more.
inline constexpr std::string_view kClockAccepted = "clock.accepted";

/// Whether the clock stands before what is written already: then nothing may be issued, for it would get a
/// false date. One row by index. kUnavailable "clock.behind".
Status check_clock(storage::Reader& reader, Time now);

}  // namespace hutong::audit
