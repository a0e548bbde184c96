#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace hutong::crypto {

inline constexpr std::size_t kSm3DigestSize = 32;
inline constexpr std::size_t kSm3BlockSize = 64;
using Sm3Digest = std::array<std::uint8_t, kSm3DigestSize>;

/// SM3 hash (GB/T 32905, GM/T 0004), streaming. One object belongs to one thread; copying copies the state.
/// The object wipes its state when dropped, because HMAC keys run through it.
class Sm3 {
 public:
  Sm3();
  Sm3(const Sm3&) = default;
  Sm3& operator=(const Sm3&) = default;
  ~Sm3();
  void update(ByteView data);
  /// The digest of everything so far; afterwards the object is as new.
  Sm3Digest finish();

 private:
  std::array<std::uint32_t, 8> state_;
  std::array<std::uint8_t, kSm3BlockSize> block_{};
  std::uint64_t total_ = 0;  ///< octets seen
};

Sm3Digest sm3(ByteView data);

/// HMAC-SM3 (RFC 2104 with SM3, GB/T 15852.2).
class HmacSm3 {
 public:
  explicit HmacSm3(ByteView key);
  void update(ByteView data) { inner_.update(data); }
  Sm3Digest finish();

 private:
  Sm3 inner_;
  Sm3 outer_;
  Sm3 keyed_inner_;
  Sm3 keyed_outer_;
};

Sm3Digest hmac_sm3(ByteView key, ByteView data);

}  // namespace hutong::crypto
