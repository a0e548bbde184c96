#include <algorithm>
#include <array>

#include "crypto/internal/padding.h"
#include "crypto/internal/sm4_counter.h"
#include "crypto/internal/wipe_object.h"
#include "crypto/internal/xor_octets.h"
#include "crypto/sm4.h"

namespace hutong::crypto {
namespace {

/// Moves the whole blocks of pending || chunk out; the rest stays in `pending`. A decryption with padding
/// holds the last block back, because it may be the one that ends in padding.
Bytes take_blocks(Bytes& pending, ByteView chunk, bool hold_last_block) {
  const std::size_t size = pending.size() + chunk.size();
  std::size_t taken = size - size % kSm4BlockSize;
  if (hold_last_block && taken != 0 && taken == size) {
    taken -= kSm4BlockSize;
  }
  if (taken == 0) {
    append(pending, chunk);
    return {};
  }
  Bytes blocks;
  blocks.reserve(taken);
  const std::size_t pending_taken = std::min(taken, pending.size());
  append(blocks, ByteView(pending).first(pending_taken));
  pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(pending_taken));
  const std::size_t chunk_taken = taken - pending_taken;
  append(blocks, chunk.first(chunk_taken));
  append(pending, chunk.subspan(chunk_taken));
  return blocks;
}

bool holds_last_block(Direction direction, Padding padding) {
  return direction == Direction::kDecrypt && padding == Padding::kPkcs7;
}

/// The last blocks before they go through the cipher: padded when encrypting, checked for their number.
Result<Bytes> last_blocks(Bytes pending, Direction direction, Padding padding) {
  if (direction == Direction::kEncrypt && padding == Padding::kPkcs7) {
    const std::size_t fill = kSm4BlockSize - pending.size() % kSm4BlockSize;
    pending.insert(pending.end(), fill, static_cast<std::uint8_t>(fill));
    return pending;
  }
  const std::size_t expected = holds_last_block(direction, padding) ? kSm4BlockSize : 0;
  if (pending.size() != expected) {
    return Error{Errc::kMalformed, "sm4.length", "the input is no whole number of blocks"};
  }
  return pending;
}

/// Removes the padding of PKCS #7.
Result<Bytes> without_padding(Bytes block) {
  const auto size = internal::size_without_padding(block);
  if (!size) {
    return Error{Errc::kCryptoFail, "sm4.padding", "the padding is wrong"};
  }
  block.resize(*size);
  return block;
}

/// As many blocks at a time as fill the groups of every kernel and stay in the first cache.
void cbc_decrypt(const Sm4Key& key, Sm4Block& chain, std::span<std::uint8_t> blocks) {
  std::array<std::uint8_t, 64 * kSm4BlockSize> batch;
  const internal::WipeAtExit wipe_batch(batch);
  while (!blocks.empty()) {
    const auto part = blocks.first(std::min(blocks.size(), batch.size()));
    key.decrypt_blocks(part, std::span(batch).first(part.size()));
    internal::xor_octets(batch.data(), chain.data(), batch.data(), kSm4BlockSize);
    const std::size_t rest = part.size() - kSm4BlockSize;
    internal::xor_octets(batch.data() + kSm4BlockSize, part.data(), batch.data() + kSm4BlockSize, rest);
    std::copy_n(part.end() - kSm4BlockSize, kSm4BlockSize, chain.begin());
    std::copy_n(batch.begin(), part.size(), part.begin());
    blocks = blocks.subspan(part.size());
  }
}

}  // namespace

Sm4Ecb::Sm4Ecb(Sm4Key key, Direction direction, Padding padding)
    : key_(std::move(key)), direction_(direction), padding_(padding) {}

Sm4Ecb Sm4Ecb::clone() const {
  Sm4Ecb copy(key_.clone(), direction_, padding_);
  copy.pending_ = pending_;
  return copy;
}

void Sm4Ecb::transform(Bytes& blocks) const {
  if (direction_ == Direction::kEncrypt) {
    key_.encrypt_blocks(blocks, blocks);
  } else {
    key_.decrypt_blocks(blocks, blocks);
  }
}

Bytes Sm4Ecb::update(ByteView chunk) {
  Bytes blocks = take_blocks(pending_, chunk, holds_last_block(direction_, padding_));
  transform(blocks);
  return blocks;
}

Result<Bytes> Sm4Ecb::finish() {
  HUTONG_TRY(Bytes blocks, last_blocks(std::exchange(pending_, {}), direction_, padding_));
  transform(blocks);
  return holds_last_block(direction_, padding_) ? without_padding(std::move(blocks)) : std::move(blocks);
}

Sm4Cbc::Sm4Cbc(Sm4Key key, const Sm4Block& iv, Direction direction, Padding padding)
    : key_(std::move(key)), chain_(iv), direction_(direction), padding_(padding) {}

Sm4Cbc Sm4Cbc::clone() const {
  Sm4Cbc copy(key_.clone(), chain_, direction_, padding_);
  copy.pending_ = pending_;
  return copy;
}

void Sm4Cbc::transform(Bytes& blocks) {
  if (direction_ == Direction::kEncrypt) {
    key_.encrypt_chain(chain_, blocks, blocks);
  } else {
    cbc_decrypt(key_, chain_, blocks);
  }
}

Bytes Sm4Cbc::update(ByteView chunk) {
  Bytes blocks = take_blocks(pending_, chunk, holds_last_block(direction_, padding_));
  transform(blocks);
  return blocks;
}

Result<Bytes> Sm4Cbc::finish() {
  HUTONG_TRY(Bytes blocks, last_blocks(std::exchange(pending_, {}), direction_, padding_));
  transform(blocks);
  return holds_last_block(direction_, padding_) ? without_padding(std::move(blocks)) : std::move(blocks);
}

Sm4Ctr::Sm4Ctr(Sm4Key key, const Sm4Block& initial_counter) : key_(std::move(key)) {
  state_.counter = initial_counter;
}

Sm4Ctr Sm4Ctr::clone() const {
  Sm4Ctr copy(key_.clone(), state_.counter);
  copy.state_ = state_;
  return copy;
}

Bytes Sm4Ctr::update(ByteView chunk) {
  Bytes out(chunk.size());
  update(chunk, out);
  return out;
}

void Sm4Ctr::update(ByteView chunk, std::span<std::uint8_t> out) {
  internal::xor_key_stream(key_, state_, internal::CounterWidth::k128, chunk, out);
}

}  // namespace hutong::crypto
