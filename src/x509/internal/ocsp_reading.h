#pragma once

#include <optional>

#include "asn1/reader.h"
#include "asn1/writer.h"
#include "base/bytes.h"
#include "base/result.h"
#include "x509/ocsp.h"

namespace hutong::x509::internal {

/// The parts that requests and responses share.
Result<OcspCertId> read_cert_id(asn1::Reader& reader);

struct OcspExtensions {
  std::optional<OcspNonce> nonce;
  bool unknown_critical = false;
};
/// The content of the explicit tag around Extensions.
Result<OcspExtensions> read_ocsp_extensions(asn1::Reader& wrapped);
Result<OcspNonce> read_nonce(ByteView value);
/// Extensions with the nonce alone, not critical.
void write_ocsp_extensions(asn1::Writer& out, const OcspNonce& nonce);

}  // namespace hutong::x509::internal
