#pragma once

#include <span>
#include <string_view>

#include "storage/migration.h"

namespace hutong::kmc {

inline constexpr std::string_view kComponent = "kmc";
/// The tables; component "kmc" of storage::migrate(). Those of audit and operators are needed as well.
std::span<const storage::Migration> migrations();

}  // namespace hutong::kmc
