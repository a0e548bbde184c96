#pragma once

#include <optional>

#include "crypto/sm4.h"
#include "provider/cipher_params.h"

namespace hutong::provider {

/// SM4-CCM as EVP_CIPHER wants it: tag size (and, for decrypting, the tag) before the text, all associated
/// data before the text, the text in one piece; a plaintext comes out only when the tag was right. Reasons:
/// those of crypto::sm4_ccm_encrypt and _decrypt, kInternal "sm4.order" for a wrong order.
class Sm4CcmCipher {
 public:
  static constexpr CipherTraits kTraits{CipherTraits::Mode::kCcm, 1, 12};
  Sm4CcmCipher clone() const;

  Status start(crypto::Direction direction, std::optional<ByteView> key, std::optional<ByteView> nonce);
  Status set_nonce_size(std::size_t size);
  std::size_t nonce_size() const { return nonce_size_; }
  ByteView nonce() const { return nonce_; }

  /// The tag to be checked; without octets only its size.
  Status set_tag(ByteView tag, std::size_t size);
  /// The tag of the message just encrypted.
  Result<Bytes> tag(std::size_t size) const;
  std::size_t tag_size() const { return tag_size_; }

  /// The length of the text, which may be told before associated data.
  Status announce(std::size_t text_size);
  Status add_data(ByteView data);
  /// `out` has the size of `text` and may be `text`.
  Status update(ByteView text, std::span<std::uint8_t> out);
  /// An empty text needs no update().
  Status finish();

 private:
  Status encrypt(ByteView text, std::span<std::uint8_t> out);
  Status decrypt(ByteView text, std::span<std::uint8_t> out);

  crypto::Direction direction_ = crypto::Direction::kEncrypt;
  std::optional<SecretBytes> key_;
  Bytes nonce_;
  std::size_t nonce_size_ = 7;  ///< OpenSSL's default for CCM, whatever the traits say
  bool is_nonce_fresh_ = false;
  bool is_done_ = false;  ///< a text went through since the nonce was set
  Bytes tag_;
  std::size_t tag_size_ = 12;
  std::optional<std::size_t> announced_;
  Bytes data_;
};

}  // namespace hutong::provider
