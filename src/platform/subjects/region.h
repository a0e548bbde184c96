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
  std::string_view name_en;  ///< "Alxa Left Banner"
};
/// All of 15xxxx, sorted by code.
std::span<const Region> regions();
/// Null when there is none of this code.
const Region* find_region(std::string_view code);

inline constexpr std::string_view kWholeRegion = "150000";
/// A division other than the whole region: what operators may be bound to.
bool is_part_of_region(std::string_view code);
/// Whether a division is or lies within another one: 150102 within 150100, all within 150000.
bool lies_within(std::string_view code, std::string_view whole);
/// What the codes of all divisions within this one begin with: "15", "1501", "150102".
std::string_view prefix_of(std::string_view region);

/// GET /api/v1/regions
Result<net::Response> list_regions(const net::Request& request);

}  // namespace hutong::platform
