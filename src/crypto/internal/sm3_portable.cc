#include <bit>

#include "crypto/internal/endian.h"
#include "crypto/internal/sm3_kernel.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {
namespace {

using Word = std::uint32_t;
using Schedule = std::array<Word, 68>;

constexpr std::array<Word, 64> make_round_constants() {
  std::array<Word, 64> constants{};
  for (int j = 0; j < 64; ++j) {
    constants[static_cast<std::size_t>(j)] = std::rotl(j < 16 ? Word{0x79CC4519} : Word{0x7A879D8A}, j % 32);
  }
  return constants;
}
constexpr std::array<Word, 64> kRoundConstants = make_round_constants();

constexpr Word p0(Word x) { return x ^ std::rotl(x, 9) ^ std::rotl(x, 17); }
constexpr Word p1(Word x) { return x ^ std::rotl(x, 15) ^ std::rotl(x, 23); }

enum class Phase { kEarly, kLate };  // rounds 0 to 15, rounds 16 to 63

template <Phase phase>
constexpr Word ff(Word x, Word y, Word z) {
  return phase == Phase::kEarly ? x ^ y ^ z : (x & y) | ((x | y) & z);
}
template <Phase phase>
constexpr Word gg(Word x, Word y, Word z) {
  return phase == Phase::kEarly ? x ^ y ^ z : ((y ^ z) & x) ^ z;
}

/// Message word i from the sixteen before it.
inline void expand(Schedule& w, std::size_t i) {
  w[i] = p1(w[i - 16] ^ w[i - 9] ^ std::rotl(w[i - 3], 15)) ^ std::rotl(w[i - 13], 7) ^ w[i - 6];
}

/// One round in place: the new A stands in `d`, the new E in `h`; the caller renames instead of moving words.
/// Late rounds make the one message word that they need first, which fills the gaps between their steps.
template <Phase phase>
inline void round(Schedule& w, std::size_t j, Word a, Word& b, Word c, Word& d, Word e, Word& f, Word g,
                  Word& h) {
  if constexpr (phase == Phase::kLate) {
    expand(w, j + 4);
  }
  const Word a12 = std::rotl(a, 12);
  const Word ss1 = std::rotl(a12 + e + kRoundConstants[j], 7);
  const Word tt1 = ff<phase>(a, b, c) + d + (ss1 ^ a12) + (w[j] ^ w[j + 4]);
  const Word tt2 = gg<phase>(e, f, g) + h + ss1 + w[j];
  b = std::rotl(b, 9);
  d = tt1;
  f = std::rotl(f, 19);
  h = p0(tt2);
}

template <Phase phase>
inline void four_rounds(Schedule& w, std::size_t j, Sm3State& v) {
  auto& [a, b, c, d, e, f, g, h] = v;
  round<phase>(w, j, a, b, c, d, e, f, g, h);
  round<phase>(w, j + 1, d, a, b, c, h, e, f, g);
  round<phase>(w, j + 2, c, d, a, b, g, h, e, f);
  round<phase>(w, j + 3, b, c, d, a, f, g, h, e);
}

void compress(Sm3State& state, const std::uint8_t* blocks, std::size_t count) {
  Schedule w;
  const WipeAtExit wipe_schedule(w);
  for (; count != 0; --count, blocks += 64) {
    for (std::size_t j = 0; j < 16; ++j) {
      w[j] = load_be32(blocks + 4 * j);
    }
    for (std::size_t j = 16; j < 20; ++j) {
      expand(w, j);
    }
    Sm3State v = state;
    for (std::size_t j = 0; j < 16; j += 4) {
      four_rounds<Phase::kEarly>(w, j, v);
    }
    for (std::size_t j = 16; j < 64; j += 4) {
      four_rounds<Phase::kLate>(w, j, v);
    }
    for (std::size_t i = 0; i < state.size(); ++i) {
      state[i] ^= v[i];
    }
  }
}

}  // namespace

const Sm3Kernel kSm3Portable = {"portable", compress};

}  // namespace hutong::crypto::internal
