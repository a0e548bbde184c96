#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "crypto/sm2.h"
#include "crypto/sm2_prepared.h"

namespace hutong::provider {

/// Verifies with one public key and prepares it (crypto::Sm2PreparedKey, 148 KiB) when it was used often
/// enough to pay: a CA's key in a program that checks certificates all day. At most kMostPrepared keys in the
/// process are prepared at a time; further ones verify at the plain speed. Usable from any thread.
class Sm2Verifier {
 public:
  static constexpr std::uint32_t kUsesBeforePreparing = 24;
  static constexpr int kMostPrepared = 64;

  explicit Sm2Verifier(const crypto::Sm2PublicKey& key) : key_(key) {}
  Sm2Verifier(const Sm2Verifier&) = delete;
  Sm2Verifier& operator=(const Sm2Verifier&) = delete;
  ~Sm2Verifier();

  const crypto::Sm2PublicKey& key() const { return key_; }
  bool verify_digest(const crypto::Sm3Digest& e, const crypto::Sm2Signature& signature) const;

 private:
  void count_use() const;
  crypto::Sm2PublicKey key_;
  mutable std::atomic<std::uint32_t> uses_ = 0;
  mutable std::atomic<const crypto::Sm2PreparedKey*> prepared_ = nullptr;  ///< owned; set once
};

}  // namespace hutong::provider
