#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "storage/database.h"
#include "storage/migration.h"

namespace hutong::platform {

inline constexpr std::string_view kComponent = "platform";
std::span<const storage::Migration> migrations();

/// The database with the tables of the platform, its operators and its audit log up to date.
Result<storage::Database> open_database(std::string_view url, const Clock& clock);

}  // namespace hutong::platform
