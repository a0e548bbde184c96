#include "ca/care/backup.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "base/encoding.h"
#include "base/file.h"
#include "base/stream.h"
#include "crypto/sm3.h"
#include "net/json.h"
#include "sdf/key_labels.h"

namespace hutong::ca {
namespace {

namespace fs = std::filesystem;
using net::Json;

constexpr std::string_view kManifestName = "manifest.json";
constexpr std::string_view kDatabaseName = "ca.db";
constexpr std::string_view kConfigName = "ca.toml";
constexpr std::string_view kKeysName = "keys";
constexpr std::string_view kFormat = "hutong-ca-backup-1";
constexpr std::string_view kSqlitePrefix = "sqlite:";
constexpr std::size_t kMostManifest = std::size_t{16} << 20;
constexpr std::size_t kMostSmallFile = std::size_t{1} << 20;
constexpr std::size_t kPiece = std::size_t{1} << 20;

constexpr std::string_view kJump = "UPDATE list_numbers SET number = number + ?";

Error malformed(std::string detail) { return {Errc::kMalformed, "backup.manifest", std::move(detail)}; }
Error damaged(std::string detail) { return {Errc::kMalformed, "backup.damaged", std::move(detail)}; }

bool holds_anything(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder, ignored) && !fs::is_empty(folder, ignored);
}

Status make_folder(const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (!failure) {
    fs::permissions(folder, fs::perms::owner_all, failure);
  }
  return failure ? Status(Error{Errc::kUnavailable, "file.unwritable",
                                folder.string() + ": " + failure.message()})
                 : ok();
}

/// Size and SM3 of a file of any size.
Result<BackupManifest::File> describe(const fs::path& folder, std::string name) {
  HUTONG_TRY(auto source, FileSource::open(folder / name));
  crypto::Sm3 hash;
  BackupManifest::File file{.name = std::move(name), .size = 0, .sm3 = {}};
  Bytes piece(kPiece);
  for (;;) {
    HUTONG_TRY(const std::size_t count, source.read(piece));
    if (count == 0) {
      break;
    }
    hash.update(ByteView(piece).first(count));
    file.size += count;
  }
  file.sm3 = to_hex(hash.finish());
  return file;
}

Status copy_private(const fs::path& from, const fs::path& to) {
  HUTONG_TRY(const Bytes content, read_file(from, kMostSmallFile));
  return write_file(to, content, FileMode::kPrivate);
}

/// The files of a key store, by name: keys, or which index of a device has which label.
Result<std::vector<std::string>> key_files(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    if (entry->path().extension() == ".key" || entry->path().filename() == sdf::kLabelFile) {
      names.push_back(entry->path().filename().string());
    }
  }
  if (failure) {
    return Error{Errc::kUnavailable, "file.unreadable", folder.string() + ": " + failure.message()};
  }
  std::ranges::sort(names);
  return names;
}

Status audit_now(storage::Database& database, std::string_view action, const Json& detail, Time now) {
  const audit::Event event{.time = now,
                           .action = std::string(action),
                           .object_kind = "backup",
                           .object_id = to_rfc3339(now),
                           .detail = net::to_text(detail)};
  return storage::in_transaction(
      database, [&](storage::Transaction& transaction) { return audit::append(transaction, event); });
}

Result<audit::Head> head_of(const storage::Database& database) {
  HUTONG_TRY(auto reader, database.read());
  return audit::head(reader);
}

Status check_chain(const storage::Database& database, const audit::Head& expected) {
  HUTONG_TRY(auto reader, database.read());
  HUTONG_TRY(const auto report, audit::verify_chain(reader, expected));
  return report.whole()
             ? ok()
             : Status(Error{Errc::kPolicy, "backup.audit",
                            "the audit chain is broken at record " + std::to_string(report.defect_at)});
}

/// A name inside of the backup: no way leads out.
bool is_inside(const fs::path& name) {
  return name.is_relative() && !name.empty() &&
         std::ranges::none_of(name, [](const fs::path& part) { return part == ".." || part == "."; });
}

