#pragma once

#include <openssl/evp.h>

#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "tests/support/openssl_owned.h"

namespace hutong::test::peer {

/// OpenSSL as an independent implementation, for tests and benchmarks. Failures of OpenSSL's own calls throw.

Bytes sm3(ByteView message);
Bytes hmac_sm3(ByteView key, ByteView message);

enum class Sm4Mode { kEcb, kCbc, kCtr };
enum class Sm4Padding { kNone, kPkcs7 };
Bytes sm4_encrypt(Sm4Mode mode, Sm4Padding padding, ByteView key, ByteView iv, ByteView plaintext);
Bytes sm4_decrypt(Sm4Mode mode, Sm4Padding padding, ByteView key, ByteView iv, ByteView ciphertext);

using Pkey = Owned<EVP_PKEY, EVP_PKEY_free>;

/// An SM2 key in OpenSSL.
class Sm2Key {
 public:
  /// `public_key` is 04 || X || Y; nothing when OpenSSL refuses the point.
  static std::optional<Sm2Key> from_public(ByteView public_key);
  static Sm2Key from_private(ByteView d, ByteView public_key);
  static Sm2Key generate();

  Bytes sign(ByteView message, std::string_view id) const;
  Bytes sign_digest(ByteView e) const;
  bool verify(ByteView message, ByteView signature, std::string_view id) const;
  Bytes encrypt(ByteView message) const;
  std::optional<Bytes> decrypt(ByteView ciphertext) const;
  Bytes public_octets() const;

 private:
  explicit Sm2Key(Pkey key) : key_(std::move(key)) {}
  Pkey key_;
};

}  // namespace hutong::test::peer
