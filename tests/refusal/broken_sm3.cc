#include <array>

#include "crypto/internal/sm3_kernel.h"
#include "crypto/internal/sm3_lanes.h"

/// Takes the place of crypto/internal/sm3_kernel.cc in twins of the programs: a processor that computes one
/// bit of SM3 wrong. No switch leads here; a program is either linked with this file or not.
namespace hutong::crypto::internal {
namespace {

const Sm3Kernel kBroken = {"broken", [](Sm3State& state, const std::uint8_t* blocks, std::size_t count) {
                             kSm3Portable.compress(state, blocks, count);
                             state[7] ^= 1;
                           }};

}  // namespace

std::span<const Sm3Kernel* const> sm3_kernels() {
  static constexpr std::array kAll = {&kBroken};
  return kAll;
}

const Sm3Kernel& sm3_kernel() { return kBroken; }

Sm3LanesFunction sm3_lanes() { return nullptr; }

}  // namespace hutong::crypto::internal
