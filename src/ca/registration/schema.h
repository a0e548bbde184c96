#pragma once

#include <span>
#include <string_view>

#include "storage/migration.h"

namespace hutong::ca::registration {

/// The tables of the registration system, component "ca.registration"; they stand beside those of the
/// signing system.
inline constexpr std::string_view kRegistrationComponent = "ca.registration";
std::span<const storage::Migration> registration_migrations();

}  // namespace hutong::ca::registration
