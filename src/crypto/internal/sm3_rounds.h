// The body of SM3's compression (GB/T 32905 5.3) for sm3_portable.cc and its siblings. The including file has
// defined, within its unnamed namespace, `Word` (one 32-bit word or a vector of them, one for each message),
// rotl<n>(Word), p0(Word), p1(Word), settled(Word) and HUTONG_SM3_TARGET, the attribute that names the
// instructions it may use.

using Schedule = std::array<Word, 68>;
using Working = std::array<Word, 8>;

constexpr std::array<std::uint32_t, 64> make_round_constants() {
  std::array<std::uint32_t, 64> constants{};
  for (int j = 0; j < 64; ++j) {
    constants[static_cast<std::size_t>(j)] =
        std::rotl(std::uint32_t{j < 16 ? 0x79CC4519U : 0x7A879D8AU}, j % 32);
  }
  return constants;
}
constexpr std::array<std::uint32_t, 64> kRoundConstants = make_round_constants();

enum class Phase { kEarly, kLate };  // rounds 0 to 15, rounds 16 to 63

template <Phase phase>
HUTONG_SM3_TARGET inline Word ff(Word x, Word y, Word z) {
  return phase == Phase::kEarly ? x ^ y ^ z : (x & y) | ((x | y) & z);
}
template <Phase phase>
HUTONG_SM3_TARGET inline Word gg(Word x, Word y, Word z) {
  return phase == Phase::kEarly ? x ^ y ^ z : ((y ^ z) & x) ^ z;
}

/// Message word i from the sixteen before it.
HUTONG_SM3_TARGET inline void expand(Schedule& w, std::size_t i) {
  w[i] = p1(w[i - 16] ^ w[i - 9] ^ rotl<15>(w[i - 3])) ^ rotl<7>(w[i - 13]) ^ w[i - 6];
}

/// One round in place: the new A stands in `d`, the new E in `h`; the caller renames instead of moving words.
/// `word` is message word j, `sum` the same xor message word j + 4.
template <Phase phase>
HUTONG_SM3_TARGET inline void round(std::size_t j, Word word, Word sum, Word a, Word& b, Word c, Word& d,
                                    Word e, Word& f, Word g, Word& h) {
  // Each sum waits for its last term only: E for ss1, ss1 for the other two.
  const Word a12 = rotl<12>(a);
  const Word ss1 = rotl<7>(settled(a12 + kRoundConstants[j]) + e);
  const Word tt1 = settled(ff<phase>(a, b, c) + settled(d + sum)) + (ss1 ^ a12);
  const Word tt2 = settled(gg<phase>(e, f, g) + settled(h + word)) + ss1;
  b = rotl<9>(b);
  d = tt1;
  f = rotl<19>(f);
  h = p0(tt2);
}

/// A round whose message words are in `w`. Late rounds make the one message word that they need first, which
/// fills the gaps between their steps.
template <Phase phase>
HUTONG_SM3_TARGET inline void round(Schedule& w, std::size_t j, Word a, Word& b, Word c, Word& d, Word e,
                                    Word& f, Word g, Word& h) {
  if constexpr (phase == Phase::kLate) {
    expand(w, j + 4);
  }
  round<phase>(j, w[j], w[j] ^ w[j + 4], a, b, c, d, e, f, g, h);
}

template <Phase phase>
HUTONG_SM3_TARGET inline void four_rounds(Schedule& w, std::size_t j, Working& v) {
  auto& [a, b, c, d, e, f, g, h] = v;
  round<phase>(w, j, a, b, c, d, e, f, g, h);
  round<phase>(w, j + 1, d, a, b, c, h, e, f, g);
  round<phase>(w, j + 2, c, d, a, b, g, h, e, f);
  round<phase>(w, j + 3, b, c, d, a, f, g, h, e);
}

/// One block: the first sixteen words of `w` are the message.
HUTONG_SM3_TARGET inline void compress_block(Working& state, Schedule& w) {
  for (std::size_t j = 16; j < 20; ++j) {
    expand(w, j);
  }
  Working v = state;
#pragma GCC unroll 4
  for (std::size_t j = 0; j < 16; j += 4) {
    four_rounds<Phase::kEarly>(w, j, v);
  }
#pragma GCC unroll 12
  for (std::size_t j = 16; j < 64; j += 4) {
    four_rounds<Phase::kLate>(w, j, v);
  }
  for (std::size_t i = 0; i < state.size(); ++i) {
    state[i] ^= v[i];
  }
}
