#pragma once

#include <optional>
#include <variant>

#include "crypto/sm4.h"

namespace hutong::provider {

/// SM4 in ECB, CBC or CTR as EVP_CIPHER wants it: key, IV and padding may come in any order and one at a
/// time; the stream begins with the first data. Reasons: kMalformed "sm4.key", "sm4.iv"; kInternal
/// "sm4.order" when key or IV are missing (an IV is never assumed to be zero) or padding changes within a
/// stream.
class Sm4Cipher {
 public:
  enum class Mode : std::uint8_t { kEcb, kCbc, kCtr };
  explicit Sm4Cipher(Mode mode) : mode_(mode) {}
  Sm4Cipher clone() const;

  /// A new stream. What is not given stays as it was; CTR with neither key nor IV goes on where it stood, for
  /// no key stream may be used twice.
  Status start(crypto::Direction direction, std::optional<ByteView> key, std::optional<ByteView> iv);
  Status set_padding(crypto::Padding padding);
  crypto::Padding padding() const { return padding_; }

  Result<Bytes> update(ByteView chunk);
  /// CTR only: the same without a copy. `out` has the size of `chunk` and may be `chunk`.
  Status update(ByteView chunk, std::span<std::uint8_t> out);
  Result<Bytes> finish();

  const crypto::Sm4Block& iv() const { return iv_; }
  /// CBC: the block that the next one is chained to; CTR: the next counter.
  const crypto::Sm4Block& updated_iv() const;

 private:
  using Stream = std::variant<std::monostate, crypto::Sm4Ecb, crypto::Sm4Cbc, crypto::Sm4Ctr>;
  bool is_started() const { return !std::holds_alternative<std::monostate>(stream_); }
  Status begin_stream();

  Mode mode_;
  crypto::Direction direction_ = crypto::Direction::kEncrypt;
  crypto::Padding padding_ = crypto::Padding::kPkcs7;
  std::optional<crypto::Sm4Key> key_;
  crypto::Sm4Block iv_{};
  bool has_iv_ = false;
  Stream stream_;
};

}  // namespace hutong::provider
