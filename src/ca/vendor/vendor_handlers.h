#pragma once

#include "ca/vendor/vendor_parts.h"
#include "net/router.h"

namespace hutong::ca::vendor {

/// The REST profile for platforms (docs/api/vendor.yaml) under /api/v1/vendor: for API clients, never for
/// operators. A client sees and moves its own orders only. Rights: order.enter, order.query, order.deliver,
/// certificate.query, and order.automatic for orders that need no review here. What a known client got wrong
/// leaves an audit record.
void add_vendor_routes(net::Router& router, const VendorParts& parts);

}  // namespace hutong::ca::vendor
