// The body of sm4_aesni.cc and sm4_vaes.cc, for vectors of one width. The including file has defined, within
// its unnamed namespace, `Vector` with its operations, and HUTONG_SM4_TARGET, the attribute that names the
// instructions: so no file needs compiler options, and no inline function of another header is compiled with
// them.

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

/// The same sixteen octets in every 128 bits of a vector.
using Pattern = std::array<std::uint8_t, 16>;
/// Undoes ShiftRows of AES, and rotates each word left by 8, 16 and 24 bits besides.
constexpr Pattern kUndoShiftRows = {0, 13, 10, 7, 4, 1, 14, 11, 8, 5, 2, 15, 12, 9, 6, 3};
constexpr Pattern rotated(const Pattern& pattern, std::size_t octets) {
  Pattern out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = pattern[i / 4 * 4 + (i + 4 - octets) % 4];
  }
  return out;
}
constexpr Pattern kUndoBy8 = rotated(kUndoShiftRows, 1);
constexpr Pattern kUndoBy16 = rotated(kUndoShiftRows, 2);
constexpr Pattern kUndoBy24 = rotated(kUndoShiftRows, 3);
constexpr Pattern kSwapOctets = {3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12};

HUTONG_SM4_TARGET inline Word apply(const AffineMap& map, Word x) {
  const Word four_bits = Vector::repeat_octet(0x0F);
  return Vector::shuffle(Vector::repeat(map.lower), x & four_bits) ^
         Vector::shuffle(Vector::repeat(map.upper), Vector::shift_right<4>(x) & four_bits);
}

/// The S-box on every octet, but in the order that ShiftRows leaves. The last round of AES with a zero key is
/// SubBytes and ShiftRows.
HUTONG_SM4_TARGET inline Word substitute_shifted(Word x) {
  return apply(kLeave, Vector::aes_last_round(apply(kEnter, x)));
}

/// T of GB/T 32907 6.2, the S-box and L(B) = B ^ B<<<24 ^ (B ^ B<<<8 ^ B<<<16)<<<2. The order of the octets
/// is put right by the shuffles that rotate.
HUTONG_SM4_TARGET inline Word transform(Word x) {
  const Word shifted = substitute_shifted(x);
  const Word b = Vector::shuffle(shifted, Vector::repeat(kUndoShiftRows));
  const Word by_8 = Vector::shuffle(shifted, Vector::repeat(kUndoBy8));
  const Word by_16 = Vector::shuffle(shifted, Vector::repeat(kUndoBy16));
  const Word by_24 = Vector::shuffle(shifted, Vector::repeat(kUndoBy24));
  const Word inner = b ^ by_8 ^ by_16;
  return (b ^ by_24) ^ (Vector::shift_left<2>(inner) ^ Vector::shift_right<30>(inner));
}

/// As many blocks as a vector has words: word i of each of them in x[i].
struct Group {
  Word x[4];
};
constexpr std::size_t kGroupBlocks = sizeof(Word) / 4;

/// Within every 128 bits.
HUTONG_SM4_TARGET inline void transpose(Group& g) {
  const Word a = Vector::unpack_low_32(g.x[0], g.x[1]);
  const Word b = Vector::unpack_high_32(g.x[0], g.x[1]);
  const Word c = Vector::unpack_low_32(g.x[2], g.x[3]);
  const Word d = Vector::unpack_high_32(g.x[2], g.x[3]);
  g.x[0] = Vector::unpack_low_64(a, c);
  g.x[1] = Vector::unpack_high_64(a, c);
  g.x[2] = Vector::unpack_low_64(b, d);
  g.x[3] = Vector::unpack_high_64(b, d);
}

/// One round of every group; the groups do not wait for each other.
template <std::size_t kGroups>
HUTONG_SM4_TARGET inline void round(Group (&groups)[kGroups], std::size_t i, const std::uint8_t* round_key) {
  std::uint32_t key = 0;
  std::memcpy(&key, round_key, sizeof key);
  const Word keys = Vector::repeat_word(key);
  for (Group& g : groups) {
    // The word of the round before, x[i + 3], comes last: everything else is ready by then.
    g.x[i % 4] ^= transform(g.x[(i + 1) % 4] ^ g.x[(i + 2) % 4] ^ keys ^ g.x[(i + 3) % 4]);
  }
}

template <std::size_t kGroups>
HUTONG_SM4_TARGET void encrypt_groups(const std::uint8_t* round_keys, const std::uint8_t* in,
                                      std::uint8_t* out) {
  Group groups[kGroups];
  const Word swap = Vector::repeat(kSwapOctets);
  for (Group& g : groups) {
    for (Word& x : g.x) {
      x = Vector::shuffle(Vector::load(in), swap);
      in += sizeof(Word);
    }
    transpose(g);
  }
  for (std::size_t i = 0; i < kSm4Rounds; i += 4) {
    round(groups, 0, round_keys + 4 * i);
    round(groups, 1, round_keys + 4 * i + 4);
    round(groups, 2, round_keys + 4 * i + 8);
    round(groups, 3, round_keys + 4 * i + 12);
  }
  for (Group& g : groups) {
    Group reversed = {{g.x[3], g.x[2], g.x[1], g.x[0]}};
    transpose(reversed);
    for (const Word& x : reversed.x) {
      Vector::store(out, Vector::shuffle(x, swap));
      out += sizeof(Word);
    }
  }
}

/// As many blocks as fill groups; returns their number.
inline std::size_t encrypt_whole_groups(const std::uint8_t* round_keys, const std::uint8_t* in,
                                        std::uint8_t* out, std::size_t blocks) {
  constexpr std::size_t kAtOnce = 4;
  std::size_t done = 0;
  for (; blocks - done >= kAtOnce * kGroupBlocks; done += kAtOnce * kGroupBlocks) {
    encrypt_groups<kAtOnce>(round_keys, in + 16 * done, out + 16 * done);
  }
  for (; blocks - done >= kGroupBlocks; done += kGroupBlocks) {
    encrypt_groups<1>(round_keys, in + 16 * done, out + 16 * done);
  }
  return done;
}
