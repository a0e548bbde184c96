#include <algorithm>

#include "base/secret.h"
#include "crypto/constant_time.h"
#include "crypto/internal/endian.h"
#include "crypto/internal/sm4_counter.h"
#include "crypto/internal/xor_octets.h"
#include "crypto/sm4.h"

namespace hutong::crypto {
namespace {

constexpr std::size_t kLeastNonceSize = 7;
constexpr std::size_t kMostNonceSize = 13;
constexpr std::size_t kLeastCcmTagSize = 4;

Status check_sizes(std::size_t nonce_size, std::size_t tag_size, std::uint64_t text_size) {
  if (nonce_size < kLeastNonceSize || nonce_size > kMostNonceSize) {
    return Error{Errc::kMalformed, "sm4.nonce", "a CCM nonce has 7 to 13 octets"};
  }
  if (tag_size < kLeastCcmTagSize || tag_size > kSm4BlockSize || tag_size % 2 != 0) {
    return Error{Errc::kMalformed, "sm4.tag", "a CCM tag has 4, 6, 8, 10, 12, 14 or 16 octets"};
  }
  const std::size_t length_size = 15 - nonce_size;
  if (length_size < 8 && text_size >> (8 * length_size) != 0) {
    return Error{Errc::kLimit, "sm4.length", "the text is too long for a nonce of this size"};
  }
  return ok();
}

/// CBC-MAC over a stream of octets, padded with zeros on request.
class CbcMac {
 public:
  explicit CbcMac(const Sm4Key& key) : key_(key) {}
  CbcMac(const CbcMac&) = delete;
  CbcMac& operator=(const CbcMac&) = delete;
  ~CbcMac() { wipe(chain_); }

  void update(ByteView octets) {
    const std::size_t missing = (kSm4BlockSize - used_) % kSm4BlockSize;
    const ByteView first = octets.first(std::min(missing, octets.size()));
    const ByteView rest = octets.subspan(first.size());
    const std::size_t whole = rest.size() / kSm4BlockSize * kSm4BlockSize;
    add(first);
    run(rest.first(whole));
    add(rest.subspan(whole));
  }
  void pad() {
    if (used_ != 0) {
      key_.encrypt_blocks(chain_, chain_);
      used_ = 0;
    }
  }
  const Sm4Block& value() const { return chain_; }

 private:
  /// Less than a block, or what fills one up.
  void add(ByteView octets) {
    internal::xor_octets(chain_.data() + used_, octets.data(), chain_.data() + used_, octets.size());
    used_ += octets.size();
    if (used_ == kSm4BlockSize) {
      pad();
    }
  }
  /// Whole blocks; what CBC writes is not wanted, but for the last block.
  void run(ByteView blocks) {
    std::array<std::uint8_t, 64 * kSm4BlockSize> unwanted;
    const ScopedWipe wipe_unwanted(unwanted);
    while (!blocks.empty()) {
      const ByteView part = blocks.first(std::min(blocks.size(), unwanted.size()));
      key_.encrypt_chain(chain_, part, unwanted);
      blocks = blocks.subspan(part.size());
    }
  }

