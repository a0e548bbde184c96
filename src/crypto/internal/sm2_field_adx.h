#pragma once

#include <immintrin.h>

#include <span>

#include "crypto/internal/sm2_field.h"

namespace hutong::crypto::internal {

/// The arithmetic modulo p with MULX, ADCX and ADOX in inline assembly, and tables read with AVX2. Constant
/// time: no branch, no address that depends on a value. To be used only where CpuFeatures says so.

// clang-format off
/// Adds left * right[offset] to the words d c b a; the new highest word is e.
#define HUTONG_SM2_ROW(offset, a, b, c, d, e)                      \
  "movq " offset "(%[right]),%%rdx\n\t"                            \
  "xorl %k[lo],%k[lo]\n\t"                                         \
  "mulxq 0(%[left]),%[lo],%[hi]\n\t"                               \
  "adcxq %[lo],%[" a "]\n\t"                                       \
  "adoxq %[hi],%[" b "]\n\t"                                       \
  "mulxq 8(%[left]),%[lo],%[hi]\n\t"                               \
  "adcxq %[lo],%[" b "]\n\t"                                       \
  "adoxq %[hi],%[" c "]\n\t"                                       \
  "mulxq 16(%[left]),%[lo],%[hi]\n\t"                              \
  "adcxq %[lo],%[" c "]\n\t"                                       \
  "adoxq %[hi],%[" d "]\n\t"                                       \
  "mulxq 24(%[left]),%[lo],%[" e "]\n\t"                           \
  "adcxq %[lo],%[" d "]\n\t"                                       \
  "movl $0,%k[lo]\n\t"                                             \
  "adoxq %[lo],%[" e "]\n\t"                                       \
  "adcxq %[lo],%[" e "]\n\t"

/// One step of Montgomery's reduction: clears word a of d c b a by adding a * p, and puts the new highest
/// word in its place. As p = -1 modulo 2^64 there is no factor to compute, and a * p needs shifts only: with
/// hi lo = a * 2^32, (a * p + a) / 2^64 = a * 2^192 - (hi lo) * 2^128 - ((hi lo) - a), one chain of four
/// subtractions.
#define HUTONG_SM2_STEP(a, b, c, d)                                \
  "movq %[" a "],%[lo]\n\t"                                        \
  "movq %[" a "],%[hi]\n\t"                                        \
  "shlq $32,%[lo]\n\t"                                             \
  "shrq $32,%[hi]\n\t"                                             \
  "movq %[lo],%%rdx\n\t"                                           \
  "movq %[hi],%[right]\n\t"                                        \
  "subq %[" a "],%%rdx\n\t"                                        \
  "sbbq $0,%[right]\n\t"                                           \
  "subq %%rdx,%[" b "]\n\t"                                        \
  "sbbq %[right],%[" c "]\n\t"                                     \
  "sbbq %[lo],%[" d "]\n\t"                                        \
  "sbbq %[hi],%[" a "]\n\t"

/// Subtracts p from the five words `carry` d c b a, or leaves them when they are below p; clobbers t0 to t3
/// and the registers lo and hi, which hold the two words of p that do not fit an instruction.
#define HUTONG_SM2_REDUCE_ONCE(a, b, c, d, carry, t0, t1, t2, t3)  \
  "movq $0xFFFFFFFF00000000,%[lo]\n\t"                             \
  "movq $0xFFFFFFFEFFFFFFFF,%[hi]\n\t"                             \
  "movq %[" a "],%[" t0 "]\n\t"                                    \
  "movq %[" b "],%[" t1 "]\n\t"                                    \
  "movq %[" c "],%[" t2 "]\n\t"                                    \
  "movq %[" d "],%[" t3 "]\n\t"                                    \
  "subq $-1,%[" a "]\n\t"                                          \
  "sbbq %[lo],%[" b "]\n\t"                                        \
  "sbbq $-1,%[" c "]\n\t"                                          \
  "sbbq %[hi],%[" d "]\n\t"                                        \
  "sbbq $0,%[" carry "]\n\t"                                       \
  "cmovcq %[" t0 "],%[" a "]\n\t"                                  \
  "cmovcq %[" t1 "],%[" b "]\n\t"                                  \
  "cmovcq %[" t2 "],%[" c "]\n\t"                                  \
  "cmovcq %[" t3 "],%[" d "]\n\t"

/// x7 to x4 = (x7 to x0) / 2^256 modulo p. The low half is reduced by itself, which leaves at most p, and
/// added to the high half. The pointers are done with: `left` holds the carry, `right` serves the steps.
#define HUTONG_SM2_REDUCE_WIDE                                     \
  HUTONG_SM2_STEP("x0", "x1", "x2", "x3")                          \
  HUTONG_SM2_STEP("x1", "x2", "x3", "x0")                          \
  HUTONG_SM2_STEP("x2", "x3", "x0", "x1")                          \
  HUTONG_SM2_STEP("x3", "x0", "x1", "x2")                          \
  "xorl %k[left],%k[left]\n\t"                                     \
  "addq %[x0],%[x4]\n\t"                                           \
  "adcq %[x1],%[x5]\n\t"                                           \
  "adcq %[x2],%[x6]\n\t"                                           \
  "adcq %[x3],%[x7]\n\t"                                           \
  "adcq $0,%[left]\n\t"                                            \
  HUTONG_SM2_REDUCE_ONCE("x4", "x5", "x6", "x7", "left", "x0", "x1", "x2", "x3")
// clang-format on

/// In line everywhere: as calls they would pass elements through memory in pieces that the processor cannot
/// forward.
#define HUTONG_SM2_INLINE __attribute__((always_inline)) static inline

struct AdxArithmetic {
  HUTONG_SM2_INLINE Limbs multiply(const Limbs& a, const Limbs& b) {
    std::uint64_t x0, x1, x2, x3, x4, x5, x6, x7, lo, hi;
    const std::uint64_t* left = a.data();
    const std::uint64_t* right = b.data();
    __asm__ volatile(
        "movq 0(%[right]),%%rdx\n\t"
        "mulxq 0(%[left]),%[x0],%[x1]\n\t"
        "mulxq 8(%[left]),%[lo],%[x2]\n\t"
        "addq %[lo],%[x1]\n\t"
        "mulxq 16(%[left]),%[lo],%[x3]\n\t"
        "adcq %[lo],%[x2]\n\t"
        "mulxq 24(%[left]),%[lo],%[x4]\n\t"
        "adcq %[lo],%[x3]\n\t"
        "adcq $0,%[x4]\n\t"
        // clang-format off
        HUTONG_SM2_ROW("8", "x1", "x2", "x3", "x4", "x5")
        HUTONG_SM2_ROW("16", "x2", "x3", "x4", "x5", "x6")
        HUTONG_SM2_ROW("24", "x3", "x4", "x5", "x6", "x7")
        HUTONG_SM2_REDUCE_WIDE
        // clang-format on
        : [x0] "=&r"(x0), [x1] "=&r"(x1), [x2] "=&r"(x2), [x3] "=&r"(x3), [x4] "=&r"(x4), [x5] "=&r"(x5),
          [x6] "=&r"(x6), [x7] "=&r"(x7), [lo] "=&r"(lo), [hi] "=&r"(hi), [left] "+&r"(left),
          [right] "+&r"(right)
        :
        : "rdx", "cc", "memory");
    return {x4, x5, x6, x7};
  }

