#include "crypto/internal/sm4_counter.h"

#include <algorithm>
#include <cstring>

#include "crypto/internal/endian.h"
#include "crypto/internal/wipe_object.h"
#include "crypto/internal/xor_octets.h"

namespace hutong::crypto::internal {
namespace {

constexpr std::size_t kBatchBlocks = 64;

/// `blocks` counter blocks, one after the other; `counter` moves on. A 32-bit counter wraps by itself, and
/// must not decide anything: GCM makes it of the key when the nonce is not 12 octets long.
void write_counters(Sm4Block& counter, CounterWidth width, std::uint8_t* out, std::size_t blocks) {
  const std::uint32_t first = load_be32(counter.data() + 12);
  if (width == CounterWidth::k128 && blocks > ~first) {  // the last word overflows: rare, so block by block
    for (std::size_t i = 0; i < blocks; ++i) {
      std::memcpy(out + i * kSm4BlockSize, counter.data(), kSm4BlockSize);
      increment(counter, width);
    }
    return;
  }
  const std::uint64_t upper = load_be64(counter.data());
  const std::uint64_t lower = load_be64(counter.data() + 8) & ~std::uint64_t{0xFFFFFFFF};
  for (std::size_t i = 0; i < blocks; ++i) {
    store_be64(out + i * kSm4BlockSize, upper);
    store_be64(out + i * kSm4BlockSize + 8, lower | (first + static_cast<std::uint32_t>(i)));
  }
  store_be32(counter.data() + 12, first + static_cast<std::uint32_t>(blocks));
}

}  // namespace

void increment(Sm4Block& counter, CounterWidth width) {
  std::uint8_t* const last_word = counter.data() + 12;
  store_be32(last_word, load_be32(last_word) + 1);
  if (width == CounterWidth::k32 || load_be32(last_word) != 0) {
    return;
  }
  for (std::size_t i = 12; i-- > 0 && ++counter[i] == 0;) {
  }
}

void xor_key_stream(const Sm4Key& key, Sm4CounterState& state, CounterWidth width, ByteView in,
                    std::span<std::uint8_t> out) {
  const std::size_t left_over = std::min(in.size(), kSm4BlockSize - state.used);
  xor_octets(in.data(), state.stream.octets.data() + state.used, out.data(), left_over);
  state.used += left_over;
  in = in.subspan(left_over);
  out = out.subspan(left_over);

  std::array<std::uint8_t, kBatchBlocks * kSm4BlockSize> batch;
  const WipeAtExit wipe_batch(batch);
  while (!in.empty()) {
    const std::size_t blocks = std::min(kBatchBlocks, (in.size() + kSm4BlockSize - 1) / kSm4BlockSize);
    write_counters(state.counter, width, batch.data(), blocks);
    const auto stream = std::span(batch).first(blocks * kSm4BlockSize);
    key.encrypt_blocks(stream, stream);
    const std::size_t taken = std::min(in.size(), stream.size());
    xor_octets(in.data(), stream.data(), out.data(), taken);
    if (taken < stream.size()) {
      std::ranges::copy(stream.last(kSm4BlockSize), state.stream.octets.begin());
      state.used = kSm4BlockSize - (stream.size() - taken);
    }
    in = in.subspan(taken);
    out = out.subspan(taken);
  }
}

}  // namespace hutong::crypto::internal
