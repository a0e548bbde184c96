#pragma once

#include <memory>

#include "crypto/digest.h"
#include "crypto/signature.h"

namespace hutong::test {

/// Signers whose keys OpenSSL makes and holds: what the project itself only verifies.
std::shared_ptr<const crypto::Signer> rsa_signer(unsigned bits, crypto::DigestAlgorithm digest);
std::shared_ptr<const crypto::Signer> p256_signer();

}  // namespace hutong::test
