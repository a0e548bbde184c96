#include "crypto/hmac.h"

#include <algorithm>
#include <array>

#include "base/secret.h"

namespace hutong::crypto {
namespace {

constexpr std::size_t kMostBlock = 128;
using Block = std::array<std::uint8_t, kMostBlock>;

/// Octets of one round of compression (FIPS 180-4, GB/T 32905).
std::size_t block_size(DigestAlgorithm algorithm) {
  return algorithm == DigestAlgorithm::kSha384 || algorithm == DigestAlgorithm::kSha512 ? 128 : 64;
}

/// The key, or its digest when it is longer than a block, filled up with zeros.
void fill_block(DigestAlgorithm algorithm, ByteView key, Block& block) {
  if (key.size() <= block_size(algorithm)) {
    std::ranges::copy(key, block.begin());
    return;
  }
  Bytes shorter = digest(algorithm, key);
  const ScopedWipe wipe_shorter(shorter);
  std::ranges::copy(shorter, block.begin());
}

Bytes keyed_digest(DigestAlgorithm algorithm, const Block& key, std::uint8_t mask, ByteView data) {
  Block block{};
  const ScopedWipe wipe_block(block);
  std::ranges::transform(key, block.begin(),
                         [mask](std::uint8_t octet) { return static_cast<std::uint8_t>(octet ^ mask); });
  Digest state(algorithm);
  state.update(ByteView(block).first(block_size(algorithm)));
  state.update(data);
  return state.finish();
}

}  // namespace

Bytes hmac(DigestAlgorithm algorithm, ByteView key, ByteView data) {
  Block block{};
  const ScopedWipe wipe_block(block);
  fill_block(algorithm, key, block);
  Bytes inner = keyed_digest(algorithm, block, 0x36, data);
  const ScopedWipe wipe_inner(inner);
  return keyed_digest(algorithm, block, 0x5C, inner);
}

}  // namespace hutong::crypto
