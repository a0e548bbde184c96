#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/random.h"

/// EncryptedPrivateKeyInfo with PBES2 (RFC 8018 6.2). OpenSSL 3.0 knows no HMAC-SM3 there, so it is ours.
namespace hutong::crypto::pbes2 {

/// True when the algorithm is PBES2, whatever its parameters.
bool is_pbes2(ByteView encrypted_private_key_info);

/// PBKDF2 with HMAC over SM3, SHA-1 or SHA-2; SM4-CBC, AES-CBC, 3DES-CBC. Errors of key_file.h: format,
/// unsupported, password; kLimit "pbkdf2.rounds" above `most_rounds`.
Result<SecretBytes> decrypt(ByteView encrypted_private_key_info, ByteView password,
                            std::uint64_t most_rounds);

/// PBKDF2 with HMAC-SM3, SM4-CBC, in the form that GmSSL reads: 8 octets of salt, the key length written, the
/// PRF without parameters.
Result<Bytes> encrypt(ByteView plain, ByteView password, std::uint32_t rounds, RandomSource& random);

}  // namespace hutong::crypto::pbes2
