#pragma once

#include <span>
#include <string_view>

#include "storage/migration.h"

namespace hutong::ca {

inline constexpr std::string_view kCmpComponent = "ca_cmp";
/// Registered clients and their transactions.
std::span<const storage::Migration> cmp_migrations();

}  // namespace hutong::ca
