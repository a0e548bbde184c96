#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"
#include "crypto/signature.h"

namespace hutong::cms::internal {

struct AlgorithmId {
  asn1::Oid oid;
  ByteView parameters;  ///< DER of the parameters, empty when absent
  bool null_or_absent() const;
};
Result<AlgorithmId> read_algorithm(ByteView der);

/// A digest AlgorithmIdentifier: parameters NULL or absent. Also reads 1.2.156.10197.1.401.1 as SM3. kPolicy
/// "cms.algorithm_unsupported", kMalformed "cms.algorithm".
Result<crypto::DigestAlgorithm> read_digest_algorithm(ByteView der);
Bytes write_digest_algorithm(crypto::DigestAlgorithm algorithm);  ///< parameters NULL

struct SignatureChoice {
  crypto::SignatureAlgorithm algorithm;
  std::string odd_name;  ///< set when an SM2 signature is not named 301.1 (GM/T 0010) or 501
};
/// What the signature field of a SignerInfo means together with its digest algorithm and the signer's key. It
/// may name the key's algorithm only (rsaEncryption, id-ecPublicKey, SM2 301.x). kMalformed when broken,
/// kPolicy "cms.algorithm_unsupported", kConflict "cms.algorithm_mismatch".
Result<SignatureChoice> choose_signature(ByteView field, crypto::DigestAlgorithm digest,
                                         const crypto::PublicKey& key);
/// The signature field that we write: 301.1 with NULL for SM2 in GM form; the full algorithm otherwise.
enum class SignatureField : std::uint8_t { kGm, kRfc };
Bytes write_signature_algorithm(const crypto::SignatureAlgorithm& algorithm, SignatureField field);

}  // namespace hutong::cms::internal
