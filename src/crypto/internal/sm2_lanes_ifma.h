#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "crypto/internal/sm2_field.h"

namespace hutong::crypto::internal {

#define HUTONG_SM2_LANES_INLINE [[gnu::target("avx2,avx512f,avx512ifma"), gnu::always_inline]] static inline
#define HUTONG_SM2_LANES_CALL [[gnu::target("avx2,avx512f,avx512ifma"), gnu::noinline]] static

/// Arithmetic modulo p on eight independent numbers with AVX-512 IFMA, for public values; what
/// sm2_lanes_group.h computes with. Results may overlap operands.
///
/// An element has five limbs of 52 bits in each lane, all of them in [0, 2^52), and stands for its value
/// times 2^260 modulo p. What multiplications return is "plain": below 2^257 + 2^230. With factors a and b
/// the value is below a*b/2^260 + p: plain for a*b up to 2^516, such as of sums of two plain elements (below
/// 2^258 + 2^231) or of a plain one and a difference (below 2^258.6). The square of a difference is
/// below 3.25 * 2^256, which makes a good factor all the same.
struct LanesIfma {
  static constexpr std::size_t kLanes = 8;
  static constexpr std::size_t kLimbs = 5;
  static constexpr int kBits = 52;
  static constexpr int kShift = 4;  ///< 2^260 = 2^(256 + kShift)

  struct Element {
    __m512i limb[kLimbs];
  };

  /// 2^260, 2^520 and -3 * 2^260 modulo p.
  static constexpr Limbs kOne = {0x0000000000000010, 0x0000000FFFFFFFF0, 0x0000000000000000,
                                 0x0000001000000000};
  static constexpr Limbs kToMontgomery = {0x0000020000000300, 0x000002FFFFFFFF00, 0x0000010000000100,
                                          0x0000040000000200};
  static constexpr Limbs kMinusThree = {0xFFFFFFFFFFFFFFCF, 0xFFFFFFCF00000030, 0xFFFFFFFFFFFFFFFF,
                                        0xFFFFFFCEFFFFFFFF};

  /// The same number in all lanes.
  HUTONG_SM2_LANES_INLINE void set(Element& out, const Limbs& number) {
#pragma GCC unroll 5
    for (std::size_t i = 0; i < kLimbs; ++i) {
      out.limb[i] = broadcast(limb_of(number, i));
    }
  }
  /// The four words at `rows[lane]`, as they are, for each lane.
  HUTONG_SM2_LANES_INLINE void load(Element& out, const std::uint64_t* const (&rows)[kLanes]) {
    __m256i low[4];
    __m256i high[4];
    transpose(low, rows);
    transpose(high, rows + 4);
    __m512i words[4];
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 4; ++i) {
      words[i] = _mm512_maskz_inserti64x4(kAllLanes, _mm512_castsi256_si512(low[i]), high[i], 1);
    }
#pragma GCC unroll 5
    for (std::size_t i = 0; i < kLimbs; ++i) {
      const std::size_t word = i * kBits / 64;
      const unsigned shift = static_cast<unsigned>(i * kBits % 64);
      __m512i bits = shift_right(words[word], shift);
      if (shift > 64 - kBits && word < 3) {
        bits = _mm512_or_si512(bits, shift_left(words[word + 1], 64 - shift));
      }
      out.limb[i] = _mm512_and_si512(bits, broadcast(kLimbMask));
    }
  }
  /// Lane i of `rows[i]`.
  HUTONG_SM2_LANES_INLINE void gather(Element& out, const Element* const (&rows)[kLanes]) {
#pragma GCC unroll 5
    for (std::size_t i = 0; i < kLimbs; ++i) {
      __m512i limb = rows[0]->limb[i];
#pragma GCC unroll 8
      for (std::size_t lane = 1; lane < kLanes; ++lane) {
        limb = _mm512_mask_mov_epi64(limb, static_cast<__mmask8>(1U << lane), rows[lane]->limb[i]);
      }
      out.limb[i] = limb;
    }
  }
  /// The lanes, as bits, where a number is 0 or p; its value must be in [0, p].
  HUTONG_SM2_LANES_INLINE unsigned zero_lanes(const Element& a) {
    __m512i not_zero = broadcast(0);
    __m512i not_prime = broadcast(0);
#pragma GCC unroll 5
    for (std::size_t i = 0; i < kLimbs; ++i) {
      not_zero = _mm512_or_si512(not_zero, a.limb[i]);
      not_prime = _mm512_or_si512(not_prime, _mm512_xor_si512(a.limb[i], broadcast(limb_of(kFieldPrime, i))));
    }
    return static_cast<unsigned>(_mm512_testn_epi64_mask(not_zero, not_zero)) |
           static_cast<unsigned>(_mm512_testn_epi64_mask(not_prime, not_prime));
  }

