#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/internal/sm2_kernel.h"
#include "crypto/sm2.h"

namespace hutong::crypto::internal {

/// The parts of an SM2 ciphertext (GB/T 32918.4 6.1): C1 = k*G, C2 = the masked message, C3 = its hash. C1 is
/// not checked yet.
struct Sm2Ciphertext {
  Sm2Coordinates c1;
  Bytes c2;
  Sm3Digest c3{};
};

Bytes write_ciphertext(const Sm2Ciphertext& ciphertext, Sm2CipherLayout layout);
/// kMalformed "sm2.ciphertext" when the octets do not have this layout or C2 is empty.
Result<Sm2Ciphertext> read_ciphertext(ByteView octets, Sm2CipherLayout layout);

}  // namespace hutong::crypto::internal
