#pragma once

#include "crypto/signature.h"
#include "token/driver/container.h"

namespace hutong::cli {

/// The signature key of a container as a Signer. The user must have logged in.
class TokenSigner final : public crypto::Signer {
 public:
  static Result<TokenSigner> create(const token::Container& container) {
    HUTONG_TRY(const auto key, container.public_key(token::KeyUse::kSignature));
    return TokenSigner(container, crypto::PublicKey(key));
  }
  const crypto::PublicKey& public_key() const override { return public_key_; }
  crypto::SignatureAlgorithm algorithm() const override { return crypto::kSm2WithSm3; }
  Result<Bytes> sign(ByteView message) const override { return container_.sign(message); }
  Result<Bytes> sign_digest(ByteView digest) const override {
    crypto::Sm3Digest e;
    if (digest.size() != e.size()) {
      return Error{Errc::kMalformed, "token.input", "a digest of 32 octets is needed"};
    }
    std::ranges::copy(digest, e.begin());
    return container_.sign_digest(e);
  }

 private:
  TokenSigner(token::Container container, crypto::PublicKey key)
      : container_(std::move(container)), public_key_(std::move(key)) {}
  token::Container container_;
  crypto::PublicKey public_key_;
};

}  // namespace hutong::cli
