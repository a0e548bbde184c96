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

/// Reads an SM2 private key from PKCS#8 (both inner forms), encrypted PKCS#8 (PBES2 with PBKDF2 over HMAC-SM3
/// / SHA, SM4-CBC or AES-CBC), SEC1 ECPrivateKey, the bare SM2PrivateKey INTEGER of GM/T 0009, each as DER or
/// PEM. The public key inside, when present, must match. Reasons: kMalformed "key_file.format", kPolicy
/// "key_file.unsupported" (another curve or algorithm), kUnauthorized "key_file.password" (missing or wrong),
/// kMalformed "key_file.mismatch".
Result<Sm2PrivateKey> read_private_key(ByteView file,
                                       std::optional<std::string_view> password = std::nullopt);

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

/// What a PKCS#12 file holds: read through OpenSSL (PBES1/PBES2 of its default and legacy sets). Certificates
/// are DER. Reasons as for read_private_key, "pkcs12.…".
struct Pkcs12Content {
  std::optional<Sm2PrivateKey> key;
  std::vector<Bytes> certificates;  ///< the key's own certificate first when it is there
};
Result<Pkcs12Content> read_pkcs12(ByteView file, std::string_view password);
Result<Bytes> write_pkcs12(const Sm2PrivateKey& key, const std::vector<Bytes>& certificates,
                           std::string_view password, std::string_view friendly_name);

}  // namespace hutong::crypto
