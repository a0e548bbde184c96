#include "crypto/internal/sm2_verification.h"

#include "crypto/internal/sm2_scalar.h"

namespace hutong::crypto::internal {

std::optional<Sm2Claim> claim_of(const Sm3Digest& e, const Sm2Signature& signature) {
  if (!is_in_order_range(signature.r) || !is_in_order_range(signature.s)) {
    return std::nullopt;
  }
  const Scalar r = Scalar::reduce(signature.r);
  const Scalar t = r + Scalar::reduce(signature.s);
  if (t.is_zero() != 0) {
    return std::nullopt;
  }
  const Scalar x = r - Scalar::reduce(e);
  return Sm2Claim{signature.s, t.octets(), x.octets()};
}

Sm3Digest message_digest(const Sm3Digest& z, ByteView message) {
  Sm3 hash;
  hash.update(z);
  hash.update(message);
  return hash.finish();
}

}  // namespace hutong::crypto::internal
