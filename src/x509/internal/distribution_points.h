#pragma once

#include <cstdint>
#include <vector>

#include "x509/certificate.h"
#include "x509/crl.h"
#include "x509/extensions.h"

namespace hutong::x509 {

/// The distribution points of a certificate, and the one that RFC 5280 6.3.3 implies for it: any list of its
/// own issuer.
std::vector<DistributionPoint> points_of(const Certificate& certificate);

/// Whether this complete list may speak about the certificate under this distribution point: 6.3.3 (b).
bool is_in_scope(const Crl& crl, const DistributionPoint& point, const Certificate& certificate);
/// 6.3.3 (d): the reasons that the list covers under this point.
std::uint16_t covered_reasons(const Crl& crl, const DistributionPoint& point);
/// 6.3.3 (c): the delta belongs to this complete list and goes beyond it.
bool is_delta_of(const Crl& delta, const Crl& complete);

}  // namespace hutong::x509