  /// Each product of two different words once, doubled, and the squares of the words added.
  HUTONG_SM2_INLINE Limbs square(const Limbs& a) {
    std::uint64_t x0, x1, x2, x3, x4, x5, x6, x7, lo, hi, right;
    const std::uint64_t* left = a.data();
    __asm__ volatile(
        "movq 0(%[left]),%%rdx\n\t"
        "mulxq 8(%[left]),%[x1],%[x2]\n\t"
        "mulxq 16(%[left]),%[lo],%[x3]\n\t"
        "mulxq 24(%[left]),%[hi],%[x4]\n\t"
        "addq %[lo],%[x2]\n\t"
        "adcq %[hi],%[x3]\n\t"
        "adcq $0,%[x4]\n\t"
        "movq 8(%[left]),%%rdx\n\t"
        "mulxq 16(%[left]),%[lo],%[hi]\n\t"
        "mulxq 24(%[left]),%[x7],%[x5]\n\t"
        "addq %[x7],%[hi]\n\t"
        "adcq $0,%[x5]\n\t"
        "movq 16(%[left]),%%rdx\n\t"
        "mulxq 24(%[left]),%[x7],%[x6]\n\t"
        "addq %[lo],%[x3]\n\t"
        "adcq %[hi],%[x4]\n\t"
        "adcq %[x7],%[x5]\n\t"
        "adcq $0,%[x6]\n\t"
        "xorl %k[x7],%k[x7]\n\t"
        "movq 0(%[left]),%%rdx\n\t"
        "mulxq %%rdx,%[x0],%[hi]\n\t"
        "adcxq %[x1],%[x1]\n\t"
        "adoxq %[hi],%[x1]\n\t"
        "movq 8(%[left]),%%rdx\n\t"
        "mulxq %%rdx,%[lo],%[hi]\n\t"
        "adcxq %[x2],%[x2]\n\t"
        "adoxq %[lo],%[x2]\n\t"
        "adcxq %[x3],%[x3]\n\t"
        "adoxq %[hi],%[x3]\n\t"
        "movq 16(%[left]),%%rdx\n\t"
        "mulxq %%rdx,%[lo],%[hi]\n\t"
        "adcxq %[x4],%[x4]\n\t"
        "adoxq %[lo],%[x4]\n\t"
        "adcxq %[x5],%[x5]\n\t"
        "adoxq %[hi],%[x5]\n\t"
        "movq 24(%[left]),%%rdx\n\t"
        "mulxq %%rdx,%[lo],%[hi]\n\t"
        "adcxq %[x6],%[x6]\n\t"
        "adoxq %[lo],%[x6]\n\t"
        "adcxq %[x7],%[x7]\n\t"
        "adoxq %[hi],%[x7]\n\t"
        // clang-format off
        HUTONG_SM2_REDUCE_WIDE
        // clang-format on
        : [x0] "=&r"(x0), [x1] "=&r"(x1), [x2] "=&r"(x2), [x3] "=&r"(x3), [x4] "=&r"(x4), [x5] "=&r"(x5),
          [x6] "=&r"(x6), [x7] "=&r"(x7), [lo] "=&r"(lo), [hi] "=&r"(hi), [left] "+&r"(left),
          [right] "=&r"(right)
        :
        : "rdx", "cc", "memory");
    return {x4, x5, x6, x7};
  }