  const Sm4Key& key_;
  Sm4Block chain_{};
  std::size_t used_ = 0;
};

/// B0 of SP 800-38C A.2.1: flags, nonce, length of the text.
Sm4Block first_block(ByteView nonce, bool has_data, std::uint64_t text_size, std::size_t tag_size) {
  Sm4Block block{};
  const std::size_t length_size = 15 - nonce.size();
  block[0] = static_cast<std::uint8_t>((has_data ? 0x40 : 0) | (tag_size - 2) / 2 << 3 | (length_size - 1));
  std::ranges::copy(nonce, block.begin() + 1);
  for (std::size_t i = 0; i < length_size; ++i, text_size >>= 8) {
    block[15 - i] = static_cast<std::uint8_t>(text_size);
  }
  return block;
}

/// The length before the associated data (A.2.2).
Bytes data_length(std::uint64_t size) {
  Bytes out;
  std::size_t octets = 2;
  if (size >= 0xFF00) {
    const bool is_large = size >> 32 != 0;
    out = {0xFF, static_cast<std::uint8_t>(is_large ? 0xFF : 0xFE)};
    octets = is_large ? 8 : 4;
  }
  for (std::size_t i = octets; i-- > 0;) {
    out.push_back(static_cast<std::uint8_t>(size >> (8 * i)));
  }
  return out;
}

/// The tag before it is masked.
Sm4Block authenticate(const Sm4Key& key, ByteView nonce, ByteView associated_data, ByteView plaintext,
                      std::size_t tag_size) {
  CbcMac mac(key);
  mac.update(first_block(nonce, !associated_data.empty(), plaintext.size(), tag_size));
  if (!associated_data.empty()) {
    mac.update(data_length(associated_data.size()));
    mac.update(associated_data);
    mac.pad();
  }
  mac.update(plaintext);
  mac.pad();
  return mac.value();
}

/// Counter 0, which masks the tag; the text begins at counter 1 (A.3).
Sm4CounterState counter_zero(ByteView nonce) {
  Sm4CounterState state;
  state.counter[0] = static_cast<std::uint8_t>(14 - nonce.size());
  std::ranges::copy(nonce, state.counter.begin() + 1);
  return state;
}

void apply_stream(const Sm4Key& key, Sm4CounterState& state, std::span<std::uint8_t> octets) {
  internal::xor_key_stream(key, state, internal::CounterWidth::k128, octets, octets);
}

}  // namespace

Result<Bytes> sm4_ccm_encrypt(ByteView key, ByteView nonce, ByteView associated_data, ByteView plaintext,
                              std::size_t tag_size) {
  HUTONG_CHECK(check_sizes(nonce.size(), tag_size, plaintext.size()));
  HUTONG_TRY(const Sm4Key expanded, Sm4Key::from_octets(key));
  Sm4Block tag = authenticate(expanded, nonce, associated_data, plaintext, tag_size);
  Sm4CounterState state = counter_zero(nonce);
  apply_stream(expanded, state, tag);
  Bytes out(plaintext.size() + tag_size);  // once: what grew would be copied
  std::ranges::copy(plaintext, out.begin());
  apply_stream(expanded, state, std::span(out).first(plaintext.size()));
  std::copy_n(tag.begin(), tag_size, out.end() - static_cast<std::ptrdiff_t>(tag_size));
  return out;
}

Result<Bytes> sm4_ccm_decrypt(ByteView key, ByteView nonce, ByteView associated_data,
                              ByteView ciphertext_and_tag, std::size_t tag_size) {
  if (ciphertext_and_tag.size() < tag_size) {
    return Error{Errc::kMalformed, "sm4.length", "the message is shorter than its tag"};
  }
  const std::size_t text_size = ciphertext_and_tag.size() - tag_size;
  HUTONG_CHECK(check_sizes(nonce.size(), tag_size, text_size));
  HUTONG_TRY(const Sm4Key expanded, Sm4Key::from_octets(key));
  Sm4Block mask{};
  const ScopedWipe wipe_mask(mask);
  Sm4CounterState state = counter_zero(nonce);
  apply_stream(expanded, state, mask);
  Bytes plaintext = to_bytes(ciphertext_and_tag.first(text_size));
  apply_stream(expanded, state, plaintext);
  Sm4Block tag = authenticate(expanded, nonce, associated_data, plaintext, tag_size);
  const ScopedWipe wipe_tag(tag);
  for (std::size_t i = 0; i < tag.size(); ++i) {
    tag[i] = static_cast<std::uint8_t>(tag[i] ^ mask[i]);
  }
  if (!constant_time_equal(ByteView(tag).first(tag_size), ciphertext_and_tag.last(tag_size))) {
    wipe(plaintext);
    return Error{Errc::kCryptoFail, "sm4.tag", "the authentication tag is wrong"};
  }
  return plaintext;
}

}  // namespace hutong::crypto
