#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "crypto/internal/declassify.h"

namespace hutong::crypto {

/// Equality whose time depends on the lengths only. The one way to compare secrets, MACs and tags.
inline bool constant_time_equal(ByteView a, ByteView b) {
  if (a.size() != b.size()) {
    return false;
  }
  volatile std::uint8_t difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference = static_cast<std::uint8_t>(difference | (a[i] ^ b[i]));
  }
  return internal::declassify(difference == 0);  // the answer is what the caller acts on
}

}  // namespace hutong::crypto
