#pragma once

#include <optional>

#include "crypto/internal/sm2_kernel.h"
#include "crypto/sm2.h"

namespace hutong::crypto::internal {

/// What a signature claims (GB/T 32918.2 7.1): that s*G + t*P has the x coordinate `x`, modulo n.
struct Sm2Claim {
  Sm2ScalarOctets s;
  Sm2ScalarOctets t;
  Sm2ScalarOctets x;
};
/// Nothing when r or s is out of range or t is zero: then the signature is wrong (B1, B2, B5).
std::optional<Sm2Claim> claim_of(const Sm3Digest& e, const Sm2Signature& signature);

/// e = SM3(Z || M).
Sm3Digest message_digest(const Sm3Digest& z, ByteView message);

}  // namespace hutong::crypto::internal
