#pragma once

#include <memory>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"

namespace hutong::crypto {

/// A private key on the curve P-256 that signs with SHA-256 as JOSE writes it (ES256, RFC 7518 3.4): for
/// foreign software that knows no SM2, by OpenSSL. Move-only; usable from any thread.
class P256Key {
 public:
  static P256Key generate();
  /// SEC1 ECPrivateKey in DER, as to_der() writes it. kMalformed "p256.key".
  static Result<P256Key> from_der(ByteView der);
  P256Key(P256Key&&) noexcept;
  P256Key& operator=(P256Key&&) noexcept;
  ~P256Key();

  SecretBytes to_der() const;
  /// 04 || x || y, 65 octets.
  Bytes public_point() const;
  /// r || s, 64 octets. kInternal "p256.sign".
  Result<Bytes> sign(ByteView message) const;
  bool verify(ByteView message, ByteView signature) const;

 private:
  struct Impl;
  explicit P256Key(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hutong::crypto
