#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "net/http.h"

namespace hutong::platform {

/// A division of the region (GB/T 2260): the region itself, a league or city (盟市), a banner, county or
/// district (旗县).
struct Region {
  std::string_view code;  ///< six digits
  std::string_view name_zh;
};
/// All of 15xxxx, sorted by code.
std::span<const Region> regions();
/// Null when there is none of this code.
const Region* find_region(std::string_view code);

/// GET /api/v1/regions
Result<net::Response> list_regions(const net::Request& request);

}  // namespace hutong::platform
