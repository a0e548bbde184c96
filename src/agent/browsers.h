#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace hutong::agent {

/// The certificate stores of this user's browsers: ~/.pki/nssdb (Chromium and those made of it; made when
/// absent), and the profiles of Firefox that exist.
std::vector<std::filesystem::path> browser_stores(const std::filesystem::path& home);

/// Has a store believe this authority for servers, in place of an earlier one; or no longer. With NSS's
/// program certutil: kUnavailable "agent.certutil" when it is not there or refuses.
Status trust_in_store(const std::filesystem::path& store, const std::filesystem::path& authority);
Status forget_in_store(const std::filesystem::path& store);

}  // namespace hutong::agent