  HUTONG_SM2_LANES_INLINE void copy(Element& out, const Element& a) {
#pragma GCC unroll 5
    for (std::size_t i = 0; i < kLimbs; ++i) {
      out.limb[i] = a.limb[i];
    }
  }
  HUTONG_SM2_LANES_INLINE void twice(Element& out, const Element& a) {
    __m512i sums[kLimbs];
#pragma GCC unroll 5
    for (std::size_t i = 0; i < kLimbs; ++i) {
      sums[i] = _mm512_add_epi64(a.limb[i], a.limb[i]);
    }
    carry(out, sums);
  }
  HUTONG_SM2_LANES_INLINE void subtract(Element& out, const Element& a, const Element& b) {
    __m512i sums[kLimbs];
#pragma GCC unroll 5
    for (std::size_t i = 0; i < kLimbs; ++i) {
      sums[i] = _mm512_sub_epi64(_mm512_add_epi64(a.limb[i], broadcast(fourfold_prime(i))), b.limb[i]);
    }
    carry(out, sums);
  }
  /// -a in the lanes whose word is all ones, a in those where it is zero.
  HUTONG_SM2_LANES_INLINE void negate_where(const std::uint64_t (&lanes)[kLanes], Element& a) {
    const __m512i words = _mm512_loadu_si512(lanes);
    const __mmask8 mask = _mm512_test_epi64_mask(words, words);
    __m512i sums[kLimbs];
#pragma GCC unroll 5
    for (std::size_t i = 0; i < kLimbs; ++i) {
      sums[i] = _mm512_mask_sub_epi64(a.limb[i], mask, broadcast(fourfold_prime(i)), a.limb[i]);
    }
    carry(a, sums);
  }

  HUTONG_SM2_LANES_CALL void multiply(Element& out, const Element& a, const Element& b) {
    Columns columns;
    add_product(columns, a, b);
    carry(out, reduce(columns));
  }
  /// a * b - c
  HUTONG_SM2_LANES_CALL void multiply_minus(Element& out, const Element& a, const Element& b,
                                            const Element& c) {
    Columns columns;
    add_product(columns, a, b);
    __m512i* const sums = reduce(columns);
    subtract_from(sums, c);
    fold(out, sums);
  }
  /// a * b - 2 * c
  HUTONG_SM2_LANES_CALL void multiply_minus_twice(Element& out, const Element& a, const Element& b,
                                                  const Element& c) {
    Columns columns;
    add_product(columns, a, b);
    __m512i* const sums = reduce(columns);
    subtract_twice_from(sums, c);
    fold(out, sums);
  }
  /// a * b - c * d
  HUTONG_SM2_LANES_CALL void multiply_difference(Element& out, const Element& a, const Element& b,
                                                 const Element& c, const Element& d) {
    Element negative;
    Element zero;
    set(zero, {});
    subtract(negative, zero, c);
    Columns columns;
    add_product(columns, a, b);
    add_rows(columns, negative, d);
    fold(out, reduce(columns));
  }
  HUTONG_SM2_LANES_CALL void square(Element& out, const Element& a) {
    Columns columns;
    add_square(columns, a);
    carry(out, reduce(columns));
  }
  /// a^2 - 2 * c
  HUTONG_SM2_LANES_CALL void square_minus_twice(Element& out, const Element& a, const Element& c) {
    Columns columns;
    add_square(columns, a);
    __m512i* const sums = reduce(columns);
    subtract_twice_from(sums, c);
    fold(out, sums);
  }
  /// a^2 - c - 2 * d
  HUTONG_SM2_LANES_CALL void square_minus(Element& out, const Element& a, const Element& c,
                                          const Element& d) {
    Columns columns;
    add_square(columns, a);
    __m512i* const sums = reduce(columns);
    subtract_from(sums, c);
    subtract_twice_from(sums, d);
    fold(out, sums);
  }
  /// 3 * a^2 + c
  HUTONG_SM2_LANES_CALL void three_squares_plus(Element& out, const Element& a, const Element& c) {
    Columns columns;
    add_square(columns, a);
    __m512i* const sums = reduce(columns);
#pragma GCC unroll 5
    for (std::size_t i = 0; i < kLimbs; ++i) {
      const __m512i twofold = _mm512_add_epi64(sums[i], sums[i]);
      sums[i] = _mm512_add_epi64(_mm512_add_epi64(sums[i], twofold), c.limb[i]);
    }
    fold(out, sums);
  }

