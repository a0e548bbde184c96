#include "crypto/internal/sm4_aesni.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <array>
#include <cstring>

#include "crypto/internal/sm4_key_schedule.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {
namespace {

// Every function that holds such instructions names them, so that the file needs no compiler options and no
// inline function of another header is compiled with them.
#define HUTONG_AESNI [[gnu::target("aes,ssse3")]]

/// An affine map of octets, as two tables of sixteen: for the lower and for the upper four bits.
struct AffineMap {
  alignas(16) std::array<std::uint8_t, 16> lower;
  alignas(16) std::array<std::uint8_t, 16> upper;
};

/// The S-box of SM4 is the S-box of AES between two affine maps, because both invert in GF(2^8): `kEnter` is
/// A * x + C of SM4, then the isomorphism to the field of AES that takes 02 to 23; `kLeave` undoes the affine
/// part of the S-box of AES, goes back and applies A and C again.
constexpr AffineMap kEnter = {
    {0x3E, 0xB2, 0x0E, 0x82, 0xBB, 0x37, 0x8B, 0x07, 0xA1, 0x2D, 0x91, 0x1D, 0x24, 0xA8, 0x14, 0x98},
    {0x00, 0xDC, 0x2E, 0xF2, 0xC5, 0x19, 0xEB, 0x37, 0x08, 0xD4, 0x26, 0xFA, 0xCD, 0x11, 0xE3, 0x3F}};
constexpr AffineMap kLeave = {
    {0x6C, 0xD4, 0xA6, 0x1E, 0x52, 0xEA, 0x98, 0x20, 0x0B, 0xB3, 0xC1, 0x79, 0x35, 0x8D, 0xFF, 0x47},
    {0x00, 0xE0, 0x50, 0xB0, 0x9D, 0x7D, 0xCD, 0x2D, 0xC0, 0x20, 0x90, 0x70, 0x5D, 0xBD, 0x0D, 0xED}};

HUTONG_AESNI inline __m128i load(const std::uint8_t* from) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}
HUTONG_AESNI inline void store(std::uint8_t* to, __m128i value) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), value);
}

HUTONG_AESNI inline __m128i apply(const AffineMap& map, __m128i x) {
  const __m128i four_bits = _mm_set1_epi8(0x0F);
  const __m128i lower = _mm_and_si128(x, four_bits);
  const __m128i upper = _mm_and_si128(_mm_srli_epi16(x, 4), four_bits);
  return _mm_xor_si128(_mm_shuffle_epi8(load(map.lower.data()), lower),
                       _mm_shuffle_epi8(load(map.upper.data()), upper));
}

/// The S-box on sixteen octets. The last round of AES with a zero key is SubBytes and ShiftRows; the shuffle
/// undoes ShiftRows.
HUTONG_AESNI inline __m128i substitute(__m128i x) {
  const __m128i undo_shift_rows = _mm_setr_epi8(0, 13, 10, 7, 4, 1, 14, 11, 8, 5, 2, 15, 12, 9, 6, 3);
  const __m128i y = _mm_aesenclast_si128(apply(kEnter, x), _mm_setzero_si128());
  return apply(kLeave, _mm_shuffle_epi8(y, undo_shift_rows));
}

