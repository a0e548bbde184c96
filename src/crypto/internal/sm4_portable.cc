#include <array>
#include <bit>
#include <cstring>

#include "crypto/internal/endian.h"
#include "crypto/internal/sm4_kernel.h"
#include "crypto/internal/sm4_key_schedule.h"
#include "crypto/internal/sm4_sbox.h"
#include "crypto/internal/wipe_object.h"
#include "crypto/internal/xor_octets.h"

namespace hutong::crypto::internal {
namespace {

using Plane = std::uint64_t;
using Word = std::uint32_t;

/// Exchanges the bits of `a` under mask << shift with those of `b` under mask.
inline void swap_bits(Plane& a, Plane& b, int shift, Plane mask) {
  const Plane difference = ((a >> shift) ^ b) & mask;
  b ^= difference;
  a ^= difference << shift;
}

/// Transposes the 8x8 bit matrices that the octets at the same place of the eight words form: 64 octets
/// become eight planes, and back.
inline void transpose(Planes<Plane>& w) {
  for (std::size_t i = 0; i < 8; i += 2) {
    swap_bits(w[i], w[i + 1], 1, 0x5555555555555555);
  }
  for (const std::size_t i : {0U, 1U, 4U, 5U}) {
    swap_bits(w[i], w[i + 2], 2, 0x3333333333333333);
  }
  for (std::size_t i = 0; i < 4; ++i) {
    swap_bits(w[i], w[i + 4], 4, 0x0F0F0F0F0F0F0F0F);
  }
}

/// The S-box on the 64 octets of sixteen words.
inline void substitute(std::array<Word, 16>& words) {
  Planes<Plane> planes;
  std::memcpy(planes.data(), words.data(), sizeof planes);
  transpose(planes);
  planes = sm4_sbox(planes);
  transpose(planes);
  std::memcpy(words.data(), planes.data(), sizeof planes);
}

/// The S-box on the four octets of one word: each plane holds one bit of each octet.
inline void substitute(std::array<Word, 1>& words) {
  constexpr Plane kLowestBits = 0x01010101;
  Planes<Plane> planes;
  for (std::size_t i = 0; i < 8; ++i) {
    planes[i] = words[0] >> i & kLowestBits;
  }
  planes = sm4_sbox(planes);
  Plane out = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    out |= (planes[i] & kLowestBits) << i;
  }
  words[0] = static_cast<Word>(out);
}

template <std::size_t kBlocks>
using Words = std::array<Word, kBlocks>;

/// X0 ^= T(X1 ^ X2 ^ X3 ^ rk) for every block (6.1).
template <std::size_t kBlocks>
inline void round(Words<kBlocks>& x0, const Words<kBlocks>& x1, const Words<kBlocks>& x2,
                  const Words<kBlocks>& x3, const std::uint8_t* round_key) {
  Word key = 0;
  std::memcpy(&key, round_key, sizeof key);
  Words<kBlocks> b;
  for (std::size_t i = 0; i < kBlocks; ++i) {
    b[i] = x1[i] ^ x2[i] ^ x3[i] ^ key;
  }
  substitute(b);
  for (std::size_t i = 0; i < kBlocks; ++i) {
    x0[i] ^= b[i] ^ std::rotl(b[i], 2) ^ std::rotl(b[i], 10) ^ std::rotl(b[i], 18) ^ std::rotl(b[i], 24);
  }
}

template <std::size_t kBlocks>
void encrypt_batch(const std::uint8_t* round_keys, const std::uint8_t* in, std::uint8_t* out) {
  std::array<Words<kBlocks>, 4> x;
  const WipeAtExit wipe_x(x);
  for (std::size_t block = 0; block < kBlocks; ++block) {
    for (std::size_t word = 0; word < 4; ++word) {
      x[word][block] = load_be32(in + 16 * block + 4 * word);
    }
  }
  for (std::size_t i = 0; i < kSm4Rounds; i += 4) {
    const std::uint8_t* keys = round_keys + 4 * i;
    round<kBlocks>(x[0], x[1], x[2], x[3], keys);
    round<kBlocks>(x[1], x[2], x[3], x[0], keys + 4);
    round<kBlocks>(x[2], x[3], x[0], x[1], keys + 8);
    round<kBlocks>(x[3], x[0], x[1], x[2], keys + 12);
  }
  for (std::size_t block = 0; block < kBlocks; ++block) {
    for (std::size_t word = 0; word < 4; ++word) {
      store_be32(out + 16 * block + 4 * word, x[3 - word][block]);
    }
  }
}

/// A few blocks more cost less one by one than as a batch filled up.
constexpr std::size_t kBatch = 16;

void encrypt(const std::uint8_t* round_keys, const std::uint8_t* in, std::uint8_t* out, std::size_t blocks) {
  for (; blocks >= kBatch; blocks -= kBatch, in += 16 * kBatch, out += 16 * kBatch) {
    encrypt_batch<kBatch>(round_keys, in, out);
  }
  for (; blocks != 0; --blocks, in += 16, out += 16) {
    encrypt_batch<1>(round_keys, in, out);
  }
}

void encrypt_chain(const std::uint8_t* round_keys, std::uint8_t* chain, const std::uint8_t* in,
                   std::uint8_t* out, std::size_t blocks) {
  for (; blocks != 0; --blocks, in += 16, out += 16) {
    xor_octets(in, chain, chain, 16);
    encrypt_batch<1>(round_keys, chain, chain);
    std::memcpy(out, chain, 16);
  }
}

void expand_key(const std::uint8_t* key, std::uint8_t* round_keys) {
  expand_sm4_key(key, round_keys, [](Word word) {
    std::array<Word, 1> words = {word};
    substitute(words);
    return words[0];
  });
}

}  // namespace

const Sm4Kernel kSm4Portable = {"portable", expand_key, encrypt, encrypt_chain};

}  // namespace hutong::crypto::internal
