#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "base/time.h"
#include "recognition/trust_list.h"

/// Services of the region's trust list whose certificates come from files.
namespace hutong::demonstration {

inline constexpr std::size_t kMostServiceFile = std::size_t{16} << 20;

/// Everything in the folder, sorted; nothing when there is no folder.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder);

/// The national roots of the corpus, so that real certificates can be tried.
std::vector<recognition::Service> national_roots(const std::filesystem::path& corpus, Time since);

}  // namespace hutong::demonstration
