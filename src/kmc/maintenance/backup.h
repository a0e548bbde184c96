#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "kmc/config.h"

namespace hutong::kmc {

/// What a back-up holds.
struct BackupReport {
  std::vector<std::string> files;  ///< relative to its folder
  bool with_database = true;       ///< false for PostgreSQL, which pg_dump backs up
};

/// Writes a consistent copy of the database (SQLite; while the service runs), the key files (encrypted under
/// the key store's password, which is not in the back-up) and manifest.json with size and SM3 of each and the
/// head of the audit chain, into a new folder. Recorded in the log. kConflict "backup.exists"; kUnavailable
/// "backup.folder"; storage and file errors.
Result<BackupReport> back_up(const Config& config, const std::filesystem::path& folder, const Clock& clock);

/// Puts a back-up where the configuration says, when there is nothing there yet, and checks every file
/// against the manifest before and the audit chain afterwards. kMalformed "backup.manifest",
/// "backup.altered"; kConflict "backup.occupied" when a database or keys are there already.
Result<BackupReport> restore(const Config& config, const std::filesystem::path& folder, const Clock& clock);

}  // namespace hutong::kmc
