#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "crypto/sm4.h"

namespace hutong::crypto::internal {

/// One implementation of GHASH (NIST SP 800-38D 6.4), constant-time.
struct GhashKernel {
  std::string_view name;
  /// y = (y ^ block) * h for each of `blocks` blocks.
  void (*absorb)(const Sm4Block& h, Sm4Block& y, const std::uint8_t* data, std::size_t blocks);
};

extern const GhashKernel kGhashPortable;
/// For x86-64 with PCLMULQDQ and SSSE3.
extern const GhashKernel kGhashClmul;
/// For x86-64 with carry-less multiplication on 256-bit vectors, two blocks in each.
extern const GhashKernel kGhashVpclmul;

/// Every implementation that this processor can run, best first. Tests run them against each other.
std::span<const GhashKernel* const> ghash_kernels();

/// By the best of them.
void ghash(const Sm4Block& h, Sm4Block& y, const std::uint8_t* data, std::size_t blocks);

}  // namespace hutong::crypto::internal
