#pragma once

#include "base/result.h"
#include "ca/vendor/vendor_parts.h"
#include "net/http.h"

namespace hutong::ca::vendor {

/// GET /api/v1/vendor/webhook. kNotFound "webhook.unknown".
Result<net::Response> show_webhook(const VendorParts& parts, const net::Request& request);
/// PUT, audited. The reasons of Webhooks::check_url().
Result<net::Response> set_webhook(const VendorParts& parts, const net::Request& request);
/// DELETE, audited; also when there was none.
Result<net::Response> remove_webhook(const VendorParts& parts, const net::Request& request);

}  // namespace hutong::ca::vendor
