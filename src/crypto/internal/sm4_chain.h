// One block after the other (CBC encryption), for sm4_aesni.cc and sm4_gfni.cc. Nothing runs beside the one
// chain of rounds, so what counts is the steps from one round's S-box to the next one's. The including file
// has included sm4_groups.h and defined substitute_spread().
//
// Words are spread: octet i of a word stands alone in the first octet of column i, so that rotating the word
// by 8 bits is moving the columns.

#include "crypto/internal/sm4_groups.h"

template <int kOctets>
HUTONG_SM4_TARGET inline Word rotated_spread(Word x) {
  constexpr int kOrder = kOctets == 1 ? 0x93 : kOctets == 2 ? 0x4E : 0x39;
  return Vector::shuffle_words<kOrder>(x);
}

/// Octets of word i of a block in the field (big-endian as it comes), spread; 0x80 makes zeros.
constexpr Pattern spread_pattern(std::size_t i) {
  Pattern pattern{};
  for (std::size_t octet = 0; octet < 16; ++octet) {
    pattern[octet] = octet % 4 == 0 ? static_cast<std::uint8_t>(4 * i + 3 - octet / 4) : std::uint8_t{0x80};
  }
  return pattern;
}
constexpr std::array<Pattern, 4> kSpread = {spread_pattern(0), spread_pattern(1), spread_pattern(2),
                                            spread_pattern(3)};
/// From four spread words side by side (word i in octet i of every column) to a block.
constexpr Pattern kGather = {12, 8, 4, 0, 13, 9, 5, 1, 14, 10, 6, 2, 15, 11, 7, 3};

struct SpreadKeys {
  Word rounds[kSm4Rounds + 1];  ///< the last one is looked at, but what comes of it is not used
};

HUTONG_SM4_TARGET inline void spread_keys(const std::uint8_t* round_keys, SpreadKeys& keys) {
  for (std::size_t i = 0; i < kSm4Rounds; i += 4) {
    const Word four = in_order(Vector::repeat_block(round_keys + 4 * i), kSwapOctets);
    for (std::size_t j = 0; j < 4; ++j) {
      keys.rounds[i + j] = in_order(four, kSpread[j]);
    }
  }
}

/// A round: `input` is what the S-box is given, and becomes that of the next round; x0 becomes the new word.
HUTONG_SM4_TARGET inline void chain_round(Word& input, Word& x0, Word x2, Word x3, Word next_key) {
  const Images y = substitute_spread(input);
  const Word others = settled(x2 ^ x3 ^ next_key);
  const Word by_16 = settled(settled(settled(others ^ x0) ^ y.p) ^ rotated_spread<2>(y.p));
  const Word sum = settled(rotated_spread<1>(y.p) ^ y.q);
  input = settled(settled(by_16 ^ sum) ^ rotated_spread<3>(y.q));
  x0 = input ^ others;
}

/// The last word of the state in the first octet of every column, and so on: as they leave the cipher.
HUTONG_SM4_TARGET inline Word packed(const Group& g) {
  const Word first_octets = Vector::repeat_word(0xFF);
  return (g.x[3] & first_octets) ^ Vector::shift_left<8>(g.x[2] & first_octets) ^
         Vector::shift_left<16>(g.x[1] & first_octets) ^ Vector::shift_left<24>(g.x[0]);
}

HUTONG_SM4_TARGET void encrypt_chain(const std::uint8_t* round_keys, std::uint8_t* chain,
                                     const std::uint8_t* in, std::uint8_t* out, std::size_t blocks) {
  SpreadKeys keys{};
  const WipeAtExit wipe_keys(keys);
  spread_keys(round_keys, keys);
  Group x;
  const Word before = to_field(Vector::repeat_block(chain));
  for (std::size_t i = 0; i < 4; ++i) {
    x.x[3 - i] = in_order(before, kSpread[i]);
  }
  for (; blocks != 0; --blocks, in += 16, out += 16) {
    const Word block = to_field(Vector::repeat_block(in));
    x = {{x.x[3] ^ in_order(block, kSpread[0]), x.x[2] ^ in_order(block, kSpread[1]),
          x.x[1] ^ in_order(block, kSpread[2]), x.x[0] ^ in_order(block, kSpread[3])}};
    Word input = x.x[1] ^ x.x[2] ^ keys.rounds[0] ^ x.x[3];
    for (std::size_t i = 0; i < kSm4Rounds; i += 4) {
      chain_round(input, x.x[0], x.x[2], x.x[3], keys.rounds[i + 1]);
      chain_round(input, x.x[1], x.x[3], x.x[0], keys.rounds[i + 2]);
      chain_round(input, x.x[2], x.x[0], x.x[1], keys.rounds[i + 3]);
      chain_round(input, x.x[3], x.x[1], x.x[2], keys.rounds[i + 4]);
    }
    const Word done = from_field(in_order(packed(x), kGather));
    Vector::store_block(out, done);
    Vector::store_block(chain, done);
  }
}

/// Any number of blocks; one alone is faster as a chain.
void encrypt(const std::uint8_t* round_keys, const std::uint8_t* in, std::uint8_t* out, std::size_t blocks) {
  const std::size_t done = encrypt_whole_groups(round_keys, in, out, blocks);
  const std::size_t left = blocks - done;
  if (left == 0) {
    return;
  }
  in += 16 * done;
  out += 16 * done;
  std::array<std::uint8_t, 16 * kGroupBlocks> rest{};
  const WipeAtExit wipe_rest(rest);
  if (left == 1) {
    encrypt_chain(round_keys, rest.data(), in, out, 1);
    return;
  }
  std::memcpy(rest.data(), in, 16 * left);
  encrypt_groups<1>(round_keys, rest.data(), rest.data());
  std::memcpy(out, rest.data(), 16 * left);
}
