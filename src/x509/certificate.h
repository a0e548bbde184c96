#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "asn1/reader.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"
#include "crypto/signature.h"
#include "crypto/sm2_prepared.h"
#include "crypto/sm3.h"
#include "x509/extensions.h"
#include "x509/identity.h"
#include "x509/name.h"
#include "x509/quirks.h"
#include "x509/serial.h"

namespace hutong::x509 {

using CertificateDer = StrongBytes<struct CertificateDerTag>;

/// An X.509 certificate (RFC 5280 4.1, GB/T 20518, GM/T 0015): read completely and strictly, deviations being
/// quirks. Immutable; copies share one body, so copying is cheap; usable from any thread. All views live as
/// long as any copy. Parsing checks no signature and no time.
class Certificate {
 public:
  /// Largest certificate accepted, in octets: kLimit "cert.too_large".
  static constexpr std::size_t kMostOctets = 1 << 20;

  /// The whole input must be one certificate. kMalformed with the reason "cert.…" (a refused quirk's id),
  /// "ext.…", "name.…" or "asn1.…". Copies the octets, or takes them.
  static Result<Certificate> parse(ByteView der, const QuirkPolicy& policy = QuirkPolicy::standard());
  static Result<Certificate> parse(Bytes&& der, const QuirkPolicy& policy = QuirkPolicy::standard());

  ByteView der() const;
  ByteView tbs() const;  ///< what the signature covers, DER of TBSCertificate

  unsigned version() const;  ///< 1, 2 or 3
  const Serial& serial() const;
  const Name& issuer() const;
  const Name& subject() const;
  Time not_before() const;
  Time not_after() const;  ///< the last second of validity
  const asn1::TimeValue& not_before_value() const;
  const asn1::TimeValue& not_after_value() const;

  /// DER of the AlgorithmIdentifier; inner and outer are equal.
  ByteView signature_algorithm_der() const;
  /// An Error when the algorithm is none of ours.
  const Result<crypto::SignatureAlgorithm>& signature_algorithm() const;
  ByteView signature() const;  ///< content of the BIT STRING

  ByteView spki() const;                   ///< DER of SubjectPublicKeyInfo
  const asn1::Oid& key_algorithm() const;  ///< its algorithm OID
  ByteView key_octets() const;  ///< subjectPublicKey without the unused-bits octet: what key ids hash
  /// Decoded on first use. An Error when the key is none of ours or broken; that does not stop parsing.
  const Result<crypto::PublicKey>& public_key() const;

  std::optional<asn1::BitString> issuer_unique_id() const;
  std::optional<asn1::BitString> subject_unique_id() const;

  const CertificateExtensions& extensions() const;
  /// What it says about who its holder is (identity.h), read on first use.
  const std::vector<IdentityValue>& identities() const&;
  const std::vector<IdentityValue>& identities() const&& = delete;

  /// basicConstraints says CA (RFC 5280 6.1.4 k); version 1 certificates never are.
  bool is_ca() const;
  /// Issuer and subject are the same name (RFC 5280 6.1: self-issued).
  bool is_self_issued() const { return issuer() == subject(); }

  /// The signature verifies under this key; false also when algorithm and key do not fit or are unknown. For
  /// SM2 the default id is used.
  bool is_signed_by(const crypto::PublicKey& issuer_key) const;
  bool is_signed_by(const crypto::Sm2PreparedKey& issuer_key) const;
  /// Self-issued and signed with its own key.
  bool is_self_signed() const;

  Bytes fingerprint(crypto::DigestAlgorithm algorithm) const;
  /// SM3 of der(), computed once.
  const crypto::Sm3Digest& sm3() const;

  QuirkSet quirks() const;

  /// Octet-wise.
  friend bool operator==(const Certificate& a, const Certificate& b) {
    return a.body_ == b.body_ || equal(a.der(), b.der());
  }

 private:
  struct Body;
  explicit Certificate(std::shared_ptr<const Body> body) : body_(std::move(body)) {}
  std::shared_ptr<const Body> body_;
};

}  // namespace hutong::x509