Result<BackupManifest::File> file_from(const Json& json) {
  if (!json.is_object() || !json.contains("name") || !json["name"].is_string() || !json.contains("size") ||
      !json["size"].is_number_unsigned() || !json.contains("sm3") || !json["sm3"].is_string()) {
    return malformed("a file without name, size or SM3");
  }
  BackupManifest::File file{.name = json["name"], .size = json["size"], .sm3 = json["sm3"]};
  if (!is_inside(file.name)) {
    return malformed(file.name + " lies outside of the backup");
  }
  return file;
}

bool has_text(const Json& json, const char* key) { return json.contains(key) && json[key].is_string(); }

}  // namespace

Result<BackupManifest> BackupManifest::from_json(std::string_view text) {
  HUTONG_TRY(const Json json, net::parse_json(text));
  if (!json.is_object() || !has_text(json, "format") || json["format"] != kFormat ||
      !has_text(json, "made_at") || !has_text(json, "database") || !has_text(json, "audit_hash") ||
      !json.contains("audit_sequence") || !json["audit_sequence"].is_number_unsigned() ||
      !json.contains("files") || !json["files"].is_array()) {
    return malformed("this is no manifest of a backup");
  }
  BackupManifest manifest;
  HUTONG_TRY(manifest.made_at, from_rfc3339(json["made_at"].get_ref<const std::string&>()));
  manifest.database =
      json["database"] == "postgresql" ? storage::DatabaseKind::kPostgresql : storage::DatabaseKind::kSqlite;
  manifest.audit.sequence = json["audit_sequence"];
  HUTONG_TRY(const Bytes hash, from_hex(json["audit_hash"].get_ref<const std::string&>()));
  if (hash.size() != manifest.audit.hash.size()) {
    return malformed("the head of the audit chain is no SM3");
  }
  std::ranges::copy(hash, manifest.audit.hash.begin());
  for (const Json& entry : json["files"]) {
    HUTONG_TRY(auto file, file_from(entry));
    manifest.files.push_back(std::move(file));
  }
  return manifest;
}

std::string BackupManifest::to_json() const {
  Json list = Json::array();
  for (const File& file : files) {
    list.push_back({{"name", file.name}, {"size", file.size}, {"sm3", file.sm3}});
  }
  const Json json = {{"format", kFormat},
                     {"made_at", to_rfc3339(made_at)},
                     {"database", database == storage::DatabaseKind::kPostgresql ? "postgresql" : "sqlite"},
                     {"audit_sequence", audit.sequence},
                     {"audit_hash", to_hex(audit.hash)},
                     {"files", list}};
  return json.dump(2) + "\n";
}

Result<BackupManifest> make_backup(storage::Database& database, const BackupPlaces& places,
                                   const fs::path& folder, Time now) {
  if (holds_anything(folder)) {
    return Error{Errc::kConflict, "backup.exists", folder.string() + " is not empty"};
  }
  HUTONG_CHECK(make_folder(folder));
  HUTONG_CHECK(make_folder(folder / kKeysName));
  HUTONG_CHECK(audit_now(database, "backup.made", Json::object(), now));
  BackupManifest manifest{.made_at = now, .database = database.kind(), .audit = {}, .files = {}};
  std::vector<std::string> names;
  if (manifest.database == storage::DatabaseKind::kSqlite) {
    const fs::path copy = folder / kDatabaseName;
    HUTONG_CHECK(database.backup_to(copy));
    HUTONG_TRY(const auto copied, storage::Database::open(std::string(kSqlitePrefix) + copy.string()));
    HUTONG_TRY(manifest.audit, head_of(copied));
    names.emplace_back(kDatabaseName);
  } else {
    HUTONG_TRY(manifest.audit, head_of(database));
  }
  HUTONG_TRY(const auto keys, key_files(places.key_folder));
  for (const std::string& key : keys) {
    HUTONG_CHECK(copy_private(places.key_folder / key, folder / kKeysName / key));
    names.push_back(std::string(kKeysName) + "/" + key);
  }
  HUTONG_CHECK(copy_private(places.config_file, folder / kConfigName));
  names.emplace_back(kConfigName);
  for (const std::string& name : names) {
    HUTONG_TRY(auto file, describe(folder, name));
    manifest.files.push_back(std::move(file));
  }
  HUTONG_CHECK(write_file(folder / kManifestName, as_bytes(manifest.to_json()), FileMode::kPrivate));
  return manifest;
}

