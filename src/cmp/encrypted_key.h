#pragma once

#include "base/bytes.h"
#include "base/result.h"

/// How the private key of an encryption certificate travels in a certificate response: the SM2EnvelopedKey of
/// GM/T 0009 (cms/enveloped_key.h) inside an EncryptedValue (RFC 4211 2.2), because tokens take it as it is
/// and every reader of CMP takes an EncryptedValue:
///   EncryptedValue { intendedAlg [0] { ecPublicKey, SM2 curve }, keyAlg [3] { SM2 encryption, 301.3 },
///                    encValue BIT STRING holding the DER of SM2EnvelopedKey }
namespace hutong::cmp {

/// CertifiedKeyPair.privateKey for an enveloped key.
Bytes write_enveloped_key(ByteView enveloped_key);
/// The SM2EnvelopedKey inside. kPolicy "cmp.key_form" for another algorithm or structure (EnvelopedData, an
/// EncryptedValue with a symmetric key of its own), kMalformed "cmp.structure".
Result<Bytes> read_enveloped_key(ByteView private_key);

}  // namespace hutong::cmp
