#pragma once

#include <cstdint>

#include "asn1/oid.h"
#include "asn1/oids.h"
#include "base/bytes.h"
#include "base/result.h"
#include "crypto/digest.h"
#include "crypto/random.h"

/// PasswordBasedMac (RFC 4210 5.1.3.1): a MAC under a key that is derived from a secret by hashing it many
/// times.
namespace hutong::cmp {

inline constexpr std::uint64_t kFewestIterations = 100;
inline constexpr std::uint64_t kMostIterations =
    100'000;  ///< a hostile number costs some hundredths of a second
inline constexpr std::size_t kMostSaltOctets = 128;

/// PBMParameter. As we write it: SM3 and HMAC-SM3.
struct PasswordMacParameters {
  Bytes salt;
  crypto::DigestAlgorithm one_way = crypto::DigestAlgorithm::kSm3;
  std::uint64_t iterations = 1'000;
  asn1::Oid mac = asn1::oids::kHmacSm3;  ///< of an HMAC that we know, see from_der

  /// Ours with a fresh salt of 16 octets.
  static PasswordMacParameters fresh(crypto::RandomSource& random = crypto::system_random());
  /// The same algorithms and iterations with a fresh salt: what an answer uses.
  PasswordMacParameters with_fresh_salt(crypto::RandomSource& random = crypto::system_random()) const;

  /// AlgorithmIdentifier of a PasswordBasedMac. kMalformed "cmp.structure"; kPolicy "cmp.algorithm" (another
  /// protection; a one-way function below SHA-224 or unknown; a MAC that is no HMAC over SHA-1, SHA-2 or
  /// SM3), kLimit "cmp.iterations" (below 100 or above 100,000). HMAC-SHA-1 is what OpenSSL asks for when
  /// nothing else is said; as a MAC it is not broken.
  static Result<PasswordMacParameters> from_der(ByteView algorithm_identifier);
  Bytes to_der() const;
  friend bool operator==(const PasswordMacParameters&, const PasswordMacParameters&) = default;
};

/// kPolicy "cmp.algorithm" for a MAC that from_der would refuse.
Result<Bytes> password_mac(const PasswordMacParameters& parameters, ByteView secret, ByteView protected_part);

}  // namespace hutong::cmp
