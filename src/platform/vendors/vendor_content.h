#pragma once

#include "base/result.h"
#include "net/json.h"
#include "platform/vendors/vendor.h"

namespace hutong::platform {

/// Reads what an operator entered about a vendor (docs/openapi.json, VendorContent): names, USCC with its
/// check digit, connector, and the lists of the profile (contacts, licences, commitments, fees by role,
/// drivers, counters by region, services with their
/// certificates for the trust list). kMalformed "desk.member": missing, unknown, of another form or too
/// long, the detail naming it; "vendor.uscc"; kLimit "vendor.entries": more than 200 entries in a list.
Result<VendorContent> read_vendor_content(const net::Json& json);

/// The same members back.
net::Json to_json(const VendorContent& content);
/// As answers and the audit log show it; the vendor is left out.
net::Json to_json(const ConnectorCheck& check);

}  // namespace hutong::platform
