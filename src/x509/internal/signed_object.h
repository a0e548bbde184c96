#pragma once

#include <mutex>
#include <optional>
#include <utility>

#include "asn1/oid.h"
#include "asn1/reader.h"
#include "base/bytes.h"
#include "base/result.h"
#include "crypto/public_key.h"
#include "crypto/signature.h"
#include "crypto/sm2_prepared.h"
#include "x509/internal/lazy.h"
#include "x509/quirks.h"

namespace hutong::x509::internal {

/// SEQUENCE { toBeSigned, AlgorithmIdentifier, BIT STRING }: certificates, lists, requests. Views into the
/// input.
struct SignedObject {
  ByteView der;  ///< without what may follow it
  ByteView tbs;
  ByteView algorithm;
  ByteView signature;  ///< empty when it is no string of octets: it then never verifies
};
/// Octets after the end are the quirk kTrailingOctets.
Result<SignedObject> read_signed_object(ByteView input, QuirkRecorder& quirks);

/// A Time; notes a GeneralizedTime before 2050.
Result<asn1::TimeValue> read_date(asn1::Reader& fields, QuirkRecorder& quirks);

/// Notes NULL parameters of SM2-with-SM3.
Status check_algorithm_form(ByteView algorithm_der, QuirkRecorder& quirks);

/// SubjectPublicKeyInfo taken apart, with the quirks of its form; the key itself is not looked at.
struct SpkiView {
  ByteView der;
  asn1::Oid algorithm;
  ByteView key_octets;
};
Result<SpkiView> read_spki(asn1::Reader& fields, QuirkRecorder& quirks);

/// True when the signature over `tbs` verifies; false also for an unknown algorithm.
bool verifies(const crypto::PublicKey& key, const Result<crypto::SignatureAlgorithm>& algorithm, ByteView tbs,
              ByteView signature);
/// The same with an SM2 key made ready; false when the algorithm is not SM2-with-SM3.
bool verifies(const crypto::Sm2PreparedKey& key, const Result<crypto::SignatureAlgorithm>& algorithm,
              ByteView tbs, ByteView signature);

}  // namespace hutong::x509::internal
