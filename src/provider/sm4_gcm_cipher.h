#pragma once

#include <optional>

#include "crypto/sm4.h"
#include "provider/cipher_params.h"

namespace hutong::provider {

/// SM4-GCM as EVP_CIPHER wants it: key, nonce and tag come one at a time. A nonce serves one message: after
/// finish() a new one must be given. Reasons: those of crypto::Sm4Gcm, kInternal "sm4.order" when key, nonce
/// or the tag to be checked are missing. Tags have 12 to 16 octets.
class Sm4GcmCipher {
 public:
  static constexpr CipherTraits kTraits{CipherTraits::Mode::kGcm, 1, 12};
  Sm4GcmCipher clone() const;

  Status start(crypto::Direction direction, std::optional<ByteView> key, std::optional<ByteView> nonce);
  Status set_nonce_size(std::size_t size);
  std::size_t nonce_size() const { return nonce_size_; }
  ByteView nonce() const { return nonce_; }

  /// The tag to be checked when decrypting; `size` is that of `tag`.
  Status set_tag(ByteView tag, std::size_t size);
  /// The tag of the message just encrypted, cut to `size` octets.
  Result<Bytes> tag(std::size_t size) const;
  std::size_t tag_size() const { return tag_size_; }

  Status announce(std::size_t /*text_size*/) { return ok(); }
  Status add_data(ByteView data);
  /// `out` has the size of `chunk` and may be `chunk`.
  Status update(ByteView chunk, std::span<std::uint8_t> out);
  Status finish();

 private:
  Status begin_message();

  crypto::Direction direction_ = crypto::Direction::kEncrypt;
  std::optional<crypto::Sm4Key> key_;
  Bytes nonce_;
  std::size_t nonce_size_ = kTraits.iv_size;
  bool is_nonce_fresh_ = false;
  crypto::Sm4Block tag_{};
  std::size_t tag_size_ = crypto::kSm4BlockSize;
  bool has_tag_ = false;
  std::optional<crypto::Sm4Gcm> message_;
};

}  // namespace hutong::provider
