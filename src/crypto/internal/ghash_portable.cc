#include <array>

#include "crypto/internal/endian.h"
#include "crypto/internal/ghash.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {
namespace {

using Word = std::uint64_t;

/// The lower 64 bits of the carry-less product, by integer multiplication: with only every fourth bit set in
/// each factor, no carry reaches the next bit that counts (at most 16 products meet, four bits hold 15, and
/// the sixteenth only meets the top).
inline Word multiply_low(Word x, Word y) {
  constexpr Word kEveryFourth = 0x1111111111111111;
  std::array<Word, 4> xs;
  std::array<Word, 4> ys;
  for (std::size_t i = 0; i < 4; ++i) {
    xs[i] = x & kEveryFourth << i;
    ys[i] = y & kEveryFourth << i;
  }
  const Word z0 = (xs[0] * ys[0]) ^ (xs[1] * ys[3]) ^ (xs[2] * ys[2]) ^ (xs[3] * ys[1]);
  const Word z1 = (xs[0] * ys[1]) ^ (xs[1] * ys[0]) ^ (xs[2] * ys[3]) ^ (xs[3] * ys[2]);
  const Word z2 = (xs[0] * ys[2]) ^ (xs[1] * ys[1]) ^ (xs[2] * ys[0]) ^ (xs[3] * ys[3]);
  const Word z3 = (xs[0] * ys[3]) ^ (xs[1] * ys[2]) ^ (xs[2] * ys[1]) ^ (xs[3] * ys[0]);
  return (z0 & kEveryFourth) | (z1 & kEveryFourth << 1) | (z2 & kEveryFourth << 2) | (z3 & kEveryFourth << 3);
}

inline Word reverse_bits(Word x) {
  x = (x >> 1 & 0x5555555555555555) | (x & 0x5555555555555555) << 1;
  x = (x >> 2 & 0x3333333333333333) | (x & 0x3333333333333333) << 2;
  x = (x >> 4 & 0x0F0F0F0F0F0F0F0F) | (x & 0x0F0F0F0F0F0F0F0F) << 4;
  return __builtin_bswap64(x);
}

/// A factor of a carry-less product: low and high word, their sum (Karatsuba), and the same three with the
/// bits reversed, from which the upper half of a product comes.
struct Factor {
  Word low, high, sum;
  Word low_reversed, high_reversed, sum_reversed;

  Factor(Word high_word, Word low_word)
      : low(low_word),
        high(high_word),
        sum(low ^ high),
        low_reversed(reverse_bits(low)),
        high_reversed(reverse_bits(high)),
        sum_reversed(low_reversed ^ high_reversed) {}
};

struct Product {
  Word low, high;
};
inline Product multiply(Word x, Word y, Word x_reversed, Word y_reversed) {
  return {multiply_low(x, y), reverse_bits(multiply_low(x_reversed, y_reversed)) >> 1};
}

/// x * h modulo the polynomial of GCM, whose bits run from the most significant one down.
inline void multiply_in_field(Word& x_high, Word& x_low, const Factor& h) {
  const Factor x(x_high, x_low);
  const Product low = multiply(x.low, h.low, x.low_reversed, h.low_reversed);
  const Product high = multiply(x.high, h.high, x.high_reversed, h.high_reversed);
  const Product both = multiply(x.sum, h.sum, x.sum_reversed, h.sum_reversed);
  const Word middle_low = both.low ^ low.low ^ high.low;
  const Word middle_high = both.high ^ low.high ^ high.high;
  Word v0 = low.low;
  Word v1 = low.high ^ middle_low;
  Word v2 = high.low ^ middle_high;
  Word v3 = high.high;
  // The bits are reflected, so the 255-bit product moves up by one.
  v3 = v3 << 1 | v2 >> 63;
  v2 = v2 << 1 | v1 >> 63;
  v1 = v1 << 1 | v0 >> 63;
  v0 = v0 << 1;
  // x^128 = x^7 + x^2 + x + 1, on reflected bits.
  v2 ^= v0 ^ v0 >> 1 ^ v0 >> 2 ^ v0 >> 7;
  v1 ^= v0 << 63 ^ v0 << 62 ^ v0 << 57;
  v3 ^= v1 ^ v1 >> 1 ^ v1 >> 2 ^ v1 >> 7;
  v2 ^= v1 << 63 ^ v1 << 62 ^ v1 << 57;
  x_high = v3;
  x_low = v2;
}

void absorb(const Sm4Block& h, Sm4Block& y, const std::uint8_t* data, std::size_t blocks) {
  Factor factor(load_be64(h.data()), load_be64(h.data() + 8));
  const WipeAtExit wipe_factor(factor);
  Word high = load_be64(y.data());
  Word low = load_be64(y.data() + 8);
  for (; blocks != 0; --blocks, data += 16) {
    high ^= load_be64(data);
    low ^= load_be64(data + 8);
    multiply_in_field(high, low, factor);
  }
  store_be64(y.data(), high);
  store_be64(y.data() + 8, low);
}

}  // namespace

const GhashKernel kGhashPortable = {"portable", absorb};

}  // namespace hutong::crypto::internal
