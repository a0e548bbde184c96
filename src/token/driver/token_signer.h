#pragma once

#include "crypto/signature.h"
#include "token/driver/container.h"

namespace hutong::token {

/// The signature key of a container wherever a crypto::Signer is wanted: requests, messages, challenges.
/// Thread-safe, as the container is; "token.not_logged_in" when the PIN is wanted.
class TokenSigner final : public crypto::Signer {
 public:
  /// The errors of Container::public_key.
  static Result<TokenSigner> create(const Container& container);
  const crypto::PublicKey& public_key() const override { return public_key_; }
  crypto::SignatureAlgorithm algorithm() const override { return crypto::kSm2WithSm3; }
  Result<Bytes> sign(ByteView message) const override { return container_.sign(message); }
  /// `digest` is e = SM3(Z || M): kMalformed "token.input" unless it has 32 octets.
  Result<Bytes> sign_digest(ByteView digest) const override;

 private:
  TokenSigner(Container container, crypto::PublicKey public_key)
      : container_(std::move(container)), public_key_(std::move(public_key)) {}
  Container container_;
  crypto::PublicKey public_key_;
};

}  // namespace hutong::token
