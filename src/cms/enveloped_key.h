#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "cms/enveloped_data.h"
#include "crypto/random.h"
#include "crypto/sm2.h"

/// SM2EnvelopedKey of GM/T 0009 7.4: how an encryption key pair travels from the key centre to its holder,
/// under the holder's signature key.
namespace hutong::cms {

/// How the symmetric algorithm is named; the norm leaves it open, and readers differ.
enum class EnvelopedKeyForm : std::uint8_t {
  kSm4Ecb,  ///< 1.2.156.10197.1.104.1 with NULL
  kSm4,     ///< 1.2.156.10197.1.104 without parameters
};

/// Wraps a key pair for the holder of a signature key: a fresh SM4 key under SM2, the 32 octets of d under
/// SM4-ECB without padding. Draws the SM4 key, then the nonce.
Result<Bytes> wrap_key_pair(const crypto::Sm2PrivateKey& key_pair, const crypto::Sm2PublicKey& holder,
                            EnvelopedKeyForm form = EnvelopedKeyForm::kSm4Ecb,
                            crypto::RandomSource& random = crypto::system_random());

/// Reads 104 and 104.1, with NULL or without; private keys of 32 octets, padded ones, INTEGERs, and the field
/// of 64 octets that GM/T 0016 has, right-aligned. The
/// public key in the structure decides: the result is its private key. kMalformed "enveloped_key.structure",
/// kPolicy "enveloped_key.algorithm", kCryptoFail "enveloped_key.open" for everything that depends on a key.
Result<crypto::Sm2PrivateKey> unwrap_key_pair(ByteView der, const KeyOpener& holder);

/// The parts of the structure, for devices that open it themselves (GM/T 0016 ENVELOPEDKEYBLOB).
struct EnvelopedKeyParts {
  Bytes cipher;  ///< SM2Cipher: the symmetric key under the holder's signature key
  crypto::Sm2PublicKey public_key;
  Bytes encrypted_private_key;  ///< SM4-ECB; 32 octets, or 48 padded, or a whole field of 64
};
/// kMalformed "enveloped_key.structure", "sm2.public_key" or "asn1.…", kPolicy "enveloped_key.algorithm".
Result<EnvelopedKeyParts> read_enveloped_key(ByteView der);

/// Whose private key is inside.
Result<crypto::Sm2PublicKey> enveloped_public_key(ByteView der);

}  // namespace hutong::cms
