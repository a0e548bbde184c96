#include "provider/sm4_gcm_cipher.h"

#include <algorithm>

namespace hutong::provider {
namespace {

using crypto::Direction;

constexpr std::size_t kLeastTagSize = 12;
constexpr std::size_t kMostNonceSize = 128;

Error wrong_order(std::string detail) { return {Errc::kInternal, "sm4.order", std::move(detail)}; }

bool is_tag_size(std::size_t size) { return size >= kLeastTagSize && size <= crypto::kSm4BlockSize; }
Error bad_tag_size() { return {Errc::kMalformed, "sm4.tag", "a GCM tag has 12 to 16 octets"}; }

}  // namespace

Sm4GcmCipher Sm4GcmCipher::clone() const {
  Sm4GcmCipher copy;
  copy.direction_ = direction_;
  if (key_) {
    copy.key_ = key_->clone();
  }
  copy.nonce_ = nonce_;
  copy.nonce_size_ = nonce_size_;
  copy.is_nonce_fresh_ = is_nonce_fresh_;
  copy.tag_ = tag_;
  copy.tag_size_ = tag_size_;
  copy.has_tag_ = has_tag_;
  if (message_) {
    copy.message_ = message_->clone();
  }
  return copy;
}

Status Sm4GcmCipher::start(Direction direction, std::optional<ByteView> key, std::optional<ByteView> nonce) {
  if (direction != direction_ || direction == Direction::kEncrypt) {
    has_tag_ = false;  // a tag to be checked may come before key and nonce
  }
  direction_ = direction;
  if (key) {
    HUTONG_TRY(key_, crypto::Sm4Key::from_octets(*key));
    message_.reset();
  }
  if (nonce) {
    if (nonce->size() != nonce_size_) {
      return Error{Errc::kMalformed, "sm4.nonce", "the nonce has another size than was set"};
    }
    nonce_ = to_bytes(*nonce);
    is_nonce_fresh_ = true;
    message_.reset();
  }
  return ok();
}

Status Sm4GcmCipher::set_nonce_size(std::size_t size) {
  if (size == 0 || size > kMostNonceSize) {
    return Error{Errc::kMalformed, "sm4.nonce", "a nonce has 1 to 128 octets"};
  }
  if (size != nonce_size_) {
    nonce_size_ = size;
    is_nonce_fresh_ = false;
  }
  return ok();
}

Status Sm4GcmCipher::set_tag(ByteView tag, std::size_t size) {
  if (direction_ == Direction::kEncrypt) {
    return wrong_order("encrypting makes the tag");
  }
  if (tag.size() != size || !is_tag_size(size)) {
    return bad_tag_size();
  }
  std::ranges::copy(tag, tag_.begin());
  tag_size_ = size;
  has_tag_ = true;
  return ok();
}

Result<Bytes> Sm4GcmCipher::tag(std::size_t size) const {
  if (direction_ == Direction::kDecrypt || !has_tag_) {
    return wrong_order("there is a tag after a message was encrypted");
  }
  if (!is_tag_size(size)) {
    return bad_tag_size();
  }
  return to_bytes(ByteView(tag_).first(size));
}

Status Sm4GcmCipher::begin_message() {
  if (message_) {
    return ok();
  }
  if (!key_ || !is_nonce_fresh_) {
    return wrong_order("a message needs a key and a nonce that was not used before");
  }
  HUTONG_TRY(message_, crypto::Sm4Gcm::create(key_->clone(), nonce_, direction_));
  is_nonce_fresh_ = false;
  return ok();
}

Status Sm4GcmCipher::add_data(ByteView data) {
  HUTONG_CHECK(begin_message());
  return message_->add_data(data);
}

Status Sm4GcmCipher::update(ByteView chunk, std::span<std::uint8_t> out) {
  HUTONG_CHECK(begin_message());
  return message_->update(chunk, out);
}

Status Sm4GcmCipher::finish() {
  HUTONG_CHECK(begin_message());
  crypto::Sm4Gcm message = *std::exchange(message_, std::nullopt);
  if (direction_ == Direction::kEncrypt) {
    HUTONG_TRY(tag_, message.finish_encrypt());
    tag_size_ = tag_.size();
    has_tag_ = true;
    return ok();
  }
  if (!std::exchange(has_tag_, false)) {
    return wrong_order("the tag to be checked is set before the end");
  }
  return message.finish_decrypt(ByteView(tag_).first(tag_size_));
}

}  // namespace hutong::provider
