#pragma once

#include <cstdint>
#include <cstring>

namespace hutong::crypto::internal {

/// Big-endian words of the standards to and from octets; unaligned pointers are fine.
inline std::uint32_t load_be32(const std::uint8_t* from) {
  std::uint32_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return __builtin_bswap32(word);
}
inline std::uint64_t load_be64(const std::uint8_t* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return __builtin_bswap64(word);
}
inline void store_be32(std::uint8_t* to, std::uint32_t word) {
  word = __builtin_bswap32(word);
  std::memcpy(to, &word, sizeof word);
}
inline void store_be64(std::uint8_t* to, std::uint64_t word) {
  word = __builtin_bswap64(word);
  std::memcpy(to, &word, sizeof word);
}

}  // namespace hutong::crypto::internal