Result<BackupManifest> check_backup(const fs::path& folder) {
  HUTONG_TRY(const Bytes text, read_file(folder / kManifestName, kMostManifest));
  HUTONG_TRY(auto manifest, BackupManifest::from_json(as_text(text)));
  bool has_database = false;
  for (const BackupManifest::File& file : manifest.files) {
    const auto found = describe(folder, file.name);
    if (!found || found->size != file.size || found->sm3 != file.sm3) {
      return damaged(file.name + " is missing or not what was saved");
    }
    has_database = has_database || file.name == kDatabaseName;
  }
  if (manifest.database == storage::DatabaseKind::kSqlite) {
    if (!has_database) {
      return damaged("the database is missing");
    }
    // A copy of the copy: whoever opens a database writes beside it.
    const fs::path probe = folder / "ca.db.check";
    const auto remove_probe = [&probe] {
      std::error_code ignored;
      for (const std::string_view suffix : {"", "-wal", "-shm"}) {
        fs::remove(probe.string() + std::string(suffix), ignored);
      }
    };
    remove_probe();
    std::error_code failure;
    fs::copy_file(folder / kDatabaseName, probe, failure);
    if (failure) {
      return Error{Errc::kUnavailable, "file.unwritable", probe.string() + ": " + failure.message()};
    }
    const Status checked = [&]() -> Status {
      HUTONG_TRY(const auto copied, storage::Database::open(std::string(kSqlitePrefix) + probe.string()));
      return check_chain(copied, manifest.audit);
    }();
    remove_probe();
    HUTONG_CHECK(checked);
  }
  return manifest;
}

namespace {

Status put_back_keys(const BackupManifest& manifest, const fs::path& folder, const fs::path& key_folder) {
  HUTONG_CHECK(make_folder(key_folder));
  const std::string prefix = std::string(kKeysName) + "/";
  for (const BackupManifest::File& file : manifest.files) {
    if (file.name.starts_with(prefix)) {
      HUTONG_CHECK(copy_private(folder / file.name, key_folder / file.name.substr(prefix.size())));
    }
  }
  return ok();
}

Status put_back_database(const fs::path& folder, const fs::path& file) {
  HUTONG_TRY(auto source, FileSource::open(folder / kDatabaseName));
  HUTONG_TRY(auto sink, FileSink::create(file));
  HUTONG_CHECK(copy_all(source, sink));
  HUTONG_CHECK(sink.commit());
  std::error_code failure;
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, failure);
  return failure
             ? Status(Error{Errc::kUnavailable, "file.unwritable", file.string() + ": " + failure.message()})
             : ok();
}

}  // namespace

Result<BackupManifest> restore_backup(const fs::path& folder, const BackupPlaces& places, Time now) {
  HUTONG_TRY(auto manifest, check_backup(folder));
  const bool to_sqlite = places.database_url.starts_with(kSqlitePrefix);
  if (to_sqlite != (manifest.database == storage::DatabaseKind::kSqlite)) {
    return Error{Errc::kPolicy, "restore.kind", "the backup is of the other kind of database"};
  }
  if (holds_anything(places.key_folder)) {
    return Error{Errc::kConflict, "restore.exists", places.key_folder.string() + " holds keys"};
  }
  if (to_sqlite) {
    const fs::path file = places.database_url.substr(kSqlitePrefix.size());
    if (fs::exists(file)) {
      return Error{Errc::kConflict, "restore.exists", file.string() + " exists"};
    }
    HUTONG_CHECK(put_back_database(folder, file));
  }
  HUTONG_CHECK(put_back_keys(manifest, folder, places.key_folder));
  HUTONG_TRY(auto database, storage::Database::open(places.database_url));
  HUTONG_CHECK(check_chain(database, manifest.audit));
  const audit::Event event{.time = now,
                           .action = "backup.restored",
                           .object_kind = "backup",
                           .object_id = to_rfc3339(manifest.made_at),
                           .detail = net::to_text({{"list_numbers_raised_by", kListNumberGap}})};
  const Status raised = storage::in_transaction(database, [&](storage::Transaction& transaction) -> Status {
    HUTONG_CHECK(transaction.execute(kJump, kListNumberGap));
    return audit::append(transaction, event);
  });
  HUTONG_CHECK(raised);
  return manifest;
}

}  // namespace hutong::ca
