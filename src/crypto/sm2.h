#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/random.h"
#include "crypto/sm3.h"

namespace hutong::crypto {

class Sm2NoncePool;
namespace internal {
class Sm2SigningFactor;
}

using Sm2Scalar = std::array<std::uint8_t, 32>;  ///< big-endian

/// The distinguishing identifier used wherever nothing else is agreed (GM/T 0009 clause 10).
inline constexpr std::string_view kSm2DefaultId = "1234567812345678";
/// ENTL counts the bits of the identifier in 16 bits.
inline constexpr std::size_t kSm2MostIdSize = 8191;

/// r and s, big-endian, each in [1, n-1] when made by from_der / from_raw.
struct Sm2Signature {
  Sm2Scalar r{};
  Sm2Scalar s{};

  /// SEQUENCE { r INTEGER, s INTEGER }, strict DER (GM/T 0009 7.3). kMalformed "sm2.signature".
  static Result<Sm2Signature> from_der(ByteView der);
  /// 64 octets r || s. kMalformed "sm2.signature".
  static Result<Sm2Signature> from_raw(ByteView raw);
  Bytes to_der() const;
  std::array<std::uint8_t, 64> to_raw() const;
  friend bool operator==(const Sm2Signature&, const Sm2Signature&) = default;
};

/// A point on sm2p256v1 that was checked: coordinates below p, on the curve, not infinity. Immutable.
class Sm2PublicKey {
 public:
  /// 65 octets 04 || X || Y. Compressed and hybrid forms, infinity and points off the curve are kMalformed
  /// "sm2.public_key".
  static Result<Sm2PublicKey> from_octets(ByteView octets);
  const std::array<std::uint8_t, 65>& octets() const { return octets_; }

  /// Z of GB/T 32918.2 5.5: SM3(ENTL || id || a || b || G || P). The id is at most kSm2MostIdSize octets
  /// long; a longer one is a caller's bug (std::length_error), but verify() merely says false.
  Sm3Digest z(ByteView id) const;
  /// Verifies against e = SM3(Z || M), given ready ("digest" interfaces of SDF and SKF).
  bool verify_digest(const Sm3Digest& e, const Sm2Signature& signature) const;
  bool verify(ByteView message, const Sm2Signature& signature, std::string_view id = kSm2DefaultId) const;

  friend bool operator==(const Sm2PublicKey&, const Sm2PublicKey&) = default;

 private:
  friend class Sm2PrivateKey;
  Sm2PublicKey() = default;
  std::array<std::uint8_t, 65> octets_{};
};

/// d in [1, n-2] and its public key. Move-only, wiped; usable from any thread. All operations are
/// constant-time in d and in nonces. The first signature takes a tenth longer than the others.
class Sm2PrivateKey {
 public:
  static Sm2PrivateKey generate(RandomSource& random = system_random());
  /// 32 octets, big-endian. kMalformed "sm2.private_key" when out of range.
  static Result<Sm2PrivateKey> from_octets(ByteView d);
  Sm2PrivateKey(Sm2PrivateKey&&) noexcept;
  Sm2PrivateKey& operator=(Sm2PrivateKey&&) noexcept;
  ~Sm2PrivateKey();

  const Sm2PublicKey& public_key() const { return public_key_; }
  /// d, for key files only.
  const SecretBytes& expose() const { return d_; }

  Sm2Signature sign_digest(const Sm3Digest& e, RandomSource& random = system_random()) const;
  Sm2Signature sign(ByteView message, std::string_view id = kSm2DefaultId,
                    RandomSource& random = system_random()) const;
  /// The same with a nonce of the pool (sm2_nonce_pool.h), which is faster.
  Sm2Signature sign_digest(const Sm3Digest& e, Sm2NoncePool& pool) const;
  Sm2Signature sign(ByteView message, std::string_view id, Sm2NoncePool& pool) const;

 private:
  explicit Sm2PrivateKey(ByteView d);
  SecretBytes d_;
  std::unique_ptr<internal::Sm2SigningFactor> signing_factor_;
  Sm2PublicKey public_key_;
};

/// Layouts of an SM2 ciphertext met in the wild (GB/T 32918.4; GM/T 0009 7.2). We write kAsn1.
enum class Sm2CipherLayout : std::uint8_t {
  kAsn1,            ///< SEQUENCE { x, y, C3, C2 } of GM/T 0009
  kC1C3C2,          ///< 04 || X || Y || C3 || C2
  kC1C2C3,          ///< 04 || X || Y || C2 || C3, the draft of 2010
  kC1C3C2NoPrefix,  ///< the same without 04
  kC1C2C3NoPrefix,
};

/// Public-key encryption. The message has 1 octet or more: kPolicy "sm2.empty_message".
Result<Bytes> sm2_encrypt(const Sm2PublicKey& to, ByteView message,
                          Sm2CipherLayout layout = Sm2CipherLayout::kAsn1,
                          RandomSource& random = system_random());
/// One error for every cause that depends on the key: kCryptoFail "sm2.decrypt". A wrong layout is kMalformed
/// "sm2.ciphertext".
Result<SecretBytes> sm2_decrypt(const Sm2PrivateKey& key, ByteView ciphertext,
                                Sm2CipherLayout layout = Sm2CipherLayout::kAsn1);

/// Key exchange (GB/T 32918.3), one party's view.
struct Sm2KeyExchange {
  enum class Role : std::uint8_t { kInitiator, kResponder };
  Role role;
  const Sm2PrivateKey& own;
  const Sm2PrivateKey& own_ephemeral;
  const Sm2PublicKey& peer;
  const Sm2PublicKey& peer_ephemeral;
  std::string_view own_id = kSm2DefaultId;
  std::string_view peer_id = kSm2DefaultId;
};
struct Sm2SharedKey {
  SecretBytes key;
  Sm3Digest responder_confirmation;  ///< S1 = S_B, sent by the responder
  Sm3Digest initiator_confirmation;  ///< S2 = S_A, sent by the initiator
};
/// kCryptoFail "sm2.key_exchange" when the shared point is infinity.
Result<Sm2SharedKey> sm2_exchange(const Sm2KeyExchange& exchange, std::size_t key_size);

}  // namespace hutong::crypto
