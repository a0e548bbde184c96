#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "crypto/internal/sm3_kernel.h"

namespace hutong::crypto::internal {

inline constexpr std::size_t kSm3Lanes = 8;
/// Word i of the state of the message in lane j: states[i][j].
using Sm3LaneStates = std::array<std::array<std::uint32_t, kSm3Lanes>, 8>;

/// SM3's compression function on eight messages at once, constant-time: runs `count` blocks of 64 octets from
/// each pointer through the state of that lane.
using Sm3LanesFunction = void (*)(Sm3LaneStates& states,
                                  const std::array<const std::uint8_t*, kSm3Lanes>& blocks,
                                  std::size_t count);

/// With AVX2; only for processors that have it.
void sm3_compress_lanes_avx2(Sm3LaneStates& states, const std::array<const std::uint8_t*, kSm3Lanes>& blocks,
                             std::size_t count);

/// What this processor has; null when nothing beats one message after the other.
Sm3LanesFunction sm3_lanes();

}  // namespace hutong::crypto::internal
