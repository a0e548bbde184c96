// GHASH by carry-less multiplication, for ghash_clmul.cc and ghash_vpclmul.cc. The including file has
// defined, within its unnamed namespace, HUTONG_GHASH_TARGET, kAtOnce (how many blocks share a reduction),
// `Word` (as many blocks as a vector has) and `Lanes`:
//   load(from)        a vector from memory
//   first(x)          a block, and zeros after it
//   reversed(x)       the octets of every block in reverse
//   multiply<k>(a, b) of every block, the halves that k names
//   sum(x)            of the blocks
//
// GHASH is POLYVAL (RFC 8452 appendix A) on blocks with their octets reversed and h times x, which spares the
// shifting that bits in reflected order ask for. Products are a * b * x^-128 modulo
// x^128 + x^127 + x^126 + x^121 + 1.

HUTONG_GHASH_TARGET inline __m128i reversed_block(__m128i x) {
  return _mm_shuffle_epi8(x, _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}
HUTONG_GHASH_TARGET inline __m128i load_block(const std::uint8_t* from) {
  return reversed_block(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
}

/// h * x.
HUTONG_GHASH_TARGET inline __m128i times_x(__m128i h) {
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
HUTONG_GHASH_TARGET inline void add_product(Sum& sum, __m128i a, __m128i b) {
  sum.low ^= _mm_clmulepi64_si128(a, b, 0x00);
  sum.middle ^= _mm_clmulepi64_si128(a, b, 0x01) ^ _mm_clmulepi64_si128(a, b, 0x10);
  sum.high ^= _mm_clmulepi64_si128(a, b, 0x11);
}
HUTONG_GHASH_TARGET inline __m128i reduce(const Sum& sum) {
  const __m128i polynomial = _mm_set_epi32(0, 0, static_cast<int>(0xC2000000), 0);
  __m128i low = sum.low ^ _mm_slli_si128(sum.middle, 8);
  const __m128i high = sum.high ^ _mm_srli_si128(sum.middle, 8);
  low = _mm_shuffle_epi32(low, 0x4E) ^ _mm_clmulepi64_si128(low, polynomial, 0x00);
  low = _mm_shuffle_epi32(low, 0x4E) ^ _mm_clmulepi64_si128(low, polynomial, 0x00);
  return low ^ high;
}
HUTONG_GHASH_TARGET inline __m128i multiply(__m128i a, __m128i b) {
  Sum sum{};
  add_product(sum, a, b);
  return reduce(sum);
}

/// Powers of the hash key, the highest one first, as the blocks of a group meet them.
struct alignas(32) Powers {
  __m128i descending[kAtOnce];
};
/// h to h^count; each from two of half its size, so that none waits for all before it.
HUTONG_GHASH_TARGET inline void make_powers(__m128i h, std::size_t count, Powers& powers) {
  __m128i* const end = powers.descending + kAtOnce;  // end[-i] is h^i
  end[-1] = h;
  for (std::size_t i = 2; i <= count; ++i) {
    end[-static_cast<std::ptrdiff_t>(i)] =
        multiply(end[-static_cast<std::ptrdiff_t>(i / 2)], end[-static_cast<std::ptrdiff_t>(i - i / 2)]);
  }
}

/// One group of kAtOnce blocks: (value ^ d0) * h^n ^ d1 * h^(n-1) ^ ... ^ d(n-1) * h.
HUTONG_GHASH_TARGET inline __m128i absorb_group(const Powers& powers, __m128i value,
                                                const std::uint8_t* data) {
  constexpr std::size_t kVectors = 16 * kAtOnce / sizeof(Word);
  Word low{};
  Word middle{};
  Word high{};
  Word added = Lanes::first(value);
#pragma GCC unroll 8
  for (std::size_t i = 0; i < kVectors; ++i) {
    const Word a = Lanes::reversed(Lanes::load(data + i * sizeof(Word))) ^ added;
    const Word b = Lanes::load(reinterpret_cast<const std::uint8_t*>(powers.descending) + i * sizeof(Word));
    low ^= Lanes::multiply<0x00>(a, b);
    middle ^= Lanes::multiply<0x01>(a, b) ^ Lanes::multiply<0x10>(a, b);
    high ^= Lanes::multiply<0x11>(a, b);
    added = Word{};
  }
  return reduce({Lanes::sum(low), Lanes::sum(middle), Lanes::sum(high)});
}

HUTONG_GHASH_TARGET void absorb(const Sm4Block& h, Sm4Block& y, const std::uint8_t* data,
                                std::size_t blocks) {
  Powers powers;
  const WipeAtExit wipe_powers(powers);
  make_powers(times_x(load_block(h.data())), blocks < kAtOnce ? blocks : kAtOnce, powers);
  __m128i value = load_block(y.data());
  for (; blocks >= kAtOnce; blocks -= kAtOnce, data += 16 * kAtOnce) {
    value = absorb_group(powers, value, data);
  }
  if (blocks != 0) {
    Sum sum{};
    for (const __m128i* power = powers.descending + kAtOnce - blocks; blocks != 0; --blocks, data += 16) {
      add_product(sum, value ^ load_block(data), *power++);
      value = __m128i{};
    }
    value = reduce(sum);
  }
  _mm_storeu_si128(reinterpret_cast<__m128i*>(y.data()), reversed_block(value));
}
