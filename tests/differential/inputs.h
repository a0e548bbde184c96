#pragma once

#include "crypto/internal/sm2_scalar.h"
#include "tests/support/fixed_octets.h"

namespace hutong::test {

/// Inputs of a differential run: half of them random, half of them edges.
class Inputs {
 public:
  explicit Inputs(std::uint64_t seed) : random_(seed) {}

  FixedOctets& random() { return random_; }

  /// A number below `modulus`: random, next to 0, the modulus or 2^256, a power of two or next to one, or of
  /// words that are all ones, all zeros or nearly so.
  crypto::internal::Limbs below(const crypto::internal::Limbs& modulus) {
    using crypto::internal::Limbs;
    Limbs value = {random_.word(), random_.word(), random_.word(), random_.word()};
    const Limbs small = {random_.below(70), 0, 0, 0};
    switch (random_.below(10)) {
      case 0:
        value = small;
        break;
      case 1:
        crypto::internal::subtract(value, modulus, small);
        break;
      case 2:  // 2^256 - modulus, and what is next to it
        crypto::internal::subtract(value, {}, modulus);
        crypto::internal::add(value, value, small);
        break;
      case 3:
        value = {};
        value[random_.below(4)] = std::uint64_t{1} << random_.below(64);
        if (random_.below(2) == 0) {
          crypto::internal::subtract(value, value, small);
        }
        break;
      case 4:
        for (std::uint64_t& word : value) {
          word = rugged_word();
        }
        break;
      default:
        break;
    }
    return crypto::internal::reduce_once(value, 0, modulus);
  }
  /// Random octets, or in every other run octets of 00 and FF alone.
  Bytes octets(std::size_t size) {
    Bytes out = random_.bytes(size);
    if (random_.below(2) == 0) {
      for (std::uint8_t& octet : out) {
        octet = (octet & 1) != 0 ? 0xFF : 0x00;
      }
    }
    return out;
  }
  crypto::internal::Scalar scalar() { return {below(crypto::internal::kGroupOrder)}; }

 private:
  std::uint64_t rugged_word() {
    constexpr std::uint64_t kOnes = ~std::uint64_t{0};
    constexpr std::uint64_t kWords[] = {0,           1,           kOnes,       kOnes - 1,
                                        kOnes << 32, kOnes >> 32, kOnes << 63, 0xAAAAAAAAAAAAAAAA};
    return kWords[random_.below(std::size(kWords))];
  }

  FixedOctets random_;
};

}  // namespace hutong::test