/// L(B) of GB/T 32907 6.2 on four words: B ^ B<<<24 ^ (B ^ B<<<8 ^ B<<<16)<<<2.
HUTONG_AESNI inline __m128i mix(__m128i b) {
  const __m128i by_8 = _mm_setr_epi8(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14);
  const __m128i by_16 = _mm_setr_epi8(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  const __m128i by_24 = _mm_setr_epi8(1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12);
  const __m128i inner =
      _mm_xor_si128(_mm_xor_si128(b, _mm_shuffle_epi8(b, by_8)), _mm_shuffle_epi8(b, by_16));
  const __m128i inner_by_2 = _mm_or_si128(_mm_slli_epi32(inner, 2), _mm_srli_epi32(inner, 30));
  return _mm_xor_si128(_mm_xor_si128(b, _mm_shuffle_epi8(b, by_24)), inner_by_2);
}

/// Four blocks: word i of each of them in x[i].
struct Group {
  __m128i x[4];
};

HUTONG_AESNI inline void transpose(Group& g) {
  const __m128i a = _mm_unpacklo_epi32(g.x[0], g.x[1]);
  const __m128i b = _mm_unpackhi_epi32(g.x[0], g.x[1]);
  const __m128i c = _mm_unpacklo_epi32(g.x[2], g.x[3]);
  const __m128i d = _mm_unpackhi_epi32(g.x[2], g.x[3]);
  g.x[0] = _mm_unpacklo_epi64(a, c);
  g.x[1] = _mm_unpackhi_epi64(a, c);
  g.x[2] = _mm_unpacklo_epi64(b, d);
  g.x[3] = _mm_unpackhi_epi64(b, d);
}

HUTONG_AESNI inline __m128i swap_octets(__m128i words) {
  return _mm_shuffle_epi8(words, _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
}

/// One round of every group; the groups do not wait for each other.
template <std::size_t kGroups>
HUTONG_AESNI inline void round(Group (&groups)[kGroups], std::size_t i, const std::uint8_t* round_key) {
  int key = 0;
  std::memcpy(&key, round_key, sizeof key);
  const __m128i keys = _mm_set1_epi32(key);
  for (Group& g : groups) {
    const __m128i others = _mm_xor_si128(_mm_xor_si128(g.x[(i + 1) % 4], g.x[(i + 2) % 4]),
                                         _mm_xor_si128(g.x[(i + 3) % 4], keys));
    g.x[i % 4] = _mm_xor_si128(g.x[i % 4], mix(substitute(others)));
  }
}

template <std::size_t kGroups>
HUTONG_AESNI void encrypt_groups(const std::uint8_t* round_keys, const std::uint8_t* in, std::uint8_t* out) {
  Group groups[kGroups];
  for (std::size_t group = 0; group < kGroups; ++group) {
    for (std::size_t block = 0; block < 4; ++block) {
      groups[group].x[block] = swap_octets(load(in + 64 * group + 16 * block));
    }
    transpose(groups[group]);
  }
  for (std::size_t i = 0; i < kSm4Rounds; i += 4) {
    round(groups, 0, round_keys + 4 * i);
    round(groups, 1, round_keys + 4 * i + 4);
    round(groups, 2, round_keys + 4 * i + 8);
    round(groups, 3, round_keys + 4 * i + 12);
  }
  for (std::size_t group = 0; group < kGroups; ++group) {
    Group& g = groups[group];
    Group reversed = {{g.x[3], g.x[2], g.x[1], g.x[0]}};
    transpose(reversed);
    for (std::size_t block = 0; block < 4; ++block) {
      store(out + 64 * group + 16 * block, swap_octets(reversed.x[block]));
    }
  }
}

void encrypt(const std::uint8_t* round_keys, const std::uint8_t* in, std::uint8_t* out, std::size_t blocks) {
  for (; blocks >= 16; blocks -= 16, in += 256, out += 256) {
    encrypt_groups<4>(round_keys, in, out);
  }
  for (; blocks >= 4; blocks -= 4, in += 64, out += 64) {
    encrypt_groups<1>(round_keys, in, out);
  }
  if (blocks != 0) {
    std::array<std::uint8_t, 64> rest{};
    const WipeAtExit wipe_rest(rest);
    std::memcpy(rest.data(), in, 16 * blocks);
    encrypt_groups<1>(round_keys, rest.data(), rest.data());
    std::memcpy(out, rest.data(), 16 * blocks);
  }
}

HUTONG_AESNI std::uint32_t substitute_word(std::uint32_t word) {
  return static_cast<std::uint32_t>(_mm_cvtsi128_si32(substitute(_mm_cvtsi32_si128(static_cast<int>(word)))));
}

void expand_key(const std::uint8_t* key, std::uint8_t* round_keys) {
  expand_sm4_key(key, round_keys, substitute_word);
}

#undef HUTONG_AESNI

constexpr Sm4Kernel kAesNi = {"aesni", expand_key, encrypt};

}  // namespace

const Sm4Kernel* sm4_aesni() {
  return __builtin_cpu_supports("aes") != 0 && __builtin_cpu_supports("ssse3") != 0 ? &kAesNi : nullptr;
}

}  // namespace hutong::crypto::internal

#else

namespace hutong::crypto::internal {

const Sm4Kernel* sm4_aesni() { return nullptr; }

}  // namespace hutong::crypto::internal

#endif
