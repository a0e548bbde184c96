#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "crypto/internal/sm2_field.h"

namespace hutong::crypto::internal {

#define HUTONG_SM2_LANES_INLINE [[gnu::target("avx2"), gnu::always_inline]] static inline
#define HUTONG_SM2_LANES_CALL [[gnu::target("avx2"), gnu::noinline]] static

/// Arithmetic modulo p on four independent numbers with AVX2, for public values; what sm2_lanes_group.h
/// computes with. Results may overlap operands.
///
/// An element has nine limbs of 29 bits in each lane and stands for its value times 2^261 modulo p. What
/// multiplications return is "plain": limbs in [0, 2^29), the highest one signed and small. Sums and
/// differences go limb by limb, without carries. With |a| <= i*p and |b| <= j*p, the value of a*b is between
/// -i*j/32*p and (1 + i*j/32)*p. No limb of a factor may leave [-2^31, 2^31), and the columns of a product
/// must stay in
/// [-3, 5) * 2^61, where plain factors give [0, 1) * 2^61: so a factor may be the sum or the difference of
/// two plain ones, and both may be sums.
struct LanesAvx2 {
  static constexpr std::size_t kLanes = 4;
  static constexpr std::size_t kLimbs = 9;
  static constexpr int kBits = 29;
  static constexpr int kShift = 5;  ///< 2^261 = 2^(256 + kShift)

  struct Element {
    __m256i limb[kLimbs];
  };

  /// 2^261, 2^522 and -3 * 2^261 modulo p.
  static constexpr Limbs kOne = {0x0000000000000020, 0x0000001FFFFFFFE0, 0x0000000000000000,
                                 0x0000002000000000};
  static constexpr Limbs kToMontgomery = {0x0000080000000C00, 0x00000BFFFFFFFC00, 0x0000040000000400,
                                          0x0000100000000800};
  static constexpr Limbs kMinusThree = {0xFFFFFFFFFFFFFF9F, 0xFFFFFF9F00000060, 0xFFFFFFFFFFFFFFFF,
                                        0xFFFFFF9EFFFFFFFF};

