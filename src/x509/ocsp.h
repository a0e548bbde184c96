#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"
#include "crypto/signature.h"
#include "x509/certificate.h"
#include "x509/extensions.h"
#include "x509/name.h"
#include "x509/serial.h"

namespace hutong::x509 {

/// CertID (RFC 6960 4.1.1): a certificate told by hashes of its issuer's name (DER) and key (octets of the
/// BIT STRING) and its serial number. Any hash we have: SM3, SHA-1, SHA-256 …
struct OcspCertId {
  crypto::DigestAlgorithm hash = crypto::DigestAlgorithm::kSm3;
  Bytes issuer_name_hash;
  Bytes issuer_key_hash;
  Serial serial;

  static OcspCertId of(const Certificate& certificate, const Certificate& issuer,
                       crypto::DigestAlgorithm hash = crypto::DigestAlgorithm::kSm3);
  static OcspCertId of(const Serial& serial, const Name& issuer_name, ByteView issuer_key_octets,
                       crypto::DigestAlgorithm hash = crypto::DigestAlgorithm::kSm3);
  /// Name and key of the issuer hash to what stands here.
  bool names_issuer(const Name& issuer_name, ByteView issuer_key_octets) const;
  bool names(const Certificate& certificate, const Certificate& issuer) const;
  /// AlgorithmIdentifier with NULL, as OpenSSL and the SM3 profile write it.
  Bytes to_der() const;
  friend bool operator==(const OcspCertId&, const OcspCertId&) = default;
};

/// The nonce extension. `raw_form`: without the inner OCTET STRING, as old clients send it; answers echo what
/// came.
struct OcspNonce {
  Bytes value;
  bool raw_form = false;
  friend bool operator==(const OcspNonce&, const OcspNonce&) = default;
};

/// An OCSPRequest as we read it (a requester's signature is read over but not checked: RFC 6960 4.1.2 makes
/// it optional, nobody here uses it).
struct OcspRequest {
  std::vector<OcspCertId> certificates;
  std::optional<OcspNonce> nonce = std::nullopt;
  bool is_signed = false;
  bool has_unknown_critical_extension = false;

  /// kMalformed "ocsp.…"; kPolicy "ocsp.hash" for a CertID with an unknown hash; kLimit "ocsp.too_many" above
  /// 1,000 certificates.
  static Result<OcspRequest> parse(ByteView der);
  Bytes to_der() const;
};

enum class OcspResponseStatus : std::uint8_t {
  kSuccessful = 0,
  kMalformedRequest = 1,
  kInternalError = 2,
  kTryLater = 3,
  kSigRequired = 5,
  kUnauthorized = 6,
};
enum class OcspCertStatus : std::uint8_t { kGood, kRevoked, kUnknown };

struct OcspSingleResponse {
  OcspCertId certificate;
  OcspCertStatus status = OcspCertStatus::kUnknown;
  std::optional<Time> revoked_at;   ///< kRevoked
  std::optional<CrlReason> reason;  ///< kRevoked, optional
  Time this_update{};
  std::optional<Time> next_update;
  bool has_unknown_critical_extension = false;
};

/// Who answered: a name, or a hash of the responder's key (SHA-1 by RFC 6960; some put SM3 there).
using OcspResponderId = std::variant<Name, Bytes>;

/// An OCSPResponse. Immutable, cheap to copy, usable from any thread. Parsing checks no signature and no
/// time, and takes no decision; response policy is path validation's.
class OcspResponse {
 public:
  static constexpr std::size_t kMostOctets = 1 << 20;  ///< kLimit "ocsp.too_large"
  /// kMalformed "ocsp.…", kPolicy "ocsp.type" for a response type other than basic. Certificates in the
  /// response that do not parse are left out.
  static Result<OcspResponse> parse(ByteView der, const QuirkPolicy& policy = QuirkPolicy::standard());

  ByteView der() const;
  OcspResponseStatus status() const;
  /// The rest is empty unless status() is kSuccessful.
  ByteView tbs() const;  ///< ResponseData
  const OcspResponderId& responder() const;
  Time produced_at() const;
  const std::vector<OcspSingleResponse>& responses() const;
  const OcspSingleResponse* find(const Certificate& certificate, const Certificate& issuer) const;
  const std::optional<OcspNonce>& nonce() const;
  bool has_unknown_critical_extension() const;
  const std::vector<Certificate>& certificates() const;
  ByteView signature_algorithm_der() const;
  const Result<crypto::SignatureAlgorithm>& signature_algorithm() const;
  ByteView signature() const;

  /// The responder id is this certificate's subject, or the SHA-1 or SM3 hash of its key.
  bool is_by(const Certificate& responder) const;
  bool is_signed_by(const crypto::PublicKey& responder_key) const;
  QuirkSet quirks() const;

 private:
  struct Body;
  explicit OcspResponse(std::shared_ptr<const Body> body) : body_(std::move(body)) {}
  std::shared_ptr<const Body> body_;
};

/// base64 in a URL path (RFC 5019 5), percent-encoded: what follows the responder's URL and "/".
std::string ocsp_get_path(ByteView request);
/// Back, taking unescaped '/', '+' and a blank for '+'. kMalformed "ocsp.get_path".
Result<Bytes> from_ocsp_get_path(std::string_view path);

}  // namespace hutong::x509
