#include "provider/sm4_ccm_cipher.h"

#include <algorithm>

namespace hutong::provider {
namespace {

using crypto::Direction;

Error wrong_order(std::string detail) { return {Errc::kInternal, "sm4.order", std::move(detail)}; }

bool is_tag_size(std::size_t size) { return size >= 4 && size <= 16 && size % 2 == 0; }

}  // namespace

Sm4CcmCipher Sm4CcmCipher::clone() const {
  Sm4CcmCipher copy;
  copy.direction_ = direction_;
  if (key_) {
    copy.key_ = SecretBytes::copy_of(key_->expose());
  }
  copy.nonce_ = nonce_;
  copy.nonce_size_ = nonce_size_;
  copy.is_nonce_fresh_ = is_nonce_fresh_;
  copy.is_done_ = is_done_;
  copy.tag_ = tag_;
  copy.tag_size_ = tag_size_;
  copy.announced_ = announced_;
  copy.data_ = data_;
  return copy;
}

Status Sm4CcmCipher::start(Direction direction, std::optional<ByteView> key, std::optional<ByteView> nonce) {
  if (direction != direction_ || direction == Direction::kEncrypt) {
    tag_.clear();  // a tag to be checked may come before key and nonce
  }
  direction_ = direction;
  if (key) {
    if (key->size() != crypto::kSm4KeySize) {
      return Error{Errc::kMalformed, "sm4.key", "an SM4 key is 16 octets"};
    }
    key_ = SecretBytes::copy_of(*key);
  }
  if (nonce) {
    if (nonce->size() != nonce_size_) {
      return Error{Errc::kMalformed, "sm4.nonce", "the nonce has another size than was set"};
    }
    nonce_ = to_bytes(*nonce);
    is_nonce_fresh_ = true;
    is_done_ = false;
    announced_.reset();
    data_.clear();
  }
  return ok();
}

Status Sm4CcmCipher::set_nonce_size(std::size_t size) {
  if (size < 7 || size > 13) {
    return Error{Errc::kMalformed, "sm4.nonce", "a CCM nonce has 7 to 13 octets"};
  }
  if (size != nonce_size_) {
    nonce_size_ = size;
    is_nonce_fresh_ = false;
  }
  return ok();
}

Status Sm4CcmCipher::set_tag(ByteView tag, std::size_t size) {
  if (!is_tag_size(size)) {
    return Error{Errc::kMalformed, "sm4.tag", "a CCM tag has 4, 6, 8, 10, 12, 14 or 16 octets"};
  }
  if (!tag.empty() && direction_ == Direction::kEncrypt) {
    return wrong_order("encrypting makes the tag");
  }
  tag_ = to_bytes(tag);
  tag_size_ = size;
  return ok();
}

Result<Bytes> Sm4CcmCipher::tag(std::size_t size) const {
  if (direction_ == Direction::kDecrypt || tag_.empty()) {
    return wrong_order("there is a tag after a message was encrypted");
  }
  if (size != tag_.size()) {
    return Error{Errc::kMalformed, "sm4.tag", "the tag has the size that was set before encrypting"};
  }
  return tag_;
}

Status Sm4CcmCipher::announce(std::size_t text_size) {
  announced_ = text_size;
  return ok();
}

Status Sm4CcmCipher::add_data(ByteView data) {
  append(data_, data);
  return ok();
}

Status Sm4CcmCipher::encrypt(ByteView text, std::span<std::uint8_t> out) {
  HUTONG_TRY(const Bytes sealed, crypto::sm4_ccm_encrypt(key_->expose(), nonce_, data_, text, tag_size_));
  std::ranges::copy(ByteView(sealed).first(text.size()), out.begin());
  tag_ = to_bytes(ByteView(sealed).subspan(text.size()));
  return ok();
}

Status Sm4CcmCipher::decrypt(ByteView text, std::span<std::uint8_t> out) {
  if (tag_.empty()) {
    return wrong_order("the tag to be checked is set before the text");
  }
  Bytes sealed = to_bytes(text);
  append(sealed, std::exchange(tag_, {}));
  HUTONG_TRY(Bytes opened, crypto::sm4_ccm_decrypt(key_->expose(), nonce_, data_, sealed, tag_size_));
  const ScopedWipe wipe_opened(opened);
  std::ranges::copy(opened, out.begin());
  return ok();
}

Status Sm4CcmCipher::update(ByteView text, std::span<std::uint8_t> out) {
  if (!key_ || !is_nonce_fresh_) {
    return wrong_order(
        "a message needs a key and a nonce that was not used before, and its text in one piece");
  }
  if (announced_ && *announced_ != text.size()) {
    return Error{Errc::kMalformed, "sm4.length", "the text has another length than was announced"};
  }
  is_nonce_fresh_ = false;
  is_done_ = true;
  return direction_ == Direction::kEncrypt ? encrypt(text, out) : decrypt(text, out);
}

Status Sm4CcmCipher::finish() { return is_done_ ? ok() : update({}, {}); }

}  // namespace hutong::provider