  HUTONG_SM2_INLINE Limbs add(const Limbs& a, const Limbs& b) {
    std::uint64_t x0 = a[0], x1 = a[1], x2 = a[2], x3 = a[3], t0, t1, t2, t3, carry, lo, hi;
    __asm__ volatile(
        "xorl %k[carry],%k[carry]\n\t"
        "addq 0(%[right]),%[x0]\n\t"
        "adcq 8(%[right]),%[x1]\n\t"
        "adcq 16(%[right]),%[x2]\n\t"
        "adcq 24(%[right]),%[x3]\n\t"
        "adcq $0,%[carry]\n\t"
        // clang-format off
        HUTONG_SM2_REDUCE_ONCE("x0", "x1", "x2", "x3", "carry", "t0", "t1", "t2", "t3")
        // clang-format on
        : [x0] "+&r"(x0), [x1] "+&r"(x1), [x2] "+&r"(x2), [x3] "+&r"(x3), [t0] "=&r"(t0), [t1] "=&r"(t1),
          [t2] "=&r"(t2), [t3] "=&r"(t3), [carry] "=&r"(carry), [lo] "=&r"(lo), [hi] "=&r"(hi)
        : [right] "r"(b.data())
        : "cc", "memory");
    return {x0, x1, x2, x3};
  }

