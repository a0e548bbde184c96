#pragma once

#include <string>

#include "asn1/reader.h"
#include "base/bytes.h"
#include "base/result.h"
#include "crypto/sm2.h"

/// The plain encodings of an SM2 private key. Errors are those of key_file.h.
namespace hutong::crypto::key_der {

inline Error broken(std::string detail) { return {Errc::kMalformed, "key_file.format", std::move(detail)}; }
inline Error unsupported(std::string detail) {
  return {Errc::kPolicy, "key_file.unsupported", std::move(detail)};
}
/// Errors of the DER reader become "key_file.format"; others stay.
Error as_key_file_error(const Error& error);

enum class Kind { kPkcs8, kEncryptedPkcs8, kSec1, kBareInteger, kUnknown };
/// What the first elements look like; says nothing about the rest.
Kind guess_kind(ByteView der);

/// PrivateKeyInfo / OneAsymmetricKey (RFC 5958), the inner ECPrivateKey with or without its curve.
Result<Sm2PrivateKey> read_pkcs8(ByteView der);
/// ECPrivateKey (RFC 5915) that names its curve.
Result<Sm2PrivateKey> read_sec1(ByteView der);
/// SM2PrivateKey ::= INTEGER (GM/T 0009 7.1).
Result<Sm2PrivateKey> read_bare_integer(ByteView der);

}  // namespace hutong::crypto::key_der
