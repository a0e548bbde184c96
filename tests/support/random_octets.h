#pragma once

#include <cstddef>

#include "base/bytes.h"
#include "crypto/random.h"

namespace hutong::test {

/// Other octets in every run.
inline Bytes random_bytes(std::size_t size) {
  Bytes bytes(size);
  crypto::system_random().fill(bytes);
  return bytes;
}

}  // namespace hutong::test
