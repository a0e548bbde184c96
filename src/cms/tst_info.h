#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "asn1/oid.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "x509/serial.h"

namespace hutong::cms {

/// What is stamped: a digest.
struct MessageImprint {
  crypto::DigestAlgorithm algorithm = crypto::DigestAlgorithm::kSm3;
  Bytes digest;
  friend bool operator==(const MessageImprint&, const MessageImprint&) = default;
};
MessageImprint imprint_of(ByteView data, crypto::DigestAlgorithm algorithm = crypto::DigestAlgorithm::kSm3);

/// Accuracy of genTime, in microseconds at most.
struct Accuracy {
  std::optional<std::uint32_t> seconds;
  std::optional<std::uint16_t> millis;  ///< 1 to 999
  std::optional<std::uint16_t> micros;  ///< 1 to 999
  bool untagged_millis = false;         ///< read as printed in GM/T 0033 (a bare second INTEGER)
  /// Rounded up to whole seconds.
  std::chrono::seconds to_seconds() const;
};

/// TSTInfo of RFC 3161 2.4.2 and GM/T 0033 7.2. Reading accepts a fraction of a second in genTime with "."
/// (not
/// ","), and millis without its tag.
struct TstInfo {
  asn1::Oid policy;
  MessageImprint imprint;
  x509::Serial serial;
  Time time{};                     ///< genTime, its fraction cut off
  std::uint32_t microseconds = 0;  ///< the fraction
  std::optional<Accuracy> accuracy;
  bool ordering = false;
  std::optional<x509::Serial> nonce;
  Bytes authority;   ///< DER of the GeneralName in tsa; empty when absent
  Bytes extensions;  ///< content of extensions; empty when absent

  /// kMalformed "timestamp.structure" or "asn1.…"; kPolicy "timestamp.digest_unknown".
  static Result<TstInfo> from_der(ByteView der);
  Bytes to_der() const;
};

}  // namespace hutong::cms
