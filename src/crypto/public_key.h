#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/sm2.h"

namespace hutong::crypto {

enum class KeyType : std::uint8_t { kSm2, kRsa, kEc };

/// How an SM2 SubjectPublicKeyInfo deviates from `id-ecPublicKey + sm2p256v1` (quirks of real certificates).
enum class SpkiForm : std::uint8_t {
  kStandard,
  kSm2AlgorithmOid,  ///< the algorithm is 1.2.156.10197.1.301 itself
  kExplicitCurve,    ///< SpecifiedECDomain equal to sm2p256v1
};

/// A public key of any supported kind, checked on reading (SM2 and EC: on the curve; RSA: modulus of 1024 to
/// 16384 bits). Immutable, cheap to copy, usable from any thread.
class PublicKey {
 public:
  /// SubjectPublicKeyInfo in DER. kMalformed "key.spki" when broken (EC: also a point off the curve), kPolicy
  /// "key.unsupported" when the algorithm or curve is none of ours (DSA, Ed25519, P-224 ...), kPolicy
  /// "key.weak" / "key.too_large" for RSA outside 1024 to 16384 bits. EC points may be compressed, SM2 points
  /// not.
  static Result<PublicKey> from_spki(ByteView der);
  explicit PublicKey(const Sm2PublicKey& key);

  KeyType type() const;
  std::string_view name() const;  ///< "SM2", "RSA-2048", "P-256" ...
  unsigned bits() const;
  SpkiForm form() const;
  /// The SM2 key when type() is kSm2, else null.
  const Sm2PublicKey* sm2() const;
  /// SubjectPublicKeyInfo as we write it (standard form).
  Bytes to_spki() const;
  /// Content of subjectPublicKey without the unused-bits octet: what key identifiers hash.
  Bytes key_octets() const;
  friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.to_spki() == b.to_spki(); }

 private:
  friend struct PublicKeyAccess;  // these two: inside this module only
  friend struct PublicKeyReader;
  struct Impl;
  explicit PublicKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

}  // namespace hutong::crypto