  /// The same number in all lanes.
  HUTONG_SM2_LANES_INLINE void set(Element& out, const Limbs& number) {
#pragma GCC unroll 9
    for (std::size_t i = 0; i < kLimbs; ++i) {
      out.limb[i] = broadcast(limb_of(number, i));
    }
  }
  /// The four words at `rows[lane]`, as they are, for each lane.
  HUTONG_SM2_LANES_INLINE void load(Element& out, const std::uint64_t* const (&rows)[kLanes]) {
    __m256i words[4];
    transpose(words, load_row(rows[0]), load_row(rows[1]), load_row(rows[2]), load_row(rows[3]));
#pragma GCC unroll 9
    for (std::size_t i = 0; i < kLimbs; ++i) {
      const std::size_t word = i * kBits / 64;
      const int shift = static_cast<int>(i * kBits % 64);
      __m256i bits = _mm256_srli_epi64(words[word], shift);
      if (shift > 64 - kBits && word < 3) {
        bits = _mm256_or_si256(bits, _mm256_slli_epi64(words[word + 1], 64 - shift));
      }
      out.limb[i] = _mm256_and_si256(bits, broadcast(kLimbMask));
    }
  }
  /// Lane i of `rows[i]`.
  HUTONG_SM2_LANES_INLINE void gather(Element& out, const Element* const (&rows)[kLanes]) {
#pragma GCC unroll 9
    for (std::size_t i = 0; i < kLimbs; ++i) {
      const __m256i low = _mm256_blend_epi32(rows[0]->limb[i], rows[1]->limb[i], 0x0C);
      const __m256i high = _mm256_blend_epi32(rows[2]->limb[i], rows[3]->limb[i], 0xC0);
      out.limb[i] = _mm256_blend_epi32(low, high, 0xF0);
    }
  }
  /// The lanes, as bits, where a number is 0 or p; it must be plain and its value in [0, p].
  HUTONG_SM2_LANES_INLINE unsigned zero_lanes(const Element& a) {
    __m256i not_zero = _mm256_setzero_si256();
    __m256i not_prime = _mm256_setzero_si256();
#pragma GCC unroll 9
    for (std::size_t i = 0; i < kLimbs; ++i) {
      not_zero = _mm256_or_si256(not_zero, a.limb[i]);
      not_prime = _mm256_or_si256(not_prime, _mm256_xor_si256(a.limb[i], broadcast(limb_of(kFieldPrime, i))));
    }
    const __m256i zero = _mm256_setzero_si256();
    const __m256i either =
        _mm256_or_si256(_mm256_cmpeq_epi64(not_zero, zero), _mm256_cmpeq_epi64(not_prime, zero));
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(either)));
  }

  HUTONG_SM2_LANES_INLINE void copy(Element& out, const Element& a) {
#pragma GCC unroll 9
    for (std::size_t i = 0; i < kLimbs; ++i) {
      out.limb[i] = a.limb[i];
      pin(out.limb[i]);
    }
  }
  HUTONG_SM2_LANES_INLINE void twice(Element& out, const Element& a) {
#pragma GCC unroll 9
    for (std::size_t i = 0; i < kLimbs; ++i) {
      out.limb[i] = _mm256_add_epi64(a.limb[i], a.limb[i]);
    }
  }
  HUTONG_SM2_LANES_INLINE void subtract(Element& out, const Element& a, const Element& b) {
#pragma GCC unroll 9
    for (std::size_t i = 0; i < kLimbs; ++i) {
      out.limb[i] = _mm256_sub_epi64(a.limb[i], b.limb[i]);
    }
  }
  /// -a in the lanes whose word is all ones, a in those where it is zero.
  HUTONG_SM2_LANES_INLINE void negate_where(const std::uint64_t (&lanes)[kLanes], Element& a) {
    const __m256i mask = load_row(lanes);
#pragma GCC unroll 9
    for (std::size_t i = 0; i < kLimbs; ++i) {
      a.limb[i] = _mm256_sub_epi64(_mm256_xor_si256(a.limb[i], mask), mask);
    }
  }

  HUTONG_SM2_LANES_CALL void multiply(Element& out, const Element& a, const Element& b) {
    finish(out, Product{a, b}, Nothing());
  }
  /// a * b - c
  HUTONG_SM2_LANES_CALL void multiply_minus(Element& out, const Element& a, const Element& b,
                                            const Element& c) {
    finish(out, Product{a, b}, Minus{c});
  }
  /// a * b - 2 * c
  HUTONG_SM2_LANES_CALL void multiply_minus_twice(Element& out, const Element& a, const Element& b,
                                                  const Element& c) {
    finish(out, Product{a, b}, MinusTwice{c});
  }
  /// a * b - c * d
  HUTONG_SM2_LANES_CALL void multiply_difference(Element& out, const Element& a, const Element& b,
                                                 const Element& c, const Element& d) {
    finish(out, ProductDifference{{a, b}, {c, d}}, Nothing());
  }
  HUTONG_SM2_LANES_CALL void square(Element& out, const Element& a) { finish(out, square_of(a), Nothing()); }
  /// a^2 - 2 * c
  HUTONG_SM2_LANES_CALL void square_minus_twice(Element& out, const Element& a, const Element& c) {
    finish(out, square_of(a), MinusTwice{c});
  }
  /// a^2 - c - 2 * d
  HUTONG_SM2_LANES_CALL void square_minus(Element& out, const Element& a, const Element& c,
                                          const Element& d) {
    finish(out, square_of(a), MinusBoth{{c}, {d}});
  }
  /// 3 * a^2 + c
  HUTONG_SM2_LANES_CALL void three_squares_plus(Element& out, const Element& a, const Element& c) {
    finish(out, ThreeSquares{square_of(a)}, Plus{c});
  }

 private:
  static constexpr std::uint64_t kLimbMask = (std::uint64_t{1} << kBits) - 1;
  /// Columns are biased, since AVX2 has no arithmetic shift of 64 bits.
  static constexpr std::uint64_t kBias = std::uint64_t{3} << 61;
  static constexpr std::uint64_t kCarryBias = kBias >> kBits;
  using Rows = std::make_index_sequence<kLimbs>;

  static constexpr std::uint64_t limb_of(const Limbs& number, std::size_t i) {
    const std::size_t word = i * kBits / 64;
    const std::size_t shift = i * kBits % 64;
    const std::uint64_t above = shift > 64 - kBits && word < 3 ? number[word + 1] << (64 - shift) : 0;
    return (number[word] >> shift | above) & kLimbMask;
  }
  HUTONG_SM2_LANES_INLINE __m256i broadcast(std::uint64_t word) {
    return _mm256_set1_epi64x(static_cast<long long>(word));
  }
  HUTONG_SM2_LANES_INLINE __m256i load_row(const std::uint64_t* words) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(words));
  }
  HUTONG_SM2_LANES_INLINE void transpose(__m256i (&out)[4], __m256i a, __m256i b, __m256i c, __m256i d) {
    const __m256i ab_even = _mm256_unpacklo_epi64(a, b);
    const __m256i ab_odd = _mm256_unpackhi_epi64(a, b);
    const __m256i cd_even = _mm256_unpacklo_epi64(c, d);
    const __m256i cd_odd = _mm256_unpackhi_epi64(c, d);
    out[0] = _mm256_permute2x128_si256(ab_even, cd_even, 0x20);
    out[1] = _mm256_permute2x128_si256(ab_odd, cd_odd, 0x20);
    out[2] = _mm256_permute2x128_si256(ab_even, cd_even, 0x31);
    out[3] = _mm256_permute2x128_si256(ab_odd, cd_odd, 0x31);
  }
  /// Keeps the compiler from regrouping sums, which would lengthen the chain of carries, and from copying
  /// elements with string instructions, which take long to start.
  HUTONG_SM2_LANES_INLINE void pin(__m256i& value) { __asm__("" : "+x"(value)); }
  HUTONG_SM2_LANES_INLINE void add_to(__m256i& sum, __m256i addend) {
    sum = _mm256_add_epi64(sum, addend);
    pin(sum);
  }
  HUTONG_SM2_LANES_INLINE void subtract_from(__m256i& sum, __m256i subtrahend) {
    sum = _mm256_sub_epi64(sum, subtrahend);
    pin(sum);
  }

  /// The sums of products of equal weight, reduced from the lowest up while row after row is added: with m
  /// the multiple of p that clears the lower half and w = m * (1 - 2^32), m * p = w * 2^64 - w * 2^224 - m.
  struct Columns {
    __m256i sum[2 * kLimbs - 1];
    __m256i last_m;
  };

  struct Product {
    const Element& a;
    const Element& b;
  };
  template <std::size_t kRow>
  HUTONG_SM2_LANES_INLINE void add_row(Columns& columns, const Product& p) {
    const __m256i factor = p.a.limb[kRow];
#pragma GCC unroll 9
    for (std::size_t i = 0; i < kLimbs; ++i) {
      add_to(columns.sum[kRow + i], _mm256_mul_epi32(factor, p.b.limb[i]));
    }
  }

  struct ProductDifference {
    Product minuend;
    Product subtrahend;
  };
  template <std::size_t kRow>
  HUTONG_SM2_LANES_INLINE void add_row(Columns& columns, const ProductDifference& p) {
    add_row<kRow>(columns, p.minuend);
    const __m256i factor = p.subtrahend.a.limb[kRow];
#pragma GCC unroll 9
    for (std::size_t i = 0; i < kLimbs; ++i) {
      subtract_from(columns.sum[kRow + i], _mm256_mul_epi32(factor, p.subtrahend.b.limb[i]));
    }
  }

  /// Each product of two different limbs once, doubled.
  struct Square {
    const Element& a;
    Element twice_a;
  };
  HUTONG_SM2_LANES_INLINE Square square_of(const Element& a) {
    Square out{a, {}};
    twice(out.twice_a, a);
    return out;
  }
  template <std::size_t kRow>
  HUTONG_SM2_LANES_INLINE void add_square_row(Columns& columns, const Square& s, __m256i factor) {
    add_to(columns.sum[2 * kRow], _mm256_mul_epi32(factor, s.a.limb[kRow]));
#pragma GCC unroll 9
    for (std::size_t i = kRow + 1; i < kLimbs; ++i) {
      add_to(columns.sum[kRow + i], _mm256_mul_epi32(factor, s.twice_a.limb[i]));
    }
  }
  template <std::size_t kRow>
  HUTONG_SM2_LANES_INLINE void add_row(Columns& columns, const Square& s) {
    add_square_row<kRow>(columns, s, s.a.limb[kRow]);
  }
  struct ThreeSquares {
    Square once;
  };
  template <std::size_t kRow>
  HUTONG_SM2_LANES_INLINE void add_row(Columns& columns, const ThreeSquares& s) {
    add_square_row<kRow>(columns, s.once, _mm256_add_epi64(s.once.a.limb[kRow], s.once.twice_a.limb[kRow]));
  }

  /// What is added to the upper half before its carries, limb by limb.
  struct Nothing {};
  struct Plus {
    const Element& c;
  };
  struct Minus {
    const Element& c;
  };
  struct MinusTwice {
    const Element& c;
  };
  struct MinusBoth {
    Minus once;
    MinusTwice twice;
  };
  HUTONG_SM2_LANES_INLINE void add_limb(__m256i&, std::size_t, const Nothing&) {}
  HUTONG_SM2_LANES_INLINE void add_limb(__m256i& sum, std::size_t i, const Plus& addend) {
    add_to(sum, addend.c.limb[i]);
  }
  HUTONG_SM2_LANES_INLINE void add_limb(__m256i& sum, std::size_t i, const Minus& addend) {
    subtract_from(sum, addend.c.limb[i]);
  }
  HUTONG_SM2_LANES_INLINE void add_limb(__m256i& sum, std::size_t i, const MinusTwice& addend) {
    subtract_from(sum, _mm256_add_epi64(addend.c.limb[i], addend.c.limb[i]));
  }
  HUTONG_SM2_LANES_INLINE void add_limb(__m256i& sum, std::size_t i, const MinusBoth& addend) {
    add_limb(sum, i, addend.once);
    add_limb(sum, i, addend.twice);
  }

  template <std::size_t kColumn>
  HUTONG_SM2_LANES_INLINE void reduce_column(Columns& columns) {
    __m256i* const sum = columns.sum + kColumn;
    const __m256i m = _mm256_and_si256(sum[0], broadcast(kLimbMask));
    add_to(sum[1], _mm256_srli_epi64(sum[0], kBits));
    add_w(sum, kColumn == 0 ? m : _mm256_sub_epi64(m, _mm256_slli_epi64(columns.last_m, 3)));
    columns.last_m = m;
  }
  HUTONG_SM2_LANES_INLINE void add_w(__m256i* sum, __m256i w) {
    add_to(sum[2], _mm256_slli_epi64(w, 6));
    subtract_from(sum[7], _mm256_slli_epi64(w, 21));
  }
  /// The products of a row before the reduction of the column below, which waits for that of the one before.
  template <std::size_t kRow, typename Terms>
  HUTONG_SM2_LANES_INLINE void add_row_and_reduce(Columns& columns, const Terms& terms) {
    if constexpr (kRow < kLimbs) {
      add_row<kRow>(columns, terms);
    }
    reduce_column<kRow - 1>(columns);
  }
  template <typename Terms, std::size_t... kRow>
  HUTONG_SM2_LANES_INLINE void add_rows(Columns& columns, const Terms& terms, std::index_sequence<kRow...>) {
#pragma GCC unroll 17
    for (std::size_t i = 0; i < 2 * kLimbs - 1; ++i) {
      columns.sum[i] = broadcast(i == 0 ? kBias : kBias - kCarryBias);
    }
    add_row<0>(columns, terms);
    (add_row_and_reduce<kRow + 1>(columns, terms), ...);
    add_w(columns.sum + kLimbs,
          _mm256_sub_epi64(_mm256_setzero_si256(), _mm256_slli_epi64(columns.last_m, 3)));
  }

  template <typename Terms, typename Addend>
  HUTONG_SM2_LANES_INLINE void finish(Element& out, const Terms& terms, const Addend& addend) {
    Columns columns;
    add_rows(columns, terms, Rows());
    __m256i carry = broadcast(0);
#pragma GCC unroll 9
    for (std::size_t i = 0; i < kLimbs - 1; ++i) {
      __m256i sum = columns.sum[kLimbs + i];
      add_limb(sum, i, addend);
      add_to(sum, carry);
      out.limb[i] = _mm256_and_si256(sum, broadcast(kLimbMask));
      carry = _mm256_srli_epi64(sum, kBits);
    }
    carry = _mm256_sub_epi64(carry, broadcast(kCarryBias));
    add_limb(carry, kLimbs - 1, addend);
    out.limb[kLimbs - 1] = carry;
  }
};

#undef HUTONG_SM2_LANES_INLINE
#undef HUTONG_SM2_LANES_CALL

}  // namespace hutong::crypto::internal
