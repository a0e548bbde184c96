#pragma once

#include <memory>

#include "crypto/sm2.h"

namespace hutong::crypto {

namespace internal {
class Sm2PreparedPoint;
}

/// A public key made ready for many verifications, such as a CA's, or for many encryptions to one recipient:
/// a table of multiples of the point (37 windows of 64 points, 148 KiB) saves all doublings, and Z of the
/// default identifier is kept. A verification takes about a quarter of the time, an encryption a third;
/// making the table takes as long as about ten plain ones, so it pays for a key that is met more often
/// than that. Immutable, usable from any thread; move-only. Whoever keeps many of them bounds their number.
class Sm2PreparedKey {
 public:
  explicit Sm2PreparedKey(const Sm2PublicKey& key);
  Sm2PreparedKey(Sm2PreparedKey&&) noexcept;
  Sm2PreparedKey& operator=(Sm2PreparedKey&&) noexcept;
  ~Sm2PreparedKey();

  /// Octets of memory that one of these keeps.
  static constexpr std::size_t kMemory = std::size_t{37} * 64 * 64;
  const Sm2PublicKey& key() const { return key_; }

  /// The same answers as Sm2PublicKey's functions of these names.
  bool verify_digest(const Sm3Digest& e, const Sm2Signature& signature) const;
  bool verify(ByteView message, const Sm2Signature& signature, std::string_view id = kSm2DefaultId) const;

 private:
  friend Result<Bytes> sm2_encrypt(const Sm2PreparedKey& to, ByteView message, Sm2CipherLayout layout,
                                   RandomSource& random);
  Sm2PublicKey key_;
  Sm3Digest default_z_;
  std::unique_ptr<const internal::Sm2PreparedPoint> point_;
};

/// The same as sm2_encrypt for the key itself, and as constant-time.
Result<Bytes> sm2_encrypt(const Sm2PreparedKey& to, ByteView message,
                          Sm2CipherLayout layout = Sm2CipherLayout::kAsn1,
                          RandomSource& random = system_random());

}  // namespace hutong::crypto
