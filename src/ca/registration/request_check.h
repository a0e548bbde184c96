#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/public_key.h"

namespace hutong::ca::registration {

/// A certificate request (PKCS#10; GM/T 0092) whose key may be certified.
struct CheckedRequest {
  crypto::PublicKey key;
  Bytes key_sm3;  ///< of SubjectPublicKeyInfo as certificates hold it
};

/// Whether the key may be certified: kMalformed with the reasons of x509::CertificateRequest, kPolicy
/// "order.key_algorithm" (not SM2), "order.key_weak" (its private key is small or printed in a norm),
/// kCryptoFail "order.possession" (the request is not signed by its own key).
Result<CheckedRequest> check_request(ByteView der);

/// The same for a key whose possession was proved before (CMP), of any algorithm. kPolicy "order.key_weak".
Result<CheckedRequest> check_proven_key(const crypto::PublicKey& key);

/// Private keys that anybody would try first: 1 to 256, their negatives, the example keys of the norms.
bool is_weak(const crypto::Sm2PublicKey& key);

}  // namespace hutong::ca::registration
