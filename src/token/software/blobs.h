#pragma once

#include <span>

#include "base/result.h"
#include "crypto/sm2.h"
#include "token/skf.h"

/// Between the fixed-size blobs of the norm and SM2 objects. Numbers are right-aligned in their 64 octets;
/// when reading, left-aligned ones are taken too, provided that the right half is all zero.
namespace hutong::token::software {

/// SAR_INDATAERR for another length, too large a number or a point off the curve; of the others below as
/// well.
Result<crypto::Sm2PublicKey> public_key_from(const ECCPUBLICKEYBLOB& blob);
Result<crypto::Sm2PrivateKey> private_key_from(const ECCPRIVATEKEYBLOB& blob);
Result<crypto::Sm2Signature> signature_from(const ECCSIGNATUREBLOB& blob);
/// C1 || C3 || C2 without prefix. `most` is what the caller's memory can hold after the fixed part.
Result<Bytes> ciphertext_from(const ECCCIPHERBLOB& blob, std::size_t most);

ECCPUBLICKEYBLOB blob_of(const crypto::Sm2PublicKey& key);
ECCSIGNATUREBLOB blob_of(const crypto::Sm2Signature& signature);
/// Writes offsetof(Cipher) and the length of C2 octets.
void write_blob(ByteView c1c3c2_without_prefix, ECCCIPHERBLOB* blob);

}  // namespace hutong::token::software
