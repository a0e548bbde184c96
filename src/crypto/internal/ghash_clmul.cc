#include <immintrin.h>

#include "crypto/internal/ghash.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {
namespace {

#define HUTONG_CLMUL [[gnu::target("pclmul,ssse3")]]

// GHASH is POLYVAL (RFC 8452 appendix A) on blocks with their octets reversed and h times x, which spares the
// shifting that bits in reflected order ask for. Products are a * b * x^-128 modulo
// x^128 + x^127 + x^126 + x^121 + 1.

HUTONG_CLMUL inline __m128i load_reversed(const std::uint8_t* from) {
  const __m128i reverse = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)), reverse);
}

/// h * x.
HUTONG_CLMUL inline __m128i times_x(__m128i h) {
  const __m128i polynomial = _mm_set_epi32(static_cast<int>(0xC2000000), 0, 0, 1);
  const __m128i highest_bit = _mm_shuffle_epi32(_mm_srai_epi32(h, 31), 0xFF);
  const __m128i carries = _mm_slli_si128(_mm_srli_epi64(h, 63), 8);
  return _mm_slli_epi64(h, 1) ^ carries ^ (highest_bit & polynomial);
}

/// A sum of 256-bit products not yet reduced: `middle` belongs 64 bits up.
struct Sum {
  __m128i low;
  __m128i middle;
  __m128i high;
};
HUTONG_CLMUL inline void add_product(Sum& sum, __m128i a, __m128i b) {
  sum.low ^= _mm_clmulepi64_si128(a, b, 0x00);
  sum.middle ^= _mm_clmulepi64_si128(a, b, 0x01) ^ _mm_clmulepi64_si128(a, b, 0x10);
  sum.high ^= _mm_clmulepi64_si128(a, b, 0x11);
}
HUTONG_CLMUL inline __m128i reduce(const Sum& sum) {
  const __m128i polynomial = _mm_set_epi32(0, 0, static_cast<int>(0xC2000000), 0);
  __m128i low = sum.low ^ _mm_slli_si128(sum.middle, 8);
  const __m128i high = sum.high ^ _mm_srli_si128(sum.middle, 8);
  low = _mm_shuffle_epi32(low, 0x4E) ^ _mm_clmulepi64_si128(low, polynomial, 0x00);
  low = _mm_shuffle_epi32(low, 0x4E) ^ _mm_clmulepi64_si128(low, polynomial, 0x00);
  return low ^ high;
}
HUTONG_CLMUL inline __m128i multiply(__m128i a, __m128i b) {
  Sum sum{};
  add_product(sum, a, b);
  return reduce(sum);
}

/// Eight blocks share one reduction: y = (y ^ d0) * h^8 ^ d1 * h^7 ^ ... ^ d7 * h.
constexpr std::size_t kAtOnce = 8;

HUTONG_CLMUL void absorb(const Sm4Block& h, Sm4Block& y, const std::uint8_t* data, std::size_t blocks) {
  __m128i powers[kAtOnce];
  const WipeAtExit wipe_powers(powers);
  powers[0] = times_x(load_reversed(h.data()));
  const std::size_t powers_used = blocks < kAtOnce ? 1 : kAtOnce;
  for (std::size_t i = 1; i < powers_used; ++i) {
    powers[i] = multiply(powers[i - 1], powers[0]);
  }
  __m128i value = load_reversed(y.data());
  for (; blocks >= kAtOnce; blocks -= kAtOnce, data += 16 * kAtOnce) {
    Sum sum{};
    add_product(sum, value ^ load_reversed(data), powers[kAtOnce - 1]);
    for (std::size_t i = 1; i < kAtOnce; ++i) {
      add_product(sum, load_reversed(data + 16 * i), powers[kAtOnce - 1 - i]);
    }
    value = reduce(sum);
  }
  for (; blocks != 0; --blocks, data += 16) {
    value = multiply(value ^ load_reversed(data), powers[0]);
  }
  const __m128i reverse = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(y.data()), _mm_shuffle_epi8(value, reverse));
}

#undef HUTONG_CLMUL

}  // namespace

const GhashKernel kGhashClmul = {"clmul", absorb};

}  // namespace hutong::crypto::internal
