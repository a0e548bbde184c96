#pragma once

#include <optional>
#include <vector>

#include "asn1/oid.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "cms/signed_data.h"
#include "crypto/digest.h"
#include "x509/certificate.h"

namespace hutong::cms {

/// Attribute { type, SET { value } } in DER.
Bytes attribute(const asn1::Oid& type, ByteView value);
Bytes content_type_attribute(const asn1::Oid& content_type);
Bytes signing_time_attribute(Time time);
Bytes message_digest_attribute(ByteView digest);
/// signingCertificateV2 (RFC 5035, RFC 5816) with issuer and serial; GM/T 0033 with SM3.
Bytes signing_certificate_attribute(const x509::Certificate& certificate, crypto::DigestAlgorithm digest);

/// The first certificate that signingCertificate or signingCertificateV2 names: the signer's.
struct SigningCertificateId {
  crypto::DigestAlgorithm digest = crypto::DigestAlgorithm::kSha1;
  Bytes hash;
  std::optional<x509::Serial> serial;
  bool names(const x509::Certificate& certificate) const;
};
/// Nothing when neither attribute is there. kMalformed "cms.attribute"; kPolicy when the digest is unknown.
Result<std::optional<SigningCertificateId>> signing_certificate_of(const AttributeSet& attributes);
/// kMalformed when the attribute is there but broken.
Result<std::optional<Time>> signing_time_of(const AttributeSet& attributes);

}  // namespace hutong::cms
