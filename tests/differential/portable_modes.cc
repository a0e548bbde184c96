#include <algorithm>
#include <array>

#include "crypto/internal/endian.h"
#include "crypto/internal/ghash.h"
#include "crypto/internal/sm4_kernel.h"
#include "tests/differential/portable.h"

namespace hutong::test {
namespace {

using namespace crypto::internal;
using crypto::Sm4Block;

/// One key over the portable kernel, block by block.
class PortableSm4 {
 public:
  explicit PortableSm4(ByteView key) {
    kSm4Portable.expand_key(key.data(), forward_.data());
    for (std::size_t i = 0; i < forward_.size(); i += 4) {
      std::copy_n(forward_.end() - 4 - static_cast<std::ptrdiff_t>(i), 4,
                  backward_.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  Sm4Block encrypt(const Sm4Block& block) const { return run(forward_, block); }
  Sm4Block decrypt(const Sm4Block& block) const { return run(backward_, block); }

 private:
  using RoundKeys = std::array<std::uint8_t, kSm4RoundKeysSize>;
  static Sm4Block run(const RoundKeys& keys, const Sm4Block& block) {
    Sm4Block out;
    kSm4Portable.encrypt(keys.data(), block.data(), out.data(), 1);
    return out;
  }
  RoundKeys forward_{};
  RoundKeys backward_{};
};

/// The block that begins at `at`, filled up with zeros.
Sm4Block block_at(ByteView octets, std::size_t at) {
  Sm4Block block{};
  std::ranges::copy(octets.subspan(at, std::min(block.size(), octets.size() - at)), block.begin());
  return block;
}

Sm4Block sum(Sm4Block a, const Sm4Block& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] = static_cast<std::uint8_t>(a[i] ^ b[i]);
  }
  return a;
}

void fill_up(Bytes& octets) { octets.resize((octets.size() + 15) / 16 * 16); }

void append_length(Bytes& octets, std::uint64_t size) {
  octets.resize(octets.size() + 8);
  store_be64(octets.data() + octets.size() - 8, size * 8);
}

Sm4Block hashed(const Sm4Block& h, ByteView blocks) {
  Sm4Block y{};
  kGhashPortable.absorb(h, y, blocks.data(), blocks.size() / 16);
  return y;
}

void append_masked(Bytes& out, const Sm4Block& tag, const Sm4Block& mask, std::size_t tag_size) {
  append(out, ByteView(sum(tag, mask)).first(tag_size));
}

}  // namespace

Bytes sm3_padded(ByteView message) {
  Bytes out = to_bytes(message);
  out.push_back(0x80);
  out.resize((out.size() + 8 + 63) / 64 * 64);
  store_be64(out.data() + out.size() - 8, std::uint64_t{message.size()} * 8);
  return out;
}

crypto::Sm3Digest digest_by(const Sm3Kernel& kernel, ByteView padded) {
  Sm3State state = kSm3InitialState;
  kernel.compress(state, padded.data(), padded.size() / 64);
  crypto::Sm3Digest digest;
  for (std::size_t i = 0; i < state.size(); ++i) {
    store_be32(digest.data() + 4 * i, state[i]);
  }
  return digest;
}

crypto::Sm3Digest portable_sm3(ByteView message) { return digest_by(kSm3Portable, sm3_padded(message)); }

crypto::Sm3Digest portable_hmac_sm3(ByteView key, ByteView message) {
  Bytes inner = to_bytes(key);
  if (key.size() > 64) {
    const crypto::Sm3Digest digest = portable_sm3(key);
    inner.assign(digest.begin(), digest.end());
  }
  inner.resize(64);
  Bytes outer = inner;
  for (std::size_t i = 0; i < 64; ++i) {
    inner[i] = static_cast<std::uint8_t>(inner[i] ^ 0x36);
    outer[i] = static_cast<std::uint8_t>(outer[i] ^ 0x5C);
  }
  append(inner, message);
  append(outer, portable_sm3(inner));
  return portable_sm3(outer);
}

Bytes portable_ecb(ByteView key, ByteView text) {
  const PortableSm4 cipher(key);
  Bytes out;
  for (std::size_t at = 0; at < text.size(); at += 16) {
    append(out, cipher.encrypt(block_at(text, at)));
  }
  return out;
}

Bytes portable_ecb_decrypt(ByteView key, ByteView text) {
  const PortableSm4 cipher(key);
  Bytes out;
  for (std::size_t at = 0; at < text.size(); at += 16) {
    append(out, cipher.decrypt(block_at(text, at)));
  }
  return out;
}

Bytes portable_cbc(ByteView key, ByteView iv, ByteView text) {
  const PortableSm4 cipher(key);
  Sm4Block chain = block_at(iv, 0);
  Bytes out;
  for (std::size_t at = 0; at < text.size(); at += 16) {
    chain = cipher.encrypt(sum(chain, block_at(text, at)));
    append(out, chain);
  }
  return out;
}

Bytes portable_cbc_decrypt(ByteView key, ByteView iv, ByteView text) {
  const PortableSm4 cipher(key);
  Sm4Block chain = block_at(iv, 0);
  Bytes out;
  for (std::size_t at = 0; at < text.size(); at += 16) {
    append(out, sum(chain, cipher.decrypt(block_at(text, at))));
    chain = block_at(text, at);
  }
  return out;
}

Bytes portable_ctr(ByteView key, ByteView first, std::size_t counting, ByteView text) {
  const PortableSm4 cipher(key);
  Sm4Block counter = block_at(first, 0);
  Bytes out;
  for (std::size_t at = 0; at < text.size(); at += 16) {
    append(out, sum(cipher.encrypt(counter), block_at(text, at)));
    for (std::size_t i = 16; i-- > 16 - counting && ++counter[i] == 0;) {
    }
  }
  out.resize(text.size());
  return out;
}

Bytes portable_gcm(ByteView key, ByteView nonce, ByteView data, ByteView text, std::size_t tag_size) {
  const PortableSm4 cipher(key);
  const Sm4Block h = cipher.encrypt({});
  Sm4Block first = block_at(nonce, 0);
  first[15] = 1;
  if (nonce.size() != 12) {
    Bytes blocks = to_bytes(nonce);
    fill_up(blocks);
    append_length(blocks, 0);
    append_length(blocks, nonce.size());
    first = hashed(h, blocks);
  }
  Bytes with_tag_place(16);  // the first block of the stream masks the tag
  append(with_tag_place, text);
  const Bytes stream = portable_ctr(key, first, 4, with_tag_place);
  Bytes out = to_bytes(ByteView(stream).subspan(16));
  Bytes blocks = to_bytes(data);
  fill_up(blocks);
  append(blocks, out);
  fill_up(blocks);
  append_length(blocks, data.size());
  append_length(blocks, text.size());
  append_masked(out, hashed(h, blocks), block_at(stream, 0), tag_size);
  return out;
}

/// For data of 1 to 65,279 octets or none.
Bytes portable_ccm(ByteView key, ByteView nonce, ByteView data, ByteView text, std::size_t tag_size) {
  const std::size_t length_size = 15 - nonce.size();
  Bytes blocks(16);
  blocks[0] = static_cast<std::uint8_t>((data.empty() ? 0 : 64) + (tag_size - 2) / 2 * 8 + (length_size - 1));
  std::ranges::copy(nonce, blocks.begin() + 1);
  for (std::size_t i = 0; i < std::min<std::size_t>(length_size, 4); ++i) {
    blocks[15 - i] = static_cast<std::uint8_t>(text.size() >> (8 * i));
  }
  if (!data.empty()) {
    blocks.push_back(static_cast<std::uint8_t>(data.size() >> 8));
    blocks.push_back(static_cast<std::uint8_t>(data.size()));
    append(blocks, data);
    fill_up(blocks);
  }
  append(blocks, text);
  fill_up(blocks);
  const Bytes chain = portable_cbc(key, Bytes(16), blocks);
  Bytes counter(16);
  counter[0] = static_cast<std::uint8_t>(length_size - 1);
  std::ranges::copy(nonce, counter.begin() + 1);
  Bytes with_tag_place(16);
  append(with_tag_place, text);
  const Bytes stream = portable_ctr(key, counter, length_size, with_tag_place);
  Bytes out = to_bytes(ByteView(stream).subspan(16));
  append_masked(out, block_at(chain, chain.size() - 16), block_at(stream, 0), tag_size);
  return out;
}

}  // namespace hutong::test