  HUTONG_SM2_INLINE Limbs subtract(const Limbs& a, const Limbs& b) {
    std::uint64_t x0 = a[0], x1 = a[1], x2 = a[2], x3 = a[3], mask, p1, p3;
    __asm__ volatile(
        "movq $0xFFFFFFFF00000000,%[p1]\n\t"
        "movq $0xFFFFFFFEFFFFFFFF,%[p3]\n\t"
        "subq 0(%[right]),%[x0]\n\t"
        "sbbq 8(%[right]),%[x1]\n\t"
        "sbbq 16(%[right]),%[x2]\n\t"
        "sbbq 24(%[right]),%[x3]\n\t"
        "sbbq %[mask],%[mask]\n\t"
        "andq %[mask],%[p1]\n\t"
        "andq %[mask],%[p3]\n\t"
        "addq %[mask],%[x0]\n\t"
        "adcq %[p1],%[x1]\n\t"
        "adcq %[mask],%[x2]\n\t"
        "adcq %[p3],%[x3]\n\t"
        : [x0] "+&r"(x0), [x1] "+&r"(x1), [x2] "+&r"(x2), [x3] "+&r"(x3), [mask] "=&r"(mask), [p1] "=&r"(p1),
          [p3] "=&r"(p3)
        : [right] "r"(b.data())
        : "cc", "memory");
    return {x0, x1, x2, x3};
  }

  /// Row `number` of a table, counted from 1; zeros for 0. Reads every row, whatever the number.
  template <typename Row>
  static Row read_row(std::span<const Row> rows, std::uint64_t number) {
    constexpr std::size_t kVectorSize = 32;
    static_assert(sizeof(Row) % kVectorSize == 0);
    Row out;
    read_vectors<sizeof(Row) / kVectorSize>(reinterpret_cast<const __m256i*>(rows.data()), rows.size(),
                                            number, reinterpret_cast<__m256i*>(&out));
    return out;
  }

 private:
  template <std::size_t kWidth>
  __attribute__((target("avx2"))) static void read_vectors(const __m256i* rows, std::size_t count,
                                                           std::uint64_t number, __m256i* out) {
    const __m256i wanted = _mm256_set1_epi64x(static_cast<long long>(number));
    const __m256i step = _mm256_set1_epi64x(1);
    __m256i current = step;
    __m256i sum[kWidth];
#pragma GCC unroll 4
    for (std::size_t i = 0; i < kWidth; ++i) {
      sum[i] = _mm256_setzero_si256();
    }
    for (; count != 0; --count, rows += kWidth) {
      const __m256i mask = _mm256_cmpeq_epi64(current, wanted);
      current = _mm256_add_epi64(current, step);
#pragma GCC unroll 4
      for (std::size_t i = 0; i < kWidth; ++i) {
        sum[i] = _mm256_or_si256(sum[i], _mm256_and_si256(_mm256_loadu_si256(rows + i), mask));
      }
    }
#pragma GCC unroll 4
    for (std::size_t i = 0; i < kWidth; ++i) {
      _mm256_storeu_si256(out + i, sum[i]);
    }
  }
};

#undef HUTONG_SM2_ROW
#undef HUTONG_SM2_STEP
#undef HUTONG_SM2_REDUCE_ONCE
#undef HUTONG_SM2_REDUCE_WIDE
#undef HUTONG_SM2_INLINE

}  // namespace hutong::crypto::internal
