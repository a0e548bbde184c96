#pragma once

#include <cstddef>
#include <cstdint>

#include "crypto/sm4.h"

namespace hutong::crypto::internal {

/// GHASH (NIST SP 800-38D 6.4), constant-time: y = (y ^ block) * h for each of `blocks` blocks.
void ghash(const Sm4Block& h, Sm4Block& y, const std::uint8_t* data, std::size_t blocks);

}  // namespace hutong::crypto::internal
