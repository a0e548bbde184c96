#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "base/result.h"
#include "base/stream.h"
#include "crypto/sm4.h"

namespace hutong::token {

namespace internal {
class OpenHandle;
}

/// The block ciphers and modes of GM/T 0006 by their numbers.
enum class SessionCipher : std::uint32_t {
  kSm1Ecb = 0x101,
  kSm1Cbc = 0x102,
  kSm4Ecb = 0x401,
  kSm4Cbc = 0x402,
};

/// A symmetric key inside a token. Closed when dropped. One stream at a time: start, any number of updates,
/// finish. Belongs to one thread at a time.
class SessionKey {
 public:
  /// `iv` is empty for ECB.
  Status start(crypto::Direction direction, ByteView iv, crypto::Padding padding);
  /// Pieces of any size; may return less than it was given.
  Result<Bytes> update(ByteView piece);
  /// The rest. Bad padding is the token's to find: kCryptoFail "token.cryptography", or its own code.
  Result<Bytes> finish();
  /// All of a source. What was written before an error must be thrown away.
  Status transform(ByteSource& from, ByteSink& to);

 private:
  friend class Container;
  explicit SessionKey(std::shared_ptr<const internal::OpenHandle> handle) : handle_(std::move(handle)) {}
  Result<Bytes> one_update(ByteView piece) const;
  std::shared_ptr<const internal::OpenHandle> handle_;
  crypto::Direction direction_ = crypto::Direction::kDecrypt;
  Bytes pending_;  ///< less than a block
};

}  // namespace hutong::token
