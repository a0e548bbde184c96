#pragma once

#include <span>
#include <string_view>

#include "storage/migration.h"

namespace hutong::ca::vendor {

/// The tables of the interface for platforms, component "ca.vendor".
inline constexpr std::string_view kVendorComponent = "ca.vendor";
std::span<const storage::Migration> vendor_migrations();

}  // namespace hutong::ca::vendor
