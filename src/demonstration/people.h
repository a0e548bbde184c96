#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "demonstration/authority.h"

namespace hutong::demonstration {

/// Key files (PKCS#12) of the people who run the demonstration platform, and the certificate of who issued
/// them: system-administrator, security-administrator, audit-administrator (for `hutong-platform init`),
/// clerk, reviewer and auditor (to be appointed). NAME.p12 and NAME.cer in `folder`, and authority.cer.
Status write_people(const std::filesystem::path& folder, std::string_view password, Time now);

/// The identity as a PKCS#12 file, readable by us alone.
Status write_key_file(const std::filesystem::path& file, const Identity& identity, std::string_view password);

}  // namespace hutong::demonstration
