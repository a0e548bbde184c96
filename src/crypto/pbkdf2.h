#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/digest.h"

namespace hutong::crypto {

/// PBKDF2 (RFC 8018) with HMAC over SM3, SHA-1, SHA-256 or SHA-512. At most 10,000,000 rounds: kLimit
/// "pbkdf2.rounds"; 0 rounds or an empty result are kMalformed "pbkdf2.parameters".
Result<SecretBytes> pbkdf2(DigestAlgorithm prf, ByteView password, ByteView salt, std::uint64_t rounds,
                           std::size_t size);

}  // namespace hutong::crypto
