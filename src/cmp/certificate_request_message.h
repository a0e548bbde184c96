#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "asn1/oid.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/public_key.h"
#include "crypto/signature.h"
#include "x509/certificate.h"
#include "x509/extension_builder.h"
#include "x509/name.h"
#include "x509/serial.h"

/// Certificate requests as CMP carries them (CRMF, RFC 4211).
namespace hutong::cmp {

/// A type and the DER of its value, which may be absent: Controls, regInfo, InfoTypeAndValue.
struct TypedValue {
  asn1::Oid type;
  Bytes value;  ///< empty: none
  friend bool operator==(const TypedValue&, const TypedValue&) = default;
};

/// A GeneralName that names a party or an issuer. Almost always a directoryName, which is decoded; whatever
/// else keeps its octets.
struct Party {
  Bytes der;
  std::optional<x509::Name> name;
  static Party of(const x509::Name& name);
  friend bool operator==(const Party& a, const Party& b) { return a.der == b.der; }
};

/// CertId.
struct CertificateId {
  Party issuer;
  x509::Serial serial;
  static CertificateId of(const x509::Certificate& certificate);
  friend bool operator==(const CertificateId&, const CertificateId&) = default;
};

/// CertTemplate: the fields that the asker fills in.
struct CertificateTemplateFields {
  std::optional<x509::Serial> serial;
  Bytes signing_algorithm;  ///< DER; empty: absent, as everywhere below
  std::optional<x509::Name> issuer;
  std::optional<Time> not_before;
  std::optional<Time> not_after;
  std::optional<x509::Name> subject;
  Bytes spki;  ///< SubjectPublicKeyInfo; a key of no octets asks the CA to make one (RFC 9483 4.1.6)
  std::vector<x509::ExtensionValue> extensions;

  const x509::ExtensionValue* find(const asn1::Oid& extension) const;
  /// The key is to be made by the other side: no public key, or one without octets.
  bool wants_key_pair() const;
};

enum class PossessionKind : std::uint8_t {
  kNone,
  kRegistrationVerified,  ///< raVerified: a registration authority says that it has checked
  kSignature,
  kKeyEncipherment,  ///< refused by check_possession
  kKeyAgreement,     ///< refused by check_possession
};

/// ProofOfPossession.
struct ProofOfPossession {
  PossessionKind kind = PossessionKind::kNone;
  Bytes signing_input;  ///< kSignature: content of poposkInput; empty in everything that we accept
  Bytes algorithm;      ///< kSignature: AlgorithmIdentifier
  Bytes signature;      ///< kSignature: octets of the BIT STRING
  Bytes private_key;    ///< the last two kinds: DER of POPOPrivKey
  friend bool operator==(const ProofOfPossession&, const ProofOfPossession&) = default;
};

/// CertReqMsg. `request_der` is the CertRequest as it was read or made, what a proof of possession signs and
/// what is written; id, fields and controls say what it holds.
struct CertificateRequestMessage {
  std::int64_t id = 0;  ///< certReqId
  CertificateTemplateFields fields;
  std::vector<TypedValue> controls;
  Bytes request_der;
  ProofOfPossession possession;
  std::vector<TypedValue> registration_info;

  /// oldCertID among the controls (RFC 4211 6.5). kMalformed "cmp.structure".
  Result<std::optional<CertificateId>> old_certificate() const;
};

/// CertReqMsg alone, as an order keeps it. The errors of reading messages.
Bytes to_der(const CertificateRequestMessage& message);
Result<CertificateRequestMessage> read_certificate_request_message(ByteView der);

/// A request without proof of possession yet.
CertificateRequestMessage request_certificate(std::int64_t id, const CertificateTemplateFields& fields,
                                              const std::vector<TypedValue>& controls = {});
TypedValue old_certificate_control(const CertificateId& certificate);
/// Signs the request with the key that it is for (RFC 4211 4.1, case without poposkInput).
Status prove_possession(CertificateRequestMessage& message, const crypto::Signer& signer);

/// What a receiver of requests tolerates beyond a signature over the request with the key it names.
struct PossessionPolicy {
  bool registration_verified = false;  ///< the sender is a registration authority
  /// SM2 signatures over an empty distinguishing identifier, which is what OpenSSL 3.0 makes.
  bool empty_sm2_id = false;
};
/// The asker holds the private key. kCryptoFail "cmp.possession" (signature wrong), kPolicy
/// "cmp.possession_missing", "cmp.possession_kind" (raVerified without right, encipherment, agreement, a
/// signature over something else than the request), "cmp.template" (no key or no subject in it), or the
/// errors of public keys and signature algorithms. Gives the key.
Result<crypto::PublicKey> check_possession(const CertificateRequestMessage& message,
                                           const PossessionPolicy& policy = {});

}  // namespace hutong::cmp
