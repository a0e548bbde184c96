#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/digest.h"

namespace hutong::crypto {

inline constexpr std::uint64_t kPbkdf2MostRounds = 10'000'000;
inline constexpr std::size_t kPbkdf2MostOctets = 1024;    ///< of the result
inline constexpr std::size_t kPbkdf2MostInput = 1 << 20;  ///< octets of the password and of the salt

/// PBKDF2 (RFC 8018) with HMAC over SM3, SHA-1 or SHA-2. kLimit "pbkdf2.rounds" and "pbkdf2.size" above these
/// bounds; 0 rounds or an empty result are kMalformed "pbkdf2.parameters".
Result<SecretBytes> pbkdf2(DigestAlgorithm prf, ByteView password, ByteView salt, std::uint64_t rounds,
                           std::size_t size);
/// The same with HMAC-SM3, for libraries that must not bring OpenSSL along.
Result<SecretBytes> pbkdf2_sm3(ByteView password, ByteView salt, std::uint64_t rounds, std::size_t size);

}  // namespace hutong::crypto
