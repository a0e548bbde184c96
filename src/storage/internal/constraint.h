#pragma once

#include <string>
#include <string_view>

namespace hutong::storage {

/// The detail of a "storage.constraint" error, from which violated_constraint() reads the name again.
std::string constraint_detail(std::string_view name);

}  // namespace hutong::storage
