#pragma once

#include <chrono>

#include "base/time.h"

namespace hutong::recognition::test {

/// The present moment of the tests.
inline const Time kNow = *from_rfc3339("2026-06-01T00:00:00Z");

}  // namespace hutong::recognition::test
