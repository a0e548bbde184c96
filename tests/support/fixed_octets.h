#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "crypto/random.h"

namespace hutong::test {

/// The same octets in every run and on every machine (SplitMix64), for tests that compare machines and for
/// failures that must show again.
class FixedOctets final : public crypto::RandomSource {
 public:
  explicit FixedOctets(std::uint64_t seed) : state_(seed) {}

  std::uint64_t word() {
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t mixed = (state_ ^ state_ >> 30) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
    return mixed ^ mixed >> 31;
  }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(word() % limit); }

  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& octet : out) {
      octet = static_cast<std::uint8_t>(word() >> 56);
    }
  }
  template <std::size_t kSize>
  std::array<std::uint8_t, kSize> octets() {
    std::array<std::uint8_t, kSize> out;
    fill(out);
    return out;
  }
  Bytes bytes(std::size_t size) {
    Bytes out(size);
    fill(out);
    return out;
  }

 private:
  std::uint64_t state_;
};

}  // namespace hutong::test
