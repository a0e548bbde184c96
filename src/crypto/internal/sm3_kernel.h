#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace hutong::crypto::internal {

using Sm3State = std::array<std::uint32_t, 8>;
/// IV of GB/T 32905 4.1.
inline constexpr Sm3State kSm3InitialState = {0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
                                              0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E};

/// One implementation of the SM3 compression function (GB/T 32905 5.3.3), constant-time.
struct Sm3Kernel {
  std::string_view name;
  /// Runs `count` blocks of 64 octets through the state.
  void (*compress)(Sm3State& state, const std::uint8_t* blocks, std::size_t count);
};

extern const Sm3Kernel kSm3Portable;
/// For x86-64 with BMI and BMI2.
extern const Sm3Kernel kSm3Bmi2;
/// The same with the message expansion in vector registers; asks for AVX2, where AVX would do.
extern const Sm3Kernel kSm3Avx;

/// Every implementation that this processor can run, best first. Tests run them against each other.
std::span<const Sm3Kernel* const> sm3_kernels();
/// The best of them, chosen once.
const Sm3Kernel& sm3_kernel();

}  // namespace hutong::crypto::internal
