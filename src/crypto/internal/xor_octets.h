#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace hutong::crypto::internal {

/// out = a xor b, `size` octets each, word by word; `out` may be `a` or `b`.
inline void xor_octets(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out, std::size_t size) {
  using Words = std::uint64_t[4];
  for (; size >= sizeof(Words); size -= sizeof(Words), a += sizeof(Words), b += sizeof(Words)) {
    Words x;
    Words y;
    std::memcpy(x, a, sizeof x);
    std::memcpy(y, b, sizeof y);
    const Words z = {x[0] ^ y[0], x[1] ^ y[1], x[2] ^ y[2], x[3] ^ y[3]};
    std::memcpy(out, z, sizeof z);
    out += sizeof z;
  }
  for (std::size_t i = 0; i < size; ++i) {
    out[i] = static_cast<std::uint8_t>(a[i] ^ b[i]);
  }
}

}  // namespace hutong::crypto::internal
