#pragma once

#include <string_view>

#include "base/bytes.h"
#include "crypto/digest.h"
#include "crypto/internal/openssl.h"

/// OpenSSL as the independent other side in this module's tests. Throws std::runtime_error when a call fails.
namespace hutong::crypto::peer {

ossl::Key generate_rsa(unsigned bits);
ossl::Key generate_ec(const char* curve);
ossl::Key generate_sm2();
/// Any plain private key that OpenSSL can decode by itself; null when it cannot.
ossl::Key read_private_key(ByteView der);
ossl::Key read_spki(ByteView der);
Bytes spki(const ossl::Key& key);
/// PKCS#8 in DER, unencrypted.
Bytes pkcs8(const ossl::Key& key);
/// d, big-endian, 32 octets.
Bytes private_scalar(const ossl::Key& key);

struct Signed {
  Bytes algorithm;  ///< AlgorithmIdentifier in DER
  Bytes signature;
};
/// RSA PKCS#1 v1.5 and ECDSA.
Signed sign(const ossl::Key& key, DigestAlgorithm digest, ByteView message);
Signed sign_pss(const ossl::Key& key, DigestAlgorithm digest, DigestAlgorithm mgf_digest, int salt_size,
                ByteView message);
/// PKCS#1 v1.5 padding and the private operation on any payload (RSA with SM3, which OpenSSL 3.0 lacks).
Bytes sign_payload(const ossl::Key& key, ByteView payload);

Bytes sm2_sign(const ossl::Key& key, std::string_view id, ByteView message);
bool sm2_verify(const ossl::Key& key, std::string_view id, ByteView message, ByteView signature);

}  // namespace hutong::crypto::peer
