#include "provider/sm4_cipher.h"

#include <algorithm>

namespace hutong::provider {
namespace {

using crypto::Sm4Cbc;
using crypto::Sm4Ctr;
using crypto::Sm4Ecb;

Error wrong_order(std::string detail) { return {Errc::kInternal, "sm4.order", std::move(detail)}; }

}  // namespace

Sm4Cipher Sm4Cipher::clone() const {
  Sm4Cipher copy(mode_);
  copy.direction_ = direction_;
  copy.padding_ = padding_;
  if (key_) {
    copy.key_ = key_->clone();
  }
  copy.iv_ = iv_;
  copy.has_iv_ = has_iv_;
  if (const auto* ecb = std::get_if<Sm4Ecb>(&stream_)) {
    copy.stream_ = ecb->clone();
  } else if (const auto* cbc = std::get_if<Sm4Cbc>(&stream_)) {
    copy.stream_ = cbc->clone();
  } else if (const auto* ctr = std::get_if<Sm4Ctr>(&stream_)) {
    copy.stream_ = ctr->clone();
  }
  return copy;
}

Status Sm4Cipher::start(crypto::Direction direction, std::optional<ByteView> key,
                        std::optional<ByteView> iv) {
  direction_ = direction;
  if (key) {
    HUTONG_TRY(key_, crypto::Sm4Key::from_octets(*key));
  }
  if (iv && mode_ != Mode::kEcb) {
    if (iv->size() != iv_.size()) {
      return Error{Errc::kMalformed, "sm4.iv", "an IV is 16 octets"};
    }
    std::ranges::copy(*iv, iv_.begin());
    has_iv_ = true;
  }
  if (key || iv || mode_ != Mode::kCtr) {
    stream_ = std::monostate{};
  }
  return ok();
}

Status Sm4Cipher::set_padding(crypto::Padding padding) {
  if (is_started() && padding != padding_) {
    return wrong_order("padding is set before the first data");
  }
  padding_ = padding;
  return ok();
}

Status Sm4Cipher::begin_stream() {
  if (is_started()) {
    return ok();
  }
  if (!key_) {
    return wrong_order("no key is set");
  }
  if (!has_iv_ && mode_ != Mode::kEcb) {
    return wrong_order("no IV is set");
  }
  switch (mode_) {
    case Mode::kEcb:
      stream_.emplace<Sm4Ecb>(key_->clone(), direction_, padding_);
      break;
    case Mode::kCbc:
      stream_.emplace<Sm4Cbc>(key_->clone(), iv_, direction_, padding_);
      break;
    case Mode::kCtr:
      stream_.emplace<Sm4Ctr>(key_->clone(), iv_);
      break;
  }
  return ok();
}

Result<Bytes> Sm4Cipher::update(ByteView chunk) {
  HUTONG_CHECK(begin_stream());
  if (auto* ecb = std::get_if<Sm4Ecb>(&stream_)) {
    return ecb->update(chunk);
  }
  if (auto* cbc = std::get_if<Sm4Cbc>(&stream_)) {
    return cbc->update(chunk);
  }
  return std::get<Sm4Ctr>(stream_).update(chunk);
}

Status Sm4Cipher::update(ByteView chunk, std::span<std::uint8_t> out) {
  HUTONG_CHECK(begin_stream());
  std::get<Sm4Ctr>(stream_).update(chunk, out);
  return ok();
}

Result<Bytes> Sm4Cipher::finish() {
  HUTONG_CHECK(begin_stream());
  if (auto* ecb = std::get_if<Sm4Ecb>(&stream_)) {
    return ecb->finish();
  }
  if (auto* cbc = std::get_if<Sm4Cbc>(&stream_)) {
    return cbc->finish();
  }
  return Bytes{};
}

const crypto::Sm4Block& Sm4Cipher::updated_iv() const {
  if (const auto* cbc = std::get_if<Sm4Cbc>(&stream_)) {
    return cbc->chain();
  }
  if (const auto* ctr = std::get_if<Sm4Ctr>(&stream_)) {
    return ctr->counter();
  }
  return iv_;
}

}  // namespace hutong::provider
