#include "kmc/maintenance/backup.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include "audit/audit_log.h"
#include "base/encoding.h"
#include "base/file.h"
#include "crypto/sm3.h"
#include "kmc/centre.h"
#include "net/json.h"

namespace hutong::kmc {
namespace {

namespace fs = std::filesystem;
using net::Json;

constexpr std::string_view kManifest = "manifest.json";
constexpr std::string_view kDatabase = "kmc.db";
constexpr std::string_view kKeys = "keys";
constexpr std::string_view kSqlite = "sqlite:";
constexpr std::size_t kMostBackedUpKeyFile = 64 * 1024;
constexpr std::size_t kMostManifest = 1 << 20;
constexpr std::size_t kMostFiles = 1'000;

Error malformed(std::string detail) { return {Errc::kMalformed, "backup.manifest", std::move(detail)}; }

std::optional<fs::path> sqlite_file(const Config& config) {
  return config.database.starts_with(kSqlite)
             ? std::optional(fs::path(config.database.substr(kSqlite.size())))
             : std::nullopt;
}

Result<std::string> sm3_of(const fs::path& file) {
  HUTONG_TRY(const auto mapped, MappedFile::open(file));
  return to_hex(crypto::sm3(mapped.view()));
}

Status make_folder(const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (!failure) {
    fs::permissions(folder, fs::perms::owner_all, failure);
  }
  return failure
             ? Status(Error{Errc::kUnavailable, "backup.folder", folder.string() + ": " + failure.message()})
             : ok();
}

/// The key files of a folder, by name.
std::vector<std::string> key_files(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    if (entry.is_regular_file() && entry.path().extension() == ".key") {
      names.push_back(entry.path().filename().string());
    }
  }
  std::ranges::sort(names);
  return names;
}

Status copy_private(const fs::path& from, const fs::path& to) {
  HUTONG_TRY(const Bytes content, read_file(from, kMostBackedUpKeyFile));
  return write_file(to, content, FileMode::kPrivate);
}

/// A file of a back-up as its manifest names it: "kmc.db" or "keys/LABEL.key", nothing else.
bool is_backup_name(const std::string& name) {
  const fs::path path(name);
  return name == kDatabase || (path.parent_path() == kKeys && path.extension() == ".key" &&
                               path.filename().string().find("..") == std::string::npos);
}

Result<Json> read_manifest(const fs::path& folder) {
  HUTONG_TRY(const Bytes text, read_file(folder / kManifest, kMostManifest));
  HUTONG_TRY(auto manifest, net::parse_json(as_text(text)));
  const bool good = manifest.is_object() && manifest.contains("files") && manifest["files"].is_array() &&
                    manifest["files"].size() <= kMostFiles && manifest.contains("audit_head") &&
                    manifest["audit_head"].is_object();
  return good ? Result<Json>(std::move(manifest)) : malformed("no list of files");
}

/// The files of the manifest, each as it was written.
Result<std::vector<std::string>> checked_files(const Json& manifest, const fs::path& folder) {
  std::vector<std::string> names;
  for (const Json& file : manifest["files"]) {
    if (!file.is_object() || !file.contains("name") || !file["name"].is_string() || !file.contains("sm3") ||
        !file["sm3"].is_string() || !is_backup_name(file["name"].get<std::string>())) {
      return malformed("a file without name and sm3, or with an odd name");
    }
    const auto name = file["name"].get<std::string>();
    HUTONG_TRY(const auto found, sm3_of(folder / name));
    if (found != file["sm3"].get<std::string>()) {
      return Error{Errc::kMalformed, "backup.altered", name + " is not what the manifest says"};
    }
    names.push_back(name);
  }
  return names;
}

Result<audit::Head> head_of(const Json& manifest) {
  const Json& head = manifest["audit_head"];
  if (!head.contains("sequence") || !head["sequence"].is_number_integer() || !head.contains("hash") ||
      !head["hash"].is_string()) {
    return malformed("no head of the audit chain");
  }
  audit::Head out{.sequence = head["sequence"].get<std::int64_t>()};
  HUTONG_TRY(const Bytes hash, from_hex(head["hash"].get<std::string>()));
  if (hash.size() != out.hash.size()) {
    return malformed("an odd hash");
  }
  std::ranges::copy(hash, out.hash.begin());
  return out;
}

Status check_vacant(const Config& config) {
  const auto file = sqlite_file(config);
  if ((file && fs::exists(*file)) || !key_files(config.key_folder).empty()) {
    return Error{Errc::kConflict, "backup.occupied", "a database or keys are there already; move them away"};
  }
  return ok();
}

}  // namespace

