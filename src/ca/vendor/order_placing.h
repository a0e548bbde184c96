#pragma once

#include "base/result.h"
#include "ca/vendor/vendor_parts.h"
#include "net/http.h"

namespace hutong::ca::vendor {

/// POST /api/v1/vendor/orders: one order under the request's Idempotency-Key. With automatic=true (right
/// order.automatic) it is made before the answer; what fails leaves it approved, with the problem, to be
/// placed again. The reasons of OrderDesk::enter(); kMalformed "request.idempotency_key"; kNotFound
/// "certificate.unknown" for a certificate that this client did not order.
Result<net::Response> place_order(const VendorParts& parts, const net::Request& request);

/// POST /api/v1/vendor/order-batches: up to 1,000, entered together or not at all, each under its own key;
/// made together, each for itself.
Result<net::Response> place_orders(const VendorParts& parts, const net::Request& request);

}  // namespace hutong::ca::vendor
