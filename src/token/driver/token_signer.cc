#include "token/driver/token_signer.h"

#include <algorithm>

namespace hutong::token {

Result<TokenSigner> TokenSigner::create(const Container& container) {
  HUTONG_TRY(const crypto::Sm2PublicKey key, container.public_key(KeyUse::kSignature));
  return TokenSigner(container, crypto::PublicKey(key));
}

Result<Bytes> TokenSigner::sign_digest(ByteView digest) const {
  crypto::Sm3Digest e{};
  if (digest.size() != e.size()) {
    return Error{Errc::kMalformed, "token.input", "a digest of " + std::to_string(digest.size()) + " octets"};
  }
  std::ranges::copy(digest, e.begin());
  return container_.sign_digest(e);
}

}  // namespace hutong::token