 private:
  static constexpr std::uint64_t kLimbMask = (std::uint64_t{1} << kBits) - 1;

  static constexpr std::uint64_t limb_of(const Limbs& number, std::size_t i) {
    const std::size_t word = i * kBits / 64;
    const std::size_t shift = i * kBits % 64;
    const std::uint64_t above = shift > 64 - kBits && word < 3 ? number[word + 1] << (64 - shift) : 0;
    return (number[word] >> shift | above) & kLimbMask;
  }
  /// 4 * p, not carried.
  static constexpr std::uint64_t fourfold_prime(std::size_t i) { return 4 * limb_of(kFieldPrime, i); }
  /// g++ 12 takes the unmasked forms of these for uses of uninitialized values (GCC bug 105593).
  static constexpr __mmask8 kAllLanes = 0xFF;
  HUTONG_SM2_LANES_INLINE __m512i shift_left(__m512i a, unsigned bits) {
    return _mm512_maskz_slli_epi64(kAllLanes, a, bits);
  }
  HUTONG_SM2_LANES_INLINE __m512i shift_right(__m512i a, unsigned bits) {
    return _mm512_maskz_srli_epi64(kAllLanes, a, bits);
  }
  HUTONG_SM2_LANES_INLINE __m512i shift_right_signed(__m512i a, unsigned bits) {
    return _mm512_maskz_srai_epi64(kAllLanes, a, bits);
  }
  HUTONG_SM2_LANES_INLINE __m512i broadcast(std::uint64_t word) {
    return _mm512_set1_epi64(static_cast<long long>(word));
  }
  HUTONG_SM2_LANES_INLINE void transpose(__m256i (&out)[4], const std::uint64_t* const* rows) {
    const auto* const a = reinterpret_cast<const __m256i*>(rows[0]);
    const auto* const b = reinterpret_cast<const __m256i*>(rows[1]);
    const auto* const c = reinterpret_cast<const __m256i*>(rows[2]);
    const auto* const d = reinterpret_cast<const __m256i*>(rows[3]);
    const __m256i ab_even = _mm256_unpacklo_epi64(_mm256_loadu_si256(a), _mm256_loadu_si256(b));
    const __m256i ab_odd = _mm256_unpackhi_epi64(_mm256_loadu_si256(a), _mm256_loadu_si256(b));
    const __m256i cd_even = _mm256_unpacklo_epi64(_mm256_loadu_si256(c), _mm256_loadu_si256(d));
    const __m256i cd_odd = _mm256_unpackhi_epi64(_mm256_loadu_si256(c), _mm256_loadu_si256(d));
    out[0] = _mm256_permute2x128_si256(ab_even, cd_even, 0x20);
    out[1] = _mm256_permute2x128_si256(ab_odd, cd_odd, 0x20);
    out[2] = _mm256_permute2x128_si256(ab_even, cd_even, 0x31);
    out[3] = _mm256_permute2x128_si256(ab_odd, cd_odd, 0x31);
  }

  /// The sums of half products of equal weight.
  struct Columns {
    __m512i sum[2 * kLimbs];
  };
  HUTONG_SM2_LANES_INLINE void add_to_columns(Columns& columns, std::size_t at, __m512i a, __m512i b) {
    columns.sum[at] = _mm512_madd52lo_epu64(columns.sum[at], a, b);
    columns.sum[at + 1] = _mm512_madd52hi_epu64(columns.sum[at + 1], a, b);
  }
  HUTONG_SM2_LANES_INLINE void clear(Columns& columns) {
#pragma GCC unroll 10
    for (std::size_t i = 0; i < 2 * kLimbs; ++i) {
      columns.sum[i] = broadcast(0);
    }
  }
  HUTONG_SM2_LANES_INLINE void add_rows(Columns& columns, const Element& a, const Element& b) {
#pragma GCC unroll 5
    for (std::size_t row = 0; row < kLimbs; ++row) {
#pragma GCC unroll 5
      for (std::size_t i = 0; i < kLimbs; ++i) {
        add_to_columns(columns, row + i, a.limb[row], b.limb[i]);
      }
    }
  }
  HUTONG_SM2_LANES_INLINE void add_product(Columns& columns, const Element& a, const Element& b) {
    clear(columns);
    add_rows(columns, a, b);
  }
  /// Each product of two different limbs once, doubled.
  HUTONG_SM2_LANES_INLINE void add_square(Columns& columns, const Element& a) {
    clear(columns);
#pragma GCC unroll 5
    for (std::size_t row = 0; row < kLimbs; ++row) {
#pragma GCC unroll 5
      for (std::size_t i = row + 1; i < kLimbs; ++i) {
        add_to_columns(columns, row + i, a.limb[row], a.limb[i]);
      }
    }
#pragma GCC unroll 10
    for (std::size_t i = 1; i < 2 * kLimbs - 1; ++i) {
      columns.sum[i] = _mm512_add_epi64(columns.sum[i], columns.sum[i]);
    }
#pragma GCC unroll 5
    for (std::size_t i = 0; i < kLimbs; ++i) {
      add_to_columns(columns, 2 * i, a.limb[i], a.limb[i]);
    }
  }

