#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "asn1/oid.h"
#include "base/bytes.h"
#include "base/result.h"

namespace hutong::crypto {

/// Block ciphers of others, in CBC mode, met in key files and messages that we read. We never encrypt with
/// them: what we write uses SM4 (sm4.h).
enum class ForeignCipher : std::uint8_t { kAes128Cbc, kAes192Cbc, kAes256Cbc, kDesEde3Cbc };

std::size_t cipher_key_size(ForeignCipher cipher);
std::size_t cipher_iv_size(ForeignCipher cipher);
std::optional<ForeignCipher> foreign_cipher_from_oid(const asn1::Oid& oid);

/// Decrypts a stream of any chunk sizes and strips the PKCS#7 padding. update() may return less than it was
/// given; finish() returns the rest. Move-only; belongs to one thread.
class ForeignDecryptor {
 public:
  /// kMalformed "cipher.key" or "cipher.iv" when their sizes are wrong.
  static Result<ForeignDecryptor> create(ForeignCipher cipher, ByteView key, ByteView iv);
  ForeignDecryptor(ForeignDecryptor&&) noexcept;
  ForeignDecryptor& operator=(ForeignDecryptor&&) noexcept;
  ~ForeignDecryptor();
  Bytes update(ByteView chunk);
  /// kMalformed "cipher.length" when the input was no whole number of blocks, kCryptoFail "cipher.padding"
  /// when the padding is wrong. Call once.
  Result<Bytes> finish();

 private:
  struct State;
  explicit ForeignDecryptor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace hutong::crypto
