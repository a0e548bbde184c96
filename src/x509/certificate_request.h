#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/public_key.h"
#include "crypto/signature.h"
#include "x509/extensions.h"
#include "x509/name.h"
#include "x509/quirks.h"

namespace hutong::x509 {

using CertificateRequestDer = StrongBytes<struct CertificateRequestDerTag>;

/// An attribute of a request: its type and the DER of each value.
struct RequestAttribute {
  asn1::Oid type;
  std::vector<ByteView> values;
};

/// A certificate request (PKCS#10, RFC 2986; GM/T 0092). Immutable, cheap to copy, usable from any thread.
/// Parsing checks no signature: is_signed_by_own_key() is the proof of possession.
class CertificateRequest {
 public:
  static constexpr std::size_t kMostOctets = 1 << 20;  ///< kLimit "request.too_large"

  /// kMalformed "request.…", or the errors of names, extensions and asn1. Two challenge passwords are
  /// "request.two_passwords".
  static Result<CertificateRequest> parse(ByteView der, const QuirkPolicy& policy = QuirkPolicy::standard());
  static Result<CertificateRequest> parse(Bytes&& der, const QuirkPolicy& policy = QuirkPolicy::standard());

  ByteView der() const;
  ByteView tbs() const;  ///< CertificationRequestInfo
  const Name& subject() const;
  ByteView spki() const;
  ByteView key_octets() const;
  const Result<crypto::PublicKey>& public_key() const;
  ByteView signature_algorithm_der() const;
  const Result<crypto::SignatureAlgorithm>& signature_algorithm() const;
  ByteView signature() const;

  const std::vector<RequestAttribute>& attributes() const;
  const RequestAttribute* find(const asn1::Oid& type) const;
  /// Under either OID (GM/T 0092 clause 7, PKCS#9).
  std::optional<std::string> challenge_password() const;
  /// extensionRequest, empty when absent.
  const CertificateExtensions& extensions() const;

  /// Proof of possession, with the default id for SM2.
  bool is_signed_by_own_key() const;
  QuirkSet quirks() const;

 private:
  struct Body;
  explicit CertificateRequest(std::shared_ptr<const Body> body) : body_(std::move(body)) {}
  std::shared_ptr<const Body> body_;
};

}  // namespace hutong::x509
