// Many blocks at once, for sm4_aesni.cc and its siblings. The including file has defined, within its unnamed
// namespace, HUTONG_SM4_TARGET (the attribute that names the instructions: so no file needs compiler options,
// and no inline function of another header is compiled with them), `Word` and `Vector` of its width,
// to_field(), from_field(), substitute() and kStraight, and kGroupsAtOnce, as many as hide each other's
// waiting.

constexpr Pattern rotated(const Pattern& pattern, std::size_t octets) {
  Pattern out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = pattern[i / 4 * 4 + (i + 4 - octets) % 4];
  }
  return out;
}
constexpr Pattern kBy8 = rotated(kStraight, 1);
constexpr Pattern kBy16 = rotated(kStraight, 2);
constexpr Pattern kBy24 = rotated(kStraight, 3);
constexpr Pattern kSwapOctets = {3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12};

HUTONG_SM4_TARGET inline Word in_order(Word x, const Pattern& pattern) {
  return Vector::shuffle(x, Vector::repeat_block(pattern.data()));
}

/// Keeps the compiler from putting a sum into another order.
HUTONG_SM4_TARGET inline Word settled(Word x) {
  asm("" : "+x"(x));
  return x;
}

/// T of GB/T 32907 6.2, in the field of AES.
HUTONG_SM4_TARGET inline Word transform(Word x) {
  const Images y = substitute(x);
  Word straight = y.p ^ y.q;
  if constexpr (kStraight[1] != 1) {
    straight = in_order(straight, kStraight);
  }
  return (straight ^ in_order(y.p, kBy8)) ^ (in_order(y.p, kBy16) ^ in_order(y.q, kBy24));
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
#pragma GCC unroll 8
  for (Group& g : groups) {
    // The word of the round before, x[i + 3], comes last: everything else is ready by then.
    const Word ready = settled(g.x[(i + 1) % 4] ^ g.x[(i + 2) % 4] ^ keys);
    g.x[i % 4] ^= transform(ready ^ g.x[(i + 3) % 4]);
  }
}

template <std::size_t kGroups>
HUTONG_SM4_TARGET void encrypt_groups(const std::uint8_t* round_keys, const std::uint8_t* in,
                                      std::uint8_t* out) {
  Group groups[kGroups];
#pragma GCC unroll 8
  for (Group& g : groups) {
#pragma GCC unroll 4
    for (Word& x : g.x) {
      x = to_field(in_order(Vector::load(in), kSwapOctets));
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
#pragma GCC unroll 8
  for (Group& g : groups) {
    Group reversed = {{g.x[3], g.x[2], g.x[1], g.x[0]}};
    transpose(reversed);
#pragma GCC unroll 4
    for (const Word& x : reversed.x) {
      Vector::store(out, in_order(from_field(x), kSwapOctets));
      out += sizeof(Word);
    }
  }
}

/// As many blocks as fill groups; returns their number.
inline std::size_t encrypt_whole_groups(const std::uint8_t* round_keys, const std::uint8_t* in,
                                        std::uint8_t* out, std::size_t blocks) {
  std::size_t done = 0;
  for (; blocks - done >= kGroupsAtOnce * kGroupBlocks; done += kGroupsAtOnce * kGroupBlocks) {
    encrypt_groups<kGroupsAtOnce>(round_keys, in + 16 * done, out + 16 * done);
  }
  for (; blocks - done >= kGroupBlocks; done += kGroupBlocks) {
    encrypt_groups<1>(round_keys, in + 16 * done, out + 16 * done);
  }
  return done;
}
