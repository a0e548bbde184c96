#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "asn1/oid.h"
#include "base/bytes.h"
#include "base/result.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"
#include "crypto/sm2_prepared.h"

namespace hutong::crypto {

enum class SignatureScheme : std::uint8_t { kSm2, kRsaPkcs1, kRsaPss, kEcdsa };

/// A signature algorithm read from an AlgorithmIdentifier.
struct SignatureAlgorithm {
  SignatureScheme scheme = SignatureScheme::kSm2;
  DigestAlgorithm digest = DigestAlgorithm::kSm3;
  std::uint32_t pss_salt_size = 0;  ///< kRsaPss only
  DigestAlgorithm pss_mgf_digest = DigestAlgorithm::kSm3;

  /// kMalformed "signature.algorithm" when broken (parameters that the RFCs forbid: RSA PKCS#1 wants NULL or
  /// nothing, ECDSA nothing, SM2 nothing or NULL), kPolicy "signature.unsupported" when none of ours.
  static Result<SignatureAlgorithm> from_der(ByteView algorithm_identifier);
  /// AlgorithmIdentifier as we write it: SM2-with-SM3 without parameters.
  Bytes to_der() const;
  std::string name() const;  ///< "SM2-SM3", "RSA-SHA-256", "RSA-PSS-SHA-256", "ECDSA-SHA-384"
  /// True when a key of this type can make such a signature.
  bool fits(KeyType type) const;
  friend bool operator==(const SignatureAlgorithm&, const SignatureAlgorithm&) = default;
};

inline constexpr SignatureAlgorithm kSm2WithSm3{};

/// Verifies one signature over a message that comes in pieces. Move-only; belongs to one thread.
class SignatureVerifier {
 public:
  /// kPolicy "signature.key_mismatch" when the key cannot have made such a signature. `sm2_id` matters for
  /// SM2 only.
  static Result<SignatureVerifier> create(const PublicKey& key, const SignatureAlgorithm& algorithm,
                                          std::string_view sm2_id = kSm2DefaultId);
  SignatureVerifier(SignatureVerifier&&) noexcept;
  SignatureVerifier& operator=(SignatureVerifier&&) noexcept;
  ~SignatureVerifier();
  void update(ByteView message);
  /// True when `signature` (DER for SM2 and ECDSA) is right; false for anything else. Call once.
  bool verify(ByteView signature);

 private:
  struct Impl;
  explicit SignatureVerifier(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// The whole message at once. False when the key does not fit the algorithm.
bool verify_signature(const PublicKey& key, const SignatureAlgorithm& algorithm, ByteView message,
                      ByteView signature);
/// For RSA and ECDSA: a hash made elsewhere; for SM2: e = SM3(Z || M).
bool verify_digest(const PublicKey& key, const SignatureAlgorithm& algorithm, ByteView digest,
                   ByteView signature);
/// The same with a key made ready; false for any algorithm but SM2 with SM3.
bool verify_signature(const Sm2PreparedKey& key, const SignatureAlgorithm& algorithm, ByteView message,
                      ByteView signature);
bool verify_digest(const Sm2PreparedKey& key, const SignatureAlgorithm& algorithm, ByteView digest,
                   ByteView signature);

/// Something that can sign: a key in memory now, a token or an SDF device later. Implementations say which
/// threads may call them.
class Signer {
 public:
  virtual ~Signer() = default;
  virtual const PublicKey& public_key() const = 0;
  virtual SignatureAlgorithm algorithm() const = 0;
  /// Signature in the encoding of X.509 (DER for SM2). For SM2 the default id is used.
  virtual Result<Bytes> sign(ByteView message) const = 0;
  /// For large messages: `digest` is e = SM3(Z || M) for SM2.
  virtual Result<Bytes> sign_digest(ByteView digest) const = 0;
};

/// An SM2 key in memory as a Signer; usable from any thread.
class Sm2Signer final : public Signer {
 public:
  explicit Sm2Signer(Sm2PrivateKey key, RandomSource& random = system_random());
  /// For many signatures, with prepared nonces (sm2_nonce_pool.h). The pool outlives the signer and may serve
  /// others.
  Sm2Signer(Sm2PrivateKey key, Sm2NoncePool& pool);
  const PublicKey& public_key() const override { return public_key_; }
  SignatureAlgorithm algorithm() const override { return kSm2WithSm3; }
  Result<Bytes> sign(ByteView message) const override;
  Result<Bytes> sign_digest(ByteView digest) const override;
  const Sm2PrivateKey& key() const { return key_; }

 private:
  Sm2PrivateKey key_;
  PublicKey public_key_;
  RandomSource* random_ = nullptr;
  Sm2NoncePool* pool_ = nullptr;  ///< instead of `random_`
};

}  // namespace hutong::crypto
