// The rounds on one message, for kernels that include this within their unnamed namespace and have defined
// HUTONG_SM3_TARGET.

using Word = std::uint32_t;

template <int kBits>
HUTONG_SM3_TARGET constexpr Word rotl(Word x) {
  return x << kBits | x >> (32 - kBits);
}
HUTONG_SM3_TARGET constexpr Word p0(Word x) { return x ^ rotl<9>(x) ^ rotl<17>(x); }
HUTONG_SM3_TARGET constexpr Word p1(Word x) { return x ^ rotl<15>(x) ^ rotl<23>(x); }

/// Keeps the compiler from putting a sum into another order than the one that is ready first.
HUTONG_SM3_TARGET inline Word settled(Word x) {
  asm("" : "+r"(x));
  return x;
}

#include "crypto/internal/sm3_rounds.h"