Result<BackupReport> back_up(const Config& config, const fs::path& folder, const Clock& clock) {
  if (fs::exists(folder / kManifest)) {
    return Error{Errc::kConflict, "backup.exists", folder.string() + " holds a back-up already"};
  }
  HUTONG_CHECK(make_folder(folder));
  HUTONG_CHECK(make_folder(folder / kKeys));
  HUTONG_TRY(auto database, open_database(config, clock));
  HUTONG_CHECK(storage::in_transaction(database, [&](storage::Transaction& transaction) {
    return audit::append(transaction, {.time = clock.now(),
                                       .action = "centre.backed_up",
                                       .object_kind = "centre",
                                       .object_id = folder.filename().string()});
  }));
  BackupReport report{.files = {}, .with_database = sqlite_file(config).has_value()};
  audit::Head head;
  {
    HUTONG_TRY(storage::Reader reader, database.read());
    HUTONG_TRY(head, audit::head(reader));
  }
  if (report.with_database) {
    HUTONG_CHECK(database.backup_to(folder / kDatabase));
    report.files.emplace_back(kDatabase);
  }
  for (const std::string& name : key_files(config.key_folder)) {
    HUTONG_CHECK(copy_private(config.key_folder / name, folder / kKeys / name));
    report.files.push_back(std::string(kKeys) + "/" + name);
  }
  Json files = Json::array();
  for (const std::string& name : report.files) {
    HUTONG_TRY(auto digest, sm3_of(folder / name));
    files.push_back({{"name", name}, {"size", fs::file_size(folder / name)}, {"sm3", std::move(digest)}});
  }
  const Json manifest{{"program", "hutong-kmc"},
                      {"made_at", to_rfc3339(clock.now())},
                      {"audit_head", {{"sequence", head.sequence}, {"hash", to_hex(head.hash)}}},
                      {"files", std::move(files)}};
  HUTONG_CHECK(write_file(folder / kManifest, as_bytes(net::to_text(manifest)), FileMode::kPrivate));
  return report;
}

Result<BackupReport> restore(const Config& config, const fs::path& folder, const Clock& clock) {
  HUTONG_TRY(const Json manifest, read_manifest(folder));
  HUTONG_TRY(const auto head, head_of(manifest));
  HUTONG_TRY(const auto names, checked_files(manifest, folder));
  HUTONG_CHECK(check_vacant(config));
  HUTONG_CHECK(make_folder(config.key_folder));
  const auto database_file = sqlite_file(config);
  BackupReport report{.files = names, .with_database = false};
  for (const std::string& name : names) {
    if (name != kDatabase) {
      HUTONG_CHECK(copy_private(folder / name, config.key_folder / fs::path(name).filename()));
    } else if (database_file) {
      HUTONG_TRY(const auto content, MappedFile::open(folder / name));
      HUTONG_CHECK(write_file(*database_file, content.view(), FileMode::kPrivate));
      report.with_database = true;
    }
  }
  HUTONG_TRY(const auto database, open_database(config, clock));
  HUTONG_TRY(storage::Reader reader, database.read());
  HUTONG_TRY(const auto chain, audit::verify_chain(reader, head));
  if (!chain.whole()) {
    return Error{Errc::kMalformed, "backup.altered", "the audit chain is not the one that was backed up"};
  }
  return report;
}

}  // namespace hutong::kmc
