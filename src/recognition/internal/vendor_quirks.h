#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "recognition/trust_list.h"
#include "x509/certificate.h"

namespace hutong::recognition::internal {

/// Reads a certificate with the standard quirks and, when its issuer is a service of the list, with those
/// that the list names for this service (design decision 3). `list` may be null.
Result<x509::Certificate> read_certificate(ByteView der, const TrustList* list);

}  // namespace hutong::recognition::internal
