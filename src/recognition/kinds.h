#pragma once

#include <cstdint>
#include <string_view>

namespace hutong::recognition {

/// What was handed in for recognition. Told by structure alone, never by file name or content type.
enum class Kind : std::uint8_t {
  kUnknown,
  kCertificate,
  kCertificateBundle,  ///< several certificates: PEM, one after the other, or SignedData without a signer
  kCrl,
  kCertificateRequest,
  kSignedMessage,
  kDetachedSignature,
  kEnvelopedMessage,
  kTimestamp,  ///< a response or a bare token
  kOcspResponse,
};
std::string_view to_string(Kind kind);  ///< "certificate", "detached_signature" …

enum class Encoding : std::uint8_t { kDer, kPem, kBase64 };
std::string_view to_string(Encoding encoding);  ///< "der", "pem", "base64"

}  // namespace hutong::recognition
