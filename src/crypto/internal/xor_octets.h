#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace hutong::crypto::internal {

/// out = a xor b, `size` octets each, two words at a time (a vector register, where there are any); `out` may
/// be `a` or `b`.
inline void xor_octets(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out, std::size_t size) {
  using Words [[gnu::vector_size(16)]] = std::uint64_t;
  for (; size >= sizeof(Words); size -= sizeof(Words)) {
    Words x;
    Words y;
    std::memcpy(&x, a, sizeof x);
    std::memcpy(&y, b, sizeof y);
    x ^= y;
    std::memcpy(out, &x, sizeof x);
    a += sizeof x;
    b += sizeof x;
    out += sizeof x;
  }
  for (std::size_t i = 0; i < size; ++i) {
    out[i] = static_cast<std::uint8_t>(a[i] ^ b[i]);
  }
}

}  // namespace hutong::crypto::internal
