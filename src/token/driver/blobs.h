#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/sm2.h"
#include "token/driver/quirks.h"

/// Between our types and the packed structures of GM/T 0016 clause 6.4. What a driver may do otherwise is a
/// quirk (quirks.h).
namespace hutong::token {

/// ECCPUBLICKEYBLOB. kMalformed "token.structure" (size, or a number neither right- nor, by quirk,
/// left-aligned), "sm2.public_key"; kPolicy "token.not_sm2" for an RSAPUBLICKEYBLOB.
Result<crypto::Sm2PublicKey> read_public_key(ByteView blob, const Quirks& quirks);
Bytes write_public_key(const crypto::Sm2PublicKey& key);

/// ECCSIGNATUREBLOB; by quirk DER at its start. kMalformed "token.structure", "sm2.signature".
Result<crypto::Sm2Signature> read_signature(ByteView blob, const Quirks& quirks);

/// ECCCIPHERBLOB from SM2Cipher of GM/T 0009. kMalformed "sm2.ciphertext".
Result<Bytes> write_cipher(ByteView sm2_cipher);

/// ENVELOPEDKEYBLOB from SM2EnvelopedKey of GM/T 0009. An encrypted private key of 32 octets (or 48 with
/// padding, whose first 32 are it) stands in the right half of its field, behind zeros; one of 64 octets
/// fills it. The other layout that drivers want (all of the field encrypted) cannot be made here from 32
/// octets: it takes the symmetric key, which only the token can open. The errors of cms::read_enveloped_key.
Result<Bytes> write_enveloped_key(ByteView enveloped_key);

}  // namespace hutong::token
