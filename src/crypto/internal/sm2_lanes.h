#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "crypto/internal/sm2_field.h"
#include "crypto/internal/sm2_kernel.h"
#include "crypto/internal/sm2_verification.h"

namespace hutong::crypto::internal {

/// One signature of a batch: does s*G + t*P have this x?
struct Sm2LaneInput {
  Sm2Claim claim;
  Sm2Coordinates key;
};

enum class Sm2LaneVerdict : std::uint8_t {
  kWrong,
  kRight,
  kUndecided,  ///< an addition met equal or opposite points on the way: ask Sm2Kernel::has_x
};

/// Verification of several signatures at once, one in each lane of the vector registers; public values,
/// variable time. Thread-safe.
struct Sm2LanesKernel {
  std::string_view name;
  std::size_t lanes;
  std::size_t fewest;  ///< so many signatures take longer one by one than in lanes
  /// `inputs` and `verdicts` have as many entries as there are lanes. s and t are in [1, n-1], the key is on
  /// the curve. Says nothing of x + n: where that is below p, a kWrong is not final.
  void (*has_x)(const Sm2LaneInput* inputs, Sm2LaneVerdict* verdicts);
};

/// For x86-64 with AVX2: four lanes.
extern const Sm2LanesKernel kSm2LanesAvx2;
/// For x86-64 with AVX-512 IFMA: eight lanes.
extern const Sm2LanesKernel kSm2LanesIfma;

/// Every implementation that this processor can run, best first; empty when nothing beats one signature after
/// the other.
std::span<const Sm2LanesKernel* const> sm2_lanes_kernels();

/// A point for all lanes; its coordinates are below p and multiplied with the Montgomery factor of the lanes.
struct Sm2LanesBasePoint {
  Limbs x;
  Limbs y;
};
inline constexpr std::size_t kSm2LanesBaseBits = 8;
/// The odd multiples (2*i + 1) * 2^(8 * window) * G, i below 128, of the 32 windows, one window after the
/// other: 256 KiB. The factor is 2^(256 + shift).
std::vector<Sm2LanesBasePoint> make_sm2_lanes_base_table(int shift);

}  // namespace hutong::crypto::internal
