#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/random.h"
#include "crypto/sm2.h"

namespace hutong::crypto {

/// What a file made by somebody else may cost us.
struct KeyFileLimits {
  std::uint64_t most_rounds = 10'000'000;  ///< of key derivation; kLimit "pbkdf2.rounds" above
};

/// Reads an SM2 private key from PKCS#8 (both inner forms), encrypted PKCS#8 (PBES2 with PBKDF2 over HMAC-SM3
/// / SHA, SM4-CBC, AES-CBC or 3DES-CBC), SEC1 ECPrivateKey, the bare SM2PrivateKey INTEGER of GM/T 0009, each
/// as DER or PEM; of a PEM file with several blocks the first private key. The public key inside, when
/// present, must match. Reasons: kMalformed "key_file.format", kPolicy "key_file.unsupported" (another curve
/// or algorithm), kUnauthorized "key_file.password" (missing or wrong), kMalformed "key_file.mismatch".
Result<Sm2PrivateKey> read_private_key(ByteView file, std::optional<std::string_view> password = std::nullopt,
                                       const KeyFileLimits& limits = {});

/// PKCS#8 in DER, inner ECPrivateKey with [1] public key, as OpenSSL writes it.
SecretBytes write_pkcs8(const Sm2PrivateKey& key);
/// EncryptedPrivateKeyInfo: PBES2, PBKDF2 with HMAC-SM3 (401.2 without parameters, the form GmSSL reads),
/// SM4-CBC.
struct Pkcs8Encryption {
  std::uint32_t rounds = 65'536;
};
Result<Bytes> write_encrypted_pkcs8(const Sm2PrivateKey& key, std::string_view password,
                                    const Pkcs8Encryption& how = {}, RandomSource& random = system_random());
/// SEC1 ECPrivateKey with [0] curve and [1] public key.
SecretBytes write_sec1(const Sm2PrivateKey& key);

/// What a PKCS#12 file holds: read through OpenSSL (PBES1/PBES2 of its default and legacy sets; the key also
/// with PBES2 as read_private_key takes it). Certificates are DER; of several keys the first.
struct Pkcs12Content {
  std::optional<Sm2PrivateKey> key;
  std::vector<Bytes> certificates;  ///< the key's own certificate first when it is there
};
/// kMalformed "pkcs12.format", kUnauthorized "pkcs12.password" (wrong, or the file was altered), kPolicy
/// "pkcs12.unsupported" (no SM2 key, or an algorithm that nobody here has), kLimit "pbkdf2.rounds"; the key's
/// own encoding may also give "key_file.mismatch".
Result<Pkcs12Content> read_pkcs12(ByteView file, std::string_view password, const KeyFileLimits& limits = {});
/// PBES2 with AES-256-CBC and an HMAC-SHA-256 integrity check: what other tools can open. The key's own
/// certificate, when there is one, must be the first.
Result<Bytes> write_pkcs12(const Sm2PrivateKey& key, const std::vector<Bytes>& certificates,
                           std::string_view password, std::string_view friendly_name);

}  // namespace hutong::crypto
