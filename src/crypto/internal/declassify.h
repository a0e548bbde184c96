#pragma once

#if defined(HUTONG_CONSTANT_TIME_CHECK)
#include <valgrind/memcheck.h>
#endif

namespace hutong::crypto::internal {

/// Says that a value, though computed from secrets, may be known and decide a branch: that a nonce is
/// refused, that a tag is wrong, that a point is infinity. Stands at that one value, with the reason, never
/// around a computation. It does nothing, except in the build that tests/constant_time makes for valgrind,
/// where secrets count as undefined memory and this makes a copy that is defined.
template <typename T>
[[gnu::always_inline]] inline T declassify(T value) {
#if defined(HUTONG_CONSTANT_TIME_CHECK)
  VALGRIND_MAKE_MEM_DEFINED(&value, sizeof value);
#endif
  return value;
}

}  // namespace hutong::crypto::internal
