#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "crypto/internal/endian.h"
#include "crypto/internal/sm4_kernel.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {

/// The key schedule (GB/T 32907 7.3) over an implementation of the S-box: `substitute` maps each octet of a
/// word.
template <typename Substitute>
void expand_sm4_key(const std::uint8_t* key, std::uint8_t* round_keys, Substitute substitute) {
  constexpr std::array<std::uint32_t, 4> kSystem = {0xA3B1BAC6, 0x56AA3350, 0x677D9197, 0xB27022DC};  // FK
  std::array<std::uint32_t, 4> k;
  const WipeAtExit wipe_k(k);
  for (std::size_t i = 0; i < k.size(); ++i) {
    k[i] = load_be32(key + 4 * i) ^ kSystem[i];
  }
  for (std::uint32_t round = 0; round < kSm4Rounds; ++round) {
    std::uint32_t constant = 0;  // CK: octet j is 7 * (4 * round + j)
    for (std::uint32_t j = 0; j < 4; ++j) {
      constant = constant << 8 | (7 * (4 * round + j) & 0xFF);
    }
    const std::uint32_t b = substitute(k[1] ^ k[2] ^ k[3] ^ constant);
    const std::uint32_t round_key = k[0] ^ b ^ std::rotl(b, 13) ^ std::rotl(b, 23);
    std::memcpy(round_keys + 4 * std::size_t{round}, &round_key, sizeof round_key);
    k = {k[1], k[2], k[3], round_key};
  }
}

}  // namespace hutong::crypto::internal
