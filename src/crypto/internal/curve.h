#pragma once

#include <cstdint>
#include <string_view>

#include "asn1/oid.h"
#include "asn1/reader.h"
#include "base/result.h"

namespace hutong::crypto {

enum class CurveName : std::uint8_t { kSm2, kP256, kP384, kP521, kOther };

struct Curve {
  CurveName name = CurveName::kOther;
  bool is_explicit = false;  ///< written out as a SpecifiedECDomain
};

struct CurveProperties {
  CurveName name;
  asn1::Oid oid;
  const char* text;          ///< "P-256"
  const char* openssl_name;  ///< OpenSSL's name of the group
  unsigned bits;             ///< of the field
};
/// Not for kOther.
const CurveProperties& curve_properties(CurveName name);

/// Reads EcpkParameters (RFC 3279 2.3.5, SEC 1 C.2). A written-out curve is known only when every number
/// equals sm2p256v1; all other curves, and the implicit one (NULL), are kOther. kMalformed with asn1 reasons.
Result<Curve> read_curve(asn1::Reader& in);

}  // namespace hutong::crypto
