#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "recognition/trust_list.h"

/// Services of the region's trust list whose certificates come from files.
namespace hutong::demonstration {

inline constexpr std::size_t kMostServiceFile = std::size_t{16} << 20;

/// Everything in the folder, sorted; nothing when there is no folder.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder);

/// The national roots of the corpus, so that real certificates can be tried.
std::vector<recognition::Service> national_roots(const std::filesystem::path& corpus, Time since);

/// A CA that runs beside the platform, by what it publishes as files (pki/root.cer, ca/*.cer); ids of the
/// services begin with `id`. What read_file and x509::read_certificate say; kNotFound "demonstration.vendor"
/// without a CA certificate.
Result<std::vector<recognition::Service>> vendor_services(const std::string& id, const std::string& name,
                                                          const std::filesystem::path& published, Time since);

}  // namespace hutong::demonstration
