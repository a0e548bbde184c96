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

/// A signed number of 128 bits, as far as sums of products of two signed words need it.
class NarrowSigned {
 public:
  explicit NarrowSigned(std::int64_t value)
      : low_(static_cast<std::uint64_t>(value)), high_(static_cast<std::uint64_t>(value >> 63)) {}
  explicit operator std::uint64_t() const { return low_; }
  explicit operator std::int64_t() const { return static_cast<std::int64_t>(low_); }

  /// `a` is one word still.
  friend NarrowSigned operator*(const NarrowSigned& a, std::int64_t b) {
    const auto word = static_cast<std::uint64_t>(b);
    NarrowSigned product(0);
    product.low_ = NarrowWords::multiply_add(a.low_, word, 0, product.high_);
    product.high_ -= (a.high_ & word) + (static_cast<std::uint64_t>(b >> 63) & a.low_);
    return product;
  }
  friend NarrowSigned operator+(NarrowSigned a, const NarrowSigned& b) {
    Carry carry = 0;
    a.low_ = NarrowWords::add_carry(a.low_, b.low_, carry);
    a.high_ += b.high_ + carry;
    return a;
  }
  NarrowSigned& operator+=(const NarrowSigned& b) { return *this = *this + b; }
  /// By 1 to 63 bits, arithmetically.
  friend NarrowSigned operator>>(NarrowSigned a, int bits) {
    a.low_ = a.low_ >> bits | a.high_ << (64 - bits);
    a.high_ = static_cast<std::uint64_t>(static_cast<std::int64_t>(a.high_) >> bits);
    return a;
  }
  NarrowSigned& operator>>=(int bits) { return *this = *this >> bits; }

 private:
  std::uint64_t low_;
  std::uint64_t high_;
};

#if defined(__SIZEOF_INT128__)
__extension__ typedef __int128 WideSigned;

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
using NativeSigned = WideSigned;
#else
using NativeWords = NarrowWords;
using NativeSigned = NarrowSigned;
#endif

}  // namespace hutong::crypto::internal
