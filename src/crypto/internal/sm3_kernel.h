#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace hutong::crypto::internal {

using Sm3State = std::array<std::uint32_t, 8>;

/// One implementation of the SM3 compression function (GB/T 32905 5.3.3), constant-time.
struct Sm3Kernel {
  std::string_view name;
  /// Runs `count` blocks of 64 octets through the state.
  void (*compress)(Sm3State& state, const std::uint8_t* blocks, std::size_t count);
};

extern const Sm3Kernel kSm3Portable;

/// Every implementation that this processor can run, best first. Tests run them against each other.
std::span<const Sm3Kernel* const> sm3_kernels();
/// The best of them, chosen once.
const Sm3Kernel& sm3_kernel();

}  // namespace hutong::crypto::internal
