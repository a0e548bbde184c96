#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <cstdint>

namespace hutong::crypto::internal {

/// Additions, subtractions and products of 64-bit words with what they carry over, in constant time. There
/// are two implementations; limbs.h, and with it all portable arithmetic of SM2, stands on `NativeWords`, the
/// one that fits the machine. A carry or borrow is 0 or 1.
using Carry = unsigned char;

/// For machines whose instructions take 32-bit words (32-bit ARM) or yield no upper half of a product
/// (WebAssembly): products of 32-bit halves, carries by Boolean algebra, because a comparison might become a
/// branch.
struct NarrowWords {
  static std::uint64_t add_carry(std::uint64_t a, std::uint64_t b, Carry& carry) {
    const std::uint64_t sum = a + b + carry;
    carry = static_cast<Carry>(((a & b) | ((a | b) & ~sum)) >> 63);
    return sum;
  }
  static std::uint64_t sub_borrow(std::uint64_t a, std::uint64_t b, Carry& borrow) {
    const std::uint64_t difference = a - b - borrow;
    borrow = static_cast<Carry>(((~a & b) | ((~a | b) & difference)) >> 63);
    return difference;
  }
  /// a * b + c + d; cannot overflow two words. Returns the low word, leaves the high one in `d`.
  static std::uint64_t multiply_add(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t& d) {
    const std::uint64_t first = low(a) * low(b) + low(c) + low(d);
    const std::uint64_t second = high(a) * low(b) + high(c) + high(first);
    const std::uint64_t third = low(a) * high(b) + low(second) + high(d);
    d = high(a) * high(b) + high(second) + high(third);
    return third << 32 | low(first);
  }

 private:
  static std::uint64_t low(std::uint64_t word) { return static_cast<std::uint32_t>(word); }
  static std::uint64_t high(std::uint64_t word) { return word >> 32; }
};

#if defined(__SIZEOF_INT128__)
/// For 64-bit machines. On x86-64 the compilers need intrinsics to see that a chain of additions is one of
/// adc or sbb instructions.
struct WideWords {
  __extension__ typedef unsigned __int128 DoubleWord;

  static std::uint64_t add_carry(std::uint64_t a, std::uint64_t b, Carry& carry) {
#if defined(__x86_64__)
    unsigned long long sum = 0;
    carry = _addcarry_u64(carry, a, b, &sum);
    return sum;
#else
    const DoubleWord sum = DoubleWord{a} + b + carry;
    carry = static_cast<Carry>(sum >> 64);
    return static_cast<std::uint64_t>(sum);
#endif
  }
  static std::uint64_t sub_borrow(std::uint64_t a, std::uint64_t b, Carry& borrow) {
#if defined(__x86_64__)
    unsigned long long difference = 0;
    borrow = _subborrow_u64(borrow, a, b, &difference);
    return difference;
#else
    const DoubleWord difference = DoubleWord{a} - b - borrow;
    borrow = static_cast<Carry>(difference >> 64 & 1);
    return static_cast<std::uint64_t>(difference);
#endif
  }
  /// a * b + c + d; cannot overflow two words. Returns the low word, leaves the high one in `d`.
  static std::uint64_t multiply_add(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t& d) {
    const DoubleWord product = DoubleWord{a} * b + c + d;
    d = static_cast<std::uint64_t>(product >> 64);
    return static_cast<std::uint64_t>(product);
  }
};
#endif

/// HUTONG_NARROW_WORDS asks for the narrow ones anywhere, for tests. (WebAssembly has the type, but computes
/// its products in a library function.)
#if defined(__SIZEOF_INT128__) && UINTPTR_MAX > UINT32_MAX && !defined(HUTONG_NARROW_WORDS)
using NativeWords = WideWords;
#else
using NativeWords = NarrowWords;
#endif

}  // namespace hutong::crypto::internal
