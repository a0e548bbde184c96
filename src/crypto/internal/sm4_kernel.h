#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace hutong::crypto::internal {

inline constexpr std::size_t kSm4Rounds = 32;
inline constexpr std::size_t kSm4RoundKeysSize = kSm4Rounds * 4;

/// One implementation of the SM4 block cipher (GB/T 32907), constant-time.
struct Sm4Kernel {
  std::string_view name;
  /// 16 octets of key to 32 round keys (7.3) of 4 octets each, in a form of the kernel's own.
  void (*expand_key)(const std::uint8_t* key, std::uint8_t* round_keys);
  /// `blocks` blocks of 16 octets; `out` may be `in`. Decrypting is the same with the round keys reversed.
  void (*encrypt)(const std::uint8_t* round_keys, const std::uint8_t* in, std::uint8_t* out,
                  std::size_t blocks);
  /// CBC: every block is added to `chain`, the ciphertext before it, encrypted, and becomes the new chain.
  /// `out` may be `in`.
  void (*encrypt_chain)(const std::uint8_t* round_keys, std::uint8_t* chain, const std::uint8_t* in,
                        std::uint8_t* out, std::size_t blocks);
};

extern const Sm4Kernel kSm4Portable;
/// For x86-64 with AES-NI and SSSE3.
extern const Sm4Kernel kSm4AesNi;
/// For x86-64 with AES on 256-bit vectors; uses kSm4AesNi for single blocks.
extern const Sm4Kernel kSm4Vaes;
/// For x86-64 with GFNI on 256-bit vectors; uses kSm4AesNi for the key and for what is no whole group.
extern const Sm4Kernel kSm4Gfni;

/// Every implementation that this processor can run, best first. Tests run them against each other.
std::span<const Sm4Kernel* const> sm4_kernels();
/// The best of them, chosen once.
const Sm4Kernel& sm4_kernel();

}  // namespace hutong::crypto::internal
