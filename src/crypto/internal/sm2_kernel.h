#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace hutong::crypto::internal {

/// A finite point, big-endian.
struct Sm2Coordinates {
  std::array<std::uint8_t, 32> x{};
  std::array<std::uint8_t, 32> y{};
};
using Sm2ScalarOctets = std::array<std::uint8_t, 32>;  ///< big-endian, below n

/// A point P with a table of its multiples. Thread-safe.
class Sm2PreparedPoint {
 public:
  virtual ~Sm2PreparedPoint() = default;
  /// What Sm2Kernel::has_x says of P.
  virtual bool has_x(const Sm2ScalarOctets& s, const Sm2ScalarOctets& t, const Sm2ScalarOctets& x) const = 0;
  /// What Sm2Kernel::multiply_both says of P.
  virtual void multiply_both(const Sm2ScalarOctets& k, Sm2Coordinates& base_out,
                             Sm2Coordinates& out) const = 0;
};
/// The windows of such a table: 37 windows of 64 points, 148 KiB.
inline constexpr std::size_t kSm2PreparedBits = 7;

/// One implementation of the group of sm2p256v1: all that signature, encryption and key exchange need from
/// the curve. Points handed in must be on the curve. A function that yields a point returns false when that
/// is infinity. Thread-safe.
struct Sm2Kernel {
  std::string_view name;
  /// k*G, in constant time.
  bool (*multiply_base)(const Sm2ScalarOctets& k, Sm2Coordinates& out);
  /// k*P, in constant time as to k.
  bool (*multiply)(const Sm2ScalarOctets& k, const Sm2Coordinates& p, Sm2Coordinates& out);
  /// k*G and k*P for k in [1, n-1], in constant time as to k; they share an inversion.
  void (*multiply_both)(const Sm2ScalarOctets& k, const Sm2Coordinates& p, Sm2Coordinates& base_out,
                        Sm2Coordinates& out);
  /// The x coordinate of k*G for every k, all of them in [1, n-1], in constant time; made for dozens of
  /// them, which share inversions.
  void (*multiply_base_x)(std::span<const Sm2ScalarOctets> k, std::span<Sm2ScalarOctets> x);
  /// k*P + Q of public values, in variable time.
  bool (*multiply_add_public)(const Sm2ScalarOctets& k, const Sm2Coordinates& p, const Sm2Coordinates& q,
                              Sm2Coordinates& out);
  /// Whether the x coordinate of s*G + t*P, modulo n, is `x` (below n): verification, in variable time.
  bool (*has_x)(const Sm2ScalarOctets& s, const Sm2ScalarOctets& t, const Sm2Coordinates& p,
                const Sm2ScalarOctets& x);
  /// P made ready for many calls of has_x; takes as long as a dozen of them.
  std::unique_ptr<const Sm2PreparedPoint> (*prepare)(const Sm2Coordinates& p);
};

extern const Sm2Kernel kSm2Portable;
/// For x86-64 with BMI2, ADX and AVX2 (which reads the tables).
extern const Sm2Kernel kSm2Adx;

/// Every implementation that this processor can run, best first. Tests run them against each other.
std::span<const Sm2Kernel* const> sm2_kernels();
/// The best of them, chosen once.
const Sm2Kernel& sm2_kernel();

}  // namespace hutong::crypto::internal
