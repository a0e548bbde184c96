#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "audit/audit_log.h"
#include "base/result.h"
#include "base/time.h"
#include "storage/database.h"

namespace hutong::ca {

/// Where a CA keeps what a backup must hold.
struct BackupPlaces {
  std::string database_url;           ///< as in ca.toml
  std::filesystem::path key_folder;   ///< of the file key store; its files are encrypted and stay so
  std::filesystem::path config_file;  ///< ca.toml
};

/// What a backup folder says of itself, in manifest.json: each file with its size and SM3, and the head of
/// the audit chain at that time.
struct BackupManifest {
  struct File {
    std::string name;  ///< inside the folder: "ca.db", "keys/ca-1.key"
    std::uint64_t size = 0;
    std::string sm3;  ///< hexadecimal
  };
  Time made_at{};
  storage::DatabaseKind database = storage::DatabaseKind::kSqlite;
  audit::Head audit;
  std::vector<File> files;

  /// kMalformed "backup.manifest".
  static Result<BackupManifest> from_json(std::string_view text);
  std::string to_json() const;
};

/// A copy while the CA works (GM/T 0037 8.8): a SQLite database as one consistent file, the encrypted keys,
/// the configuration, then the manifest; audited as "backup.made", which is the last record that the copy
/// holds. Of PostgreSQL the manifest keeps the audit head alone: its dump is made by pg_dump afterwards and
/// is checked against that head. kConflict "backup.exists" when the folder holds anything; the errors of
/// files and storage.
Result<BackupManifest> make_backup(storage::Database& database, const BackupPlaces& places,
                                   const std::filesystem::path& folder, Time now);

/// Checks every file of a backup against its manifest, and the audit chain of the copied database from its
/// oldest record to the head that the manifest names. kMalformed "backup.damaged" says which file, kPolicy
/// "backup.audit" that the chain is broken.
Result<BackupManifest> check_backup(const std::filesystem::path& folder);

/// Puts a checked backup back: keys and SQLite database to `places`, while nothing runs. kConflict
/// "restore.exists" when a database or keys are there: they are never written over. Of PostgreSQL the dump
/// was restored before; then this checks that its audit chain holds the manifest's head. In the end the
/// numbers of revocation lists jump by kListNumberGap, so that none comes twice that was published after the
/// backup, and "backup.restored" is audited.
inline constexpr std::int64_t kListNumberGap = 100'000;
Result<BackupManifest> restore_backup(const std::filesystem::path& folder, const BackupPlaces& places,
                                      Time now);

}  // namespace hutong::ca
