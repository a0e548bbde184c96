#include <algorithm>
#include <array>

#include "crypto/internal/padding.h"
#include "crypto/internal/sm4_counter.h"
#include "crypto/internal/xor_octets.h"
#include "crypto/sm4.h"

namespace hutong::crypto {
namespace {

ByteView view(const Sm4Pending& pending) { return ByteView(pending.block.octets).first(pending.size); }

void keep(Sm4Pending& pending, ByteView more) {
  std::copy_n(more.begin(), more.size(),
              pending.block.octets.begin() + static_cast<std::ptrdiff_t>(pending.size));
  pending.size += more.size();
}

void forget(Sm4Pending& pending) { pending = {}; }

/// The whole blocks of pending || chunk through the cipher; the rest is kept. A decryption with padding holds
/// the last block back, because it may be the one that ends in padding. `transform` takes blocks and where to
/// write them, which is elsewhere.
template <typename Transform>
Bytes take_blocks(Sm4Pending& pending, ByteView chunk, bool hold_last_block, Transform transform) {
  const std::size_t size = pending.size + chunk.size();
  std::size_t taken = size - size % kSm4BlockSize;
  if (hold_last_block && taken != 0 && taken == size) {
    taken -= kSm4BlockSize;
  }
  if (taken == 0) {
    keep(pending, chunk);
    return {};
  }
  Bytes blocks(taken);
  std::span<std::uint8_t> out(blocks);
  if (pending.size != 0) {
    const std::size_t missing = kSm4BlockSize - pending.size;
    keep(pending, chunk.first(missing));
    chunk = chunk.subspan(missing);
    transform(view(pending), out.first(kSm4BlockSize));
    out = out.subspan(kSm4BlockSize);
    forget(pending);
  }
  transform(chunk.first(out.size()), out);
  keep(pending, chunk.subspan(out.size()));
  return blocks;
}

bool holds_last_block(Direction direction, Padding padding) {
  return direction == Direction::kDecrypt && padding == Padding::kPkcs7;
}

/// What is left at the end becomes whole: padded when encrypting, else it must be.
Status complete(Sm4Pending& pending, Direction direction, Padding padding) {
  if (direction == Direction::kEncrypt && padding == Padding::kPkcs7) {
    const std::size_t fill = kSm4BlockSize - pending.size;
    std::fill_n(pending.block.octets.end() - static_cast<std::ptrdiff_t>(fill), fill,
                static_cast<std::uint8_t>(fill));
    pending.size = kSm4BlockSize;
    return ok();
  }
  if (pending.size != (holds_last_block(direction, padding) ? kSm4BlockSize : 0)) {
    return Error{Errc::kMalformed, "sm4.length", "the input is no whole number of blocks"};
  }
  return ok();
}

/// Removes the padding of PKCS #7.
Result<Bytes> without_padding(Bytes block) {
  const auto size = internal::size_without_padding(block);
  if (!size) {
    wipe(block);
    return Error{Errc::kCryptoFail, "sm4.padding", "the padding is wrong"};
  }
  block.resize(*size);
  return block;
}

/// The last block through the cipher, if there is one.
template <typename Transform>
Result<Bytes> take_last_block(Sm4Pending pending, Direction direction, Padding padding, Transform transform) {
  HUTONG_CHECK(complete(pending, direction, padding));
  Bytes block(pending.size);
  transform(view(pending), block);
  return holds_last_block(direction, padding) ? without_padding(std::move(block)) : std::move(block);
}

/// As many blocks at a time as fill the groups of every kernel and stay in the first cache; `out` is not
/// `in`.
void cbc_decrypt(const Sm4Key& key, Sm4Block& chain, ByteView in, std::span<std::uint8_t> out) {
  constexpr std::size_t kMostAtOnce = 64 * kSm4BlockSize;
  while (!in.empty()) {
    const ByteView part = in.first(std::min(in.size(), kMostAtOnce));
    key.decrypt_blocks(part, out.first(part.size()));
    internal::xor_octets(out.data(), chain.data(), out.data(), kSm4BlockSize);
    std::uint8_t* const second = out.data() + kSm4BlockSize;
    internal::xor_octets(second, part.data(), second, part.size() - kSm4BlockSize);
    std::copy_n(part.end() - kSm4BlockSize, kSm4BlockSize, chain.begin());
    in = in.subspan(part.size());
    out = out.subspan(part.size());
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

void Sm4Ecb::transform(ByteView in, std::span<std::uint8_t> out) const {
  if (direction_ == Direction::kEncrypt) {
    key_.encrypt_blocks(in, out);
  } else {
    key_.decrypt_blocks(in, out);
  }
}

Bytes Sm4Ecb::update(ByteView chunk) {
  return take_blocks(pending_, chunk, holds_last_block(direction_, padding_),
                     [this](ByteView in, std::span<std::uint8_t> out) { transform(in, out); });
}

Result<Bytes> Sm4Ecb::finish() {
  return take_last_block(std::exchange(pending_, {}), direction_, padding_,
                         [this](ByteView in, std::span<std::uint8_t> out) { transform(in, out); });
}

Sm4Cbc::Sm4Cbc(Sm4Key key, const Sm4Block& iv, Direction direction, Padding padding)
    : key_(std::move(key)), chain_(iv), direction_(direction), padding_(padding) {}

Sm4Cbc Sm4Cbc::clone() const {
  Sm4Cbc copy(key_.clone(), chain_, direction_, padding_);
  copy.pending_ = pending_;
  return copy;
}

void Sm4Cbc::transform(ByteView in, std::span<std::uint8_t> out) {
  if (direction_ == Direction::kEncrypt) {
    key_.encrypt_chain(chain_, in, out);
  } else {
    cbc_decrypt(key_, chain_, in, out);
  }
}

Bytes Sm4Cbc::update(ByteView chunk) {
  return take_blocks(pending_, chunk, holds_last_block(direction_, padding_),
                     [this](ByteView in, std::span<std::uint8_t> out) { transform(in, out); });
}

Result<Bytes> Sm4Cbc::finish() {
  return take_last_block(std::exchange(pending_, {}), direction_, padding_,
                         [this](ByteView in, std::span<std::uint8_t> out) { transform(in, out); });
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
