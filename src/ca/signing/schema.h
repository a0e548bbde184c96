#pragma once

#include <span>
#include <string_view>

#include "storage/migration.h"

namespace hutong::ca {

/// The tables of the signing system, component "ca.signing".
inline constexpr std::string_view kSigningComponent = "ca.signing";
std::span<const storage::Migration> signing_migrations();

}  // namespace hutong::ca
