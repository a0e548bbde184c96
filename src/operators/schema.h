#pragma once

#include <span>
#include <string_view>

#include "storage/migration.h"

namespace hutong::operators {

inline constexpr std::string_view kComponent = "operators";
/// The tables; component "operators" of storage::migrate(). Those of audit are needed as well.
std::span<const storage::Migration> migrations();

}  // namespace hutong::operators
