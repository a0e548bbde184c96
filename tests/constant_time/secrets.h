#pragma once

#include <gtest/gtest.h>
#include <valgrind/memcheck.h>

#include <array>
#include <cstdint>
#include <span>
#include <type_traits>

#include "base/bytes.h"
#include "crypto/random.h"
#include "tests/support/fixed_octets.h"

/// The undefined-secret method: to valgrind's memcheck a secret is memory that was never written. It follows
/// such bits through every instruction and reports a branch or an address that depends on one, which is
/// exactly what constant-time code must not have.
namespace hutong::test {

inline void make_secret(std::span<std::uint8_t> octets) {
  static_cast<void>(VALGRIND_MAKE_MEM_UNDEFINED(octets.data(), octets.size()));
}

/// What is sent or stored may be looked at from here on.
inline void publish(ByteView octets) {
  static_cast<void>(VALGRIND_MAKE_MEM_DEFINED(octets.data(), octets.size()));
}
template <typename T>
void publish(const T& object) {
  if constexpr (std::is_convertible_v<const T&, ByteView>) {
    publish(ByteView(object));
  } else {
    static_assert(std::is_trivially_copyable_v<T>);
    static_cast<void>(VALGRIND_MAKE_MEM_DEFINED(&object, sizeof object));
  }
}

/// Whether any bit of it still counts as secret: that the secret really went through the computation.
inline bool is_secret(ByteView octets) {
  for (const std::uint8_t& octet : octets) {
    std::uint8_t undefined_bits = 0;
    VALGRIND_GET_VBITS(&octet, &undefined_bits, 1);
    if (undefined_bits != 0) {
      return true;
    }
  }
  return false;
}

/// Octets that valgrind takes for secrets, the same in every run, so that a report shows again.
class SecretRandom final : public crypto::RandomSource {
 public:
  void fill(std::span<std::uint8_t> out) override {
    fixed_.fill(out);
    make_secret(out);
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
  FixedOctets fixed_{20260131};
};

/// How many reports there were so far.
inline unsigned reports() { return VALGRIND_COUNT_ERRORS; }

/// A test that fails when valgrind reports anything while it runs.
template <typename Base>
class Unreported : public Base {
 protected:
  void SetUp() override { before_ = reports(); }
  void TearDown() override {
    EXPECT_EQ(reports(), before_) << "a branch or an address depends on a secret: see valgrind's log";
  }
  SecretRandom random_;

 private:
  unsigned before_ = 0;
};
using ConstantTime = Unreported<testing::Test>;

}  // namespace hutong::test
