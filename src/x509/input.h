#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "x509/certificate.h"
#include "x509/quirks.h"

namespace hutong::x509 {

/// What an upload or a file turned out to be. Told by structure alone, not by name.
enum class InputKind : std::uint8_t {
  kUnknown,
  kCertificate,
  kCrl,
  kCertificateRequest,
  kOcspRequest,
  kOcspResponse,
  kSignedMessage,  ///< SignedData or one of its relatives, by either OID family
  kEnvelopedMessage,
  kKey,  ///< a private key or PKCS#12: never echoed anywhere
};
std::string_view to_string(InputKind kind);
/// Looks at DER only (after decode_input).
InputKind detect_der(ByteView der);

/// One DER object found in a file.
struct InputObject {
  InputKind kind = InputKind::kUnknown;
  Bytes der;
};
struct Input {
  std::vector<InputObject> objects;
  QuirkSet quirks;  ///< of the outer form
};
struct InputLimits {
  std::size_t most_objects = 20'000;
};
/// Takes a file apart: DER (one object, or several one after the other), PEM (any number of blocks), bare
/// base64. kMalformed "input.format" when it is none of these, "input.empty" when empty, kLimit
/// "input.too_many", or the errors of read_pem.
Result<Input> decode_input(ByteView file, const QuirkPolicy& policy = QuirkPolicy::standard(),
                           const InputLimits& limits = {});

struct CertificateFile {
  std::vector<Certificate> certificates;  ///< in file order
  QuirkSet quirks;                        ///< of the file, not of the certificates
};
/// All certificates of a file: as decode_input, and certificates inside PKCS#7 / GM/T 0010 SignedData (p7b,
/// both OID families). Other objects are kMalformed "input.not_certificate"; none at all is
/// kMalformed "input.no_certificate". The first certificate that does not parse ends the reading with its
/// error; the detail says which one it is.
Result<CertificateFile> read_certificates(ByteView file, const QuirkPolicy& policy = QuirkPolicy::standard(),
                                          const InputLimits& limits = {});
/// Exactly one certificate: kMalformed "input.several" when there are more.
Result<Certificate> read_certificate(ByteView file, const QuirkPolicy& policy = QuirkPolicy::standard());

/// DER of the certificates in the `certificates` field of a SignedData ContentInfo (robust: version, digest
/// and signer fields are skipped unread). kMalformed "input.signed_data".
Result<std::vector<ByteView>> bundle_certificates(ByteView content_info);

}  // namespace hutong::x509
