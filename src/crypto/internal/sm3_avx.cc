#include <immintrin.h>

#include <array>
#include <bit>
#include <cstring>

#include "crypto/internal/sm3_kernel.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {
namespace {

#define HUTONG_SM3_TARGET [[gnu::target("avx,bmi,bmi2")]]

#include "crypto/internal/sm3_scalar.h"

template <int kBits>
HUTONG_SM3_TARGET inline __m128i rotl_four(__m128i x) {
  return _mm_slli_epi32(x, kBits) | _mm_srli_epi32(x, 32 - kBits);
}
HUTONG_SM3_TARGET inline __m128i p1_four(__m128i x) {
  const __m128i by_8 = _mm_setr_epi8(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14);
  return x ^ rotl_four<15>(x ^ _mm_shuffle_epi8(x, by_8));
}

/// Sixteen message words, the next four of which are in v[0].
struct Window {
  __m128i v[4];
};

/// The four words after the window. The last of them depends on the first, which is added afterwards: p1 is
/// linear.
HUTONG_SM3_TARGET inline __m128i after(const Window& w) {
  const __m128i minus_13 = _mm_alignr_epi8(w.v[1], w.v[0], 12);
  const __m128i minus_9 = _mm_alignr_epi8(w.v[2], w.v[1], 12);
  const __m128i minus_6 = _mm_alignr_epi8(w.v[3], w.v[2], 8);
  const __m128i minus_3 = _mm_srli_si128(w.v[3], 4);
  const __m128i without_first =
      p1_four(w.v[0] ^ minus_9 ^ rotl_four<15>(minus_3)) ^ rotl_four<7>(minus_13) ^ minus_6;
  return without_first ^ p1_four(rotl_four<15>(_mm_slli_si128(without_first, 12)));
}

/// Message words j to j + 3 of four rounds, and each xor the one four further on.
struct alignas(16) RoundWords {
  Word word[4];
  Word sum[4];
};
HUTONG_SM3_TARGET inline void advance(Window& w, RoundWords& words) {
  _mm_store_si128(reinterpret_cast<__m128i*>(words.word), w.v[0]);
  _mm_store_si128(reinterpret_cast<__m128i*>(words.sum), w.v[0] ^ w.v[1]);
  asm(""
      : "+m"(
          words));  // left in memory: taking them out of vectors one by one costs more than adding from there
  w = {{w.v[1], w.v[2], w.v[3], after(w)}};
}

template <Phase phase>
HUTONG_SM3_TARGET inline void four_rounds(const RoundWords& m, std::size_t j, Working& v) {
  auto& [a, b, c, d, e, f, g, h] = v;
  round<phase>(j, m.word[0], m.sum[0], a, b, c, d, e, f, g, h);
  round<phase>(j + 1, m.word[1], m.sum[1], d, a, b, c, h, e, f, g);
  round<phase>(j + 2, m.word[2], m.sum[2], c, d, a, b, g, h, e, f);
  round<phase>(j + 3, m.word[3], m.sum[3], b, c, d, a, f, g, h, e);
}

HUTONG_SM3_TARGET inline Window load(const std::uint8_t* block) {
  const __m128i swap = _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
  Window w;
  for (std::size_t i = 0; i < 4; ++i) {
    w.v[i] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * i)), swap);
  }
  return w;
}

HUTONG_SM3_TARGET void compress(Sm3State& state, const std::uint8_t* blocks, std::size_t count) {
  std::array<RoundWords, 16> words;
  const WipeAtExit wipe_words(words);
  for (; count != 0; --count, blocks += 64) {
    Window w = load(blocks);
    Working v = state;
#pragma GCC unroll 4
    for (std::size_t j = 0; j < 16; j += 4) {
      advance(w, words[j / 4]);
      four_rounds<Phase::kEarly>(words[j / 4], j, v);
    }
#pragma GCC unroll 12
    for (std::size_t j = 16; j < 64; j += 4) {
      advance(w, words[j / 4]);
      four_rounds<Phase::kLate>(words[j / 4], j, v);
    }
    for (std::size_t i = 0; i < state.size(); ++i) {
      state[i] ^= v[i];
    }
  }
}

#undef HUTONG_SM3_TARGET

}  // namespace

const Sm3Kernel kSm3Avx = {"avx", compress};

}  // namespace hutong::crypto::internal
