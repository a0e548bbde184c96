#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/sm2.h"
#include "sdf/sdf.h"

/// Between our types and the structures of GM/T 0018, for both sides of the interface.
namespace hutong::sdf {

/// kMalformed "sdf.structure" (another curve's, or not right-aligned), "sm2.public_key", "sm2.signature".
Result<crypto::Sm2PublicKey> public_key_from(const ECCrefPublicKey& blob);
Result<crypto::Sm2Signature> signature_from(const ECCSignature& blob);
/// SM2Cipher of GM/T 0009. `most`: how many octets of C the memory holds. kMalformed "sdf.structure".
Result<Bytes> ciphertext_from(const ECCCipher& blob, std::size_t most);

ECCrefPublicKey blob_of(const crypto::Sm2PublicKey& key);
ECCSignature blob_of(const crypto::Sm2Signature& signature);
/// ECCCipher with all of C, and room behind it for devices that copy more than L octets. kMalformed
/// "sm2.ciphertext".
Result<Bytes> cipher_blob(ByteView sm2_cipher);

}  // namespace hutong::sdf
