#include <algorithm>

#include "base/secret.h"
#include "crypto/constant_time.h"
#include "crypto/internal/endian.h"
#include "crypto/internal/ghash.h"
#include "crypto/internal/sm4_counter.h"
#include "crypto/sm4.h"

namespace hutong::crypto {
namespace {

using internal::CounterWidth;

constexpr std::size_t kUsualNonceSize = 12;
constexpr std::size_t kLeastGcmTagSize = 12;
/// Enciphered and hashed at a time: a piece that is still in the first cache when it is hashed, and long
/// enough not to mind the powers of the hash key that are made for it.
constexpr std::size_t kInFirstCache = 8192;
constexpr std::uint64_t kMostText = (std::uint64_t{1} << 36) - 32;
constexpr std::uint64_t kMostData = (std::uint64_t{1} << 61) - 1;

Error bad_tag_size() { return {Errc::kMalformed, "sm4.tag", "a GCM tag has 12 to 16 octets"}; }
Error too_long() { return {Errc::kLimit, "sm4.length", "more than GCM can encrypt under one nonce"}; }
bool is_tag_size(std::size_t size) { return size >= kLeastGcmTagSize && size <= kSm4BlockSize; }

/// Two lengths in bits, as they end the input of GHASH.
Sm4Block lengths_block(std::uint64_t first_octets, std::uint64_t second_octets) {
  Sm4Block block;
  internal::store_be64(block.data(), first_octets * 8);
  internal::store_be64(block.data() + 8, second_octets * 8);
  return block;
}

}  // namespace

Result<Sm4Gcm> Sm4Gcm::create(Sm4Key key, ByteView nonce, Direction direction) {
  if (nonce.empty()) {
    return Error{Errc::kMalformed, "sm4.nonce", "a GCM nonce has at least one octet"};
  }
  Sm4Gcm gcm(std::move(key), direction);
  Sm4Block& hash_key = gcm.hash_key_.octets;
  gcm.key_.encrypt_blocks(hash_key, hash_key);
  if (nonce.size() == kUsualNonceSize) {
    std::ranges::copy(nonce, gcm.first_counter_.octets.begin());
    gcm.first_counter_.octets.back() = 1;
  } else {
    gcm.absorb(nonce);
    gcm.pad_hash();
    gcm.absorb(lengths_block(0, nonce.size()));
    gcm.first_counter_ = std::exchange(gcm.hash_, {});
  }
  gcm.stream_.counter = gcm.first_counter_.octets;
  internal::increment(gcm.stream_.counter, CounterWidth::k32);
  return gcm;
}

Sm4Gcm Sm4Gcm::clone() const {
  Sm4Gcm copy(key_.clone(), direction_);
  copy.hash_key_ = hash_key_;
  copy.hash_ = hash_;
  copy.first_counter_ = first_counter_;
  copy.stream_ = stream_;
  copy.partial_ = partial_;
  copy.partial_size_ = partial_size_;
  copy.data_size_ = data_size_;
  copy.text_size_ = text_size_;
  return copy;
}

void Sm4Gcm::absorb(ByteView octets) {
  if (partial_size_ != 0) {
    const std::size_t taken = std::min(octets.size(), kSm4BlockSize - partial_size_);
    std::copy_n(octets.begin(), taken, partial_.begin() + static_cast<std::ptrdiff_t>(partial_size_));
    partial_size_ += taken;
    octets = octets.subspan(taken);
    if (partial_size_ < kSm4BlockSize) {
      return;
    }
    internal::ghash(hash_key_.octets, hash_.octets, partial_.data(), 1);
  }
  const std::size_t whole = octets.size() / kSm4BlockSize;
  internal::ghash(hash_key_.octets, hash_.octets, octets.data(), whole);
  const ByteView rest = octets.subspan(whole * kSm4BlockSize);
  std::ranges::copy(rest, partial_.begin());
  partial_size_ = rest.size();
}

void Sm4Gcm::pad_hash() {
  if (partial_size_ != 0) {
    const Sm4Block zeros{};
    absorb(ByteView(zeros).first(kSm4BlockSize - partial_size_));
  }
}

Status Sm4Gcm::add_data(ByteView associated_data) {
  if (text_size_ != 0) {
    return Error{Errc::kInternal, "sm4.order", "associated data comes before the text"};
  }
  if (associated_data.size() > kMostData - data_size_) {
    return too_long();
  }
  data_size_ += associated_data.size();
  absorb(associated_data);
  return ok();
}

Result<Bytes> Sm4Gcm::update(ByteView chunk) {
  Bytes out(chunk.size());
  HUTONG_CHECK(update(chunk, out));
  return out;
}

Status Sm4Gcm::update(ByteView chunk, std::span<std::uint8_t> out) {
  if (chunk.size() > kMostText - text_size_) {
    return too_long();
  }
  if (text_size_ == 0 && !chunk.empty()) {
    pad_hash();
  }
  text_size_ += chunk.size();
  while (!chunk.empty()) {
    const std::size_t size = std::min(chunk.size(), kInFirstCache);
    if (direction_ == Direction::kDecrypt) {
      absorb(chunk.first(size));
    }
    internal::xor_key_stream(key_, stream_, CounterWidth::k32, chunk.first(size), out.first(size));
    if (direction_ == Direction::kEncrypt) {
      absorb(out.first(size));
    }
    chunk = chunk.subspan(size);
    out = out.subspan(size);
  }
  return ok();
}

Sm4Block Sm4Gcm::finish_tag() {
  pad_hash();
  absorb(lengths_block(data_size_, text_size_));
  Sm4Block tag = hash_.octets;
  Sm4CounterState tag_stream;
  tag_stream.counter = first_counter_.octets;
  internal::xor_key_stream(key_, tag_stream, CounterWidth::k32, tag, tag);
  return tag;
}

Result<Sm4Block> Sm4Gcm::finish_encrypt() { return finish_tag(); }

Status Sm4Gcm::finish_decrypt(ByteView tag) {
  if (!is_tag_size(tag.size())) {
    return bad_tag_size();
  }
  Sm4Block expected = finish_tag();
  const ScopedWipe wipe_expected(expected);
  if (!constant_time_equal(ByteView(expected).first(tag.size()), tag)) {
    return Error{Errc::kCryptoFail, "sm4.tag", "the authentication tag is wrong"};
  }
  return ok();
}

Result<Bytes> sm4_gcm_encrypt(ByteView key, ByteView nonce, ByteView associated_data, ByteView plaintext,
                              std::size_t tag_size) {
  if (!is_tag_size(tag_size)) {
    return bad_tag_size();
  }
  HUTONG_TRY(Sm4Key expanded, Sm4Key::from_octets(key));
  HUTONG_TRY(Sm4Gcm gcm, Sm4Gcm::create(std::move(expanded), nonce, Direction::kEncrypt));
  HUTONG_CHECK(gcm.add_data(associated_data));
  Bytes out(plaintext.size() + tag_size);
  HUTONG_CHECK(gcm.update(plaintext, std::span(out).first(plaintext.size())));
  HUTONG_TRY(const Sm4Block tag, gcm.finish_encrypt());
  std::copy_n(tag.begin(), tag_size, out.end() - static_cast<std::ptrdiff_t>(tag_size));
  return out;
}

Result<Bytes> sm4_gcm_decrypt(ByteView key, ByteView nonce, ByteView associated_data,
                              ByteView ciphertext_and_tag, std::size_t tag_size) {
  if (!is_tag_size(tag_size)) {
    return bad_tag_size();
  }
  if (ciphertext_and_tag.size() < tag_size) {
    return Error{Errc::kMalformed, "sm4.length", "the message is shorter than its tag"};
  }
  HUTONG_TRY(Sm4Key expanded, Sm4Key::from_octets(key));
  HUTONG_TRY(Sm4Gcm gcm, Sm4Gcm::create(std::move(expanded), nonce, Direction::kDecrypt));
  HUTONG_CHECK(gcm.add_data(associated_data));
  HUTONG_TRY(Bytes plaintext, gcm.update(ciphertext_and_tag.first(ciphertext_and_tag.size() - tag_size)));
  if (auto checked = gcm.finish_decrypt(ciphertext_and_tag.last(tag_size)); !checked) {
    wipe(plaintext);
    return std::move(checked).error();
  }
  return plaintext;
}

}  // namespace hutong::crypto
