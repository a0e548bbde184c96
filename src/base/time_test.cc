#include "base/time.h"

#include <gtest/gtest.h>

namespace hutong {
namespace {

TEST(Rfc3339, RoundTrips) {
  const Time time = from_rfc3339("2026-06-01T12:34:56Z").value();
  EXPECT_EQ(to_rfc3339(time), "2026-06-01T12:34:56Z");
  EXPECT_EQ(time.time_since_epoch().count(), 1780317296);
}

TEST(Rfc3339, AppliesOffsetsAndCutsFractions) {
  EXPECT_EQ(to_rfc3339(from_rfc3339("2026-06-01T08:00:00.999+08:00").value()), "2026-06-01T00:00:00Z");
  EXPECT_EQ(to_rfc3339(from_rfc3339("2026-06-01").value()), "2026-06-01T00:00:00Z");
}

TEST(Rfc3339, RefusesWhatIsNotATime) {
  for (const std::string_view bad :
       {"", "2026", "2026-02-30", "2026-06-01T24:00:00Z", "2026-06-01T00:00:60Z", "2026-06-01T00:00:00",
        "2026-06-01T00:00:00Zx", "2026-06-01T00:00:00+25:00", "26-06-01T00:00:00Z"}) {
    EXPECT_FALSE(from_rfc3339(bad)) << bad;
  }
}

TEST(CivilTime, KnowsLeapDays) {
  EXPECT_TRUE(from_civil({2024, 2, 29, 0, 0, 0}));
  EXPECT_FALSE(from_civil({2023, 2, 29, 0, 0, 0}));
  EXPECT_FALSE(from_civil({2100, 2, 29, 0, 0, 0}));
}

}  // namespace
}  // namespace hutong