  /// Clears the lower half with multiples m of p and returns the upper one, with signed sums. As p = -1
  /// modulo 2^64, m is the limb itself, and m * (p + 1) = m * (2^48 - 2^16) * 2^208 + m * (2^12 - 2^44) *
  /// 2^52.
  HUTONG_SM2_LANES_INLINE __m512i* reduce(Columns& columns) {
    const __m512i low_factor = broadcast((std::uint64_t{1} << 52) - (std::uint64_t{1} << 44) + (1U << 12));
    const __m512i high_factor = broadcast((std::uint64_t{1} << 48) - (1U << 16));
#pragma GCC unroll 5
    for (std::size_t i = 0; i < kLimbs; ++i) {
      __m512i* const sum = columns.sum + i;
      const __m512i m = _mm512_and_si512(sum[0], broadcast(kLimbMask));
      sum[1] = _mm512_add_epi64(sum[1], shift_right_signed(sum[0], kBits));
      sum[2] = _mm512_sub_epi64(sum[2], m);  // the low factor is 2^52 too great
      add_to_columns(columns, i + 1, m, low_factor);
      add_to_columns(columns, i + 4, m, high_factor);
    }
    return columns.sum + kLimbs;
  }
  HUTONG_SM2_LANES_INLINE void subtract_from(__m512i* sums, const Element& a) {
#pragma GCC unroll 5
    for (std::size_t i = 0; i < kLimbs; ++i) {
      sums[i] = _mm512_sub_epi64(sums[i], a.limb[i]);
    }
  }
  HUTONG_SM2_LANES_INLINE void subtract_twice_from(__m512i* sums, const Element& a) {
#pragma GCC unroll 5
    for (std::size_t i = 0; i < kLimbs; ++i) {
      sums[i] = _mm512_sub_epi64(sums[i], _mm512_add_epi64(a.limb[i], a.limb[i]));
    }
  }
  /// Limbs in [0, 2^52) of a number in [0, 2^260).
  HUTONG_SM2_LANES_INLINE void carry(Element& out, const __m512i* sums) {
    __m512i carried = sums[0];
#pragma GCC unroll 5
    for (std::size_t i = 0; i + 1 < kLimbs; ++i) {
      out.limb[i] = _mm512_and_si512(carried, broadcast(kLimbMask));
      carried = _mm512_add_epi64(sums[i + 1], shift_right_signed(carried, kBits));
    }
    out.limb[kLimbs - 1] = carried;
  }
  /// A number of either sign, made plain: q = floor(number / 2^256) - 1, as far as the highest sum tells, is
  /// taken off, 2^256 = 2^224 + 2^96 - 2^64 + 1 modulo p.
  HUTONG_SM2_LANES_INLINE void fold(Element& out, __m512i* sums) {
    const __m512i above = _mm512_sub_epi64(sums[4], broadcast(std::uint64_t{1} << 48));
    const __m512i q = shift_right_signed(above, 48);
    sums[0] = _mm512_add_epi64(sums[0], q);
    sums[1] = _mm512_add_epi64(sums[1], shift_left(q, 44));
    sums[1] = _mm512_sub_epi64(sums[1], shift_left(q, 12));
    sums[4] = _mm512_add_epi64(sums[4], shift_left(q, 16));
    sums[4] = _mm512_sub_epi64(sums[4], shift_left(q, 48));
    carry(out, sums);
  }
};

#undef HUTONG_SM2_LANES_INLINE
#undef HUTONG_SM2_LANES_CALL

}  // namespace hutong::crypto::internal
