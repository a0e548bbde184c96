#include <immintrin.h>

#include <array>
#include <bit>
#include <cstring>

#include "crypto/internal/sm3_lanes.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {
namespace {

#define HUTONG_SM3_TARGET [[gnu::target("avx2"), gnu::always_inline]]

/// One word of each lane.
struct Word {
  __m256i lanes;
};
HUTONG_SM3_TARGET inline Word operator+(Word a, Word b) { return {_mm256_add_epi32(a.lanes, b.lanes)}; }
HUTONG_SM3_TARGET inline Word operator+(Word a, std::uint32_t b) {
  return {_mm256_add_epi32(a.lanes, _mm256_set1_epi32(static_cast<int>(b)))};
}
HUTONG_SM3_TARGET inline Word operator^(Word a, Word b) { return {_mm256_xor_si256(a.lanes, b.lanes)}; }
HUTONG_SM3_TARGET inline Word operator&(Word a, Word b) { return {_mm256_and_si256(a.lanes, b.lanes)}; }
HUTONG_SM3_TARGET inline Word operator|(Word a, Word b) { return {_mm256_or_si256(a.lanes, b.lanes)}; }
HUTONG_SM3_TARGET inline Word& operator^=(Word& a, Word b) { return a = a ^ b; }

template <int kBits>
HUTONG_SM3_TARGET inline Word rotl(Word x) {
  return {_mm256_or_si256(_mm256_slli_epi32(x.lanes, kBits), _mm256_srli_epi32(x.lanes, 32 - kBits))};
}
/// One shuffle, where other distances take two shifts.
template <>
HUTONG_SM3_TARGET inline Word rotl<8>(Word x) {
  const __m256i order =
      _mm256_broadcastsi128_si256(_mm_setr_epi8(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14));
  return {_mm256_shuffle_epi8(x.lanes, order)};
}
HUTONG_SM3_TARGET inline Word p0(Word x) { return x ^ rotl<9>(x ^ rotl<8>(x)); }
HUTONG_SM3_TARGET inline Word p1(Word x) { return x ^ rotl<15>(x ^ rotl<8>(x)); }

/// As in sm3_scalar.h.
HUTONG_SM3_TARGET inline Word settled(Word x) {
  asm("" : "+x"(x.lanes));
  return x;
}

#include "crypto/internal/sm3_rounds.h"

/// Row i, column j becomes row j, column i, of 32-bit words.
HUTONG_SM3_TARGET inline void transpose(__m256i (&r)[8]) {
  __m256i t[8];
  for (std::size_t i = 0; i < 8; i += 2) {
    t[i] = _mm256_unpacklo_epi32(r[i], r[i + 1]);
    t[i + 1] = _mm256_unpackhi_epi32(r[i], r[i + 1]);
  }
  __m256i u[8];
  for (std::size_t i = 0; i < 8; i += 4) {
    u[i] = _mm256_unpacklo_epi64(t[i], t[i + 2]);
    u[i + 1] = _mm256_unpackhi_epi64(t[i], t[i + 2]);
    u[i + 2] = _mm256_unpacklo_epi64(t[i + 1], t[i + 3]);
    u[i + 3] = _mm256_unpackhi_epi64(t[i + 1], t[i + 3]);
  }
  for (std::size_t i = 0; i < 4; ++i) {
    r[i] = _mm256_permute2x128_si256(u[i], u[i + 4], 0x20);
    r[i + 4] = _mm256_permute2x128_si256(u[i], u[i + 4], 0x31);
  }
}

/// The words of half a block of every lane, from w[at] on.
HUTONG_SM3_TARGET inline void load_words(const std::array<const std::uint8_t*, kSm3Lanes>& blocks,
                                         std::size_t offset, Schedule& w, std::size_t at) {
  const __m256i swap =
      _mm256_broadcastsi128_si256(_mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
  __m256i rows[kSm3Lanes];
  for (std::size_t lane = 0; lane < kSm3Lanes; ++lane) {
    rows[lane] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(blocks[lane] + offset));
  }
  transpose(rows);
  for (std::size_t i = 0; i < kSm3Lanes; ++i) {
    w[at + i] = {_mm256_shuffle_epi8(rows[i], swap)};
  }
}

#undef HUTONG_SM3_TARGET

}  // namespace

[[gnu::target("avx2")]] void sm3_compress_lanes_avx2(Sm3LaneStates& states,
                                                     const std::array<const std::uint8_t*, kSm3Lanes>& blocks,
                                                     std::size_t count) {
  Working state;
  for (std::size_t i = 0; i < state.size(); ++i) {
    state[i] = {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(states[i].data()))};
  }
  Schedule w;
  const WipeAtExit wipe_schedule(w);
  for (std::size_t offset = 0; offset < 64 * count; offset += 64) {
    load_words(blocks, offset, w, 0);
    load_words(blocks, offset + 32, w, 8);
    compress_block(state, w);
  }
  for (std::size_t i = 0; i < state.size(); ++i) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(states[i].data()), state[i].lanes);
  }
}

}  // namespace hutong::crypto::internal
