#pragma once

#include <cstdint>
#include <span>

namespace hutong::crypto {

/// Where nonces and keys come from. Tests inject fixed octets; programs use system_random().
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

/// OpenSSL's DRBG, seeded by the kernel, fork-safe, usable from any thread; small requests are served from a
/// portion that each thread keeps. A failing generator ends the
/// program: nothing sensible can be done without random numbers.
RandomSource& system_random();

}  // namespace hutong::crypto
