#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "asn1/oid.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/public_key.h"
#include "crypto/signature.h"
#include "x509/certificate.h"
#include "x509/certificate_request.h"
#include "x509/crl.h"
#include "x509/extension_builder.h"
#include "x509/name.h"
#include "x509/ocsp.h"
#include "x509/serial.h"

/// Writers of strict DER in the current norm: SM2-with-SM3 without parameters, named curve, minimal forms.
/// They write what they are told and judge nothing (lint does). Errors are those of the signer.
namespace hutong::x509 {

/// What a certificate will say.
struct TbsCertificate {
  Serial serial;
  Name issuer;
  Name subject;
  Time not_before{};
  Time not_after{};
  Bytes spki;  ///< PublicKey::to_spki()
  std::vector<ExtensionValue> extensions;
};
/// DER of TBSCertificate, version 3 (version 1 without extensions).
Bytes to_der(const TbsCertificate& tbs, const crypto::SignatureAlgorithm& algorithm);
Result<CertificateDer> sign(const TbsCertificate& tbs, const crypto::Signer& signer);

struct RevokedCertificate {
  Serial serial;
  Time revoked_at{};
  std::optional<CrlReason> reason;  ///< kUnspecified is not written (RFC 5280 5.3.1)
  std::optional<Time> invalidity_date;
  std::optional<Name> certificate_issuer;  ///< indirect lists; applies to the following entries too
};
struct TbsCrl {
  Name issuer;
  Time this_update{};
  std::optional<Time> next_update;
  std::vector<RevokedCertificate> entries;  ///< an empty list is left out
  std::vector<ExtensionValue> extensions;
};
Bytes to_der(const TbsCrl& tbs, const crypto::SignatureAlgorithm& algorithm);
Result<CrlDer> sign(const TbsCrl& tbs, const crypto::Signer& signer);

struct TbsCertificateRequest {
  Name subject;
  std::optional<std::string> challenge_password;  ///< printable text
  bool gm_challenge_password_oid = true;          ///< the OID of GM/T 0092, else PKCS#9's
  std::vector<ExtensionValue> extensions;         ///< extensionRequest, left out when empty
};
/// Signed with the key it is for. [0] is always written, A000 when empty (GM/T 0092 6.1).
Result<CertificateRequestDer> sign(const TbsCertificateRequest& request, const crypto::Signer& signer);

struct TbsOcspResponse {
  OcspResponderId responder;
  Time produced_at{};
  std::vector<OcspSingleResponse> responses;
  std::optional<OcspNonce> nonce;
  std::vector<CertificateDer> certificates;  ///< the delegated responder's certificate
};
using OcspResponseDer = StrongBytes<struct OcspResponseDerTag>;
Result<OcspResponseDer> sign(const TbsOcspResponse& response, const crypto::Signer& signer);
/// An answer without a body: anything but kSuccessful.
OcspResponseDer ocsp_error(OcspResponseStatus status);

/// SEQUENCE { tbs, algorithm, BIT STRING }: for tests that need a signed object with odd content.
Result<Bytes> sign_der(ByteView tbs, ByteView algorithm_der, const crypto::Signer& signer);

}  // namespace hutong::x509
